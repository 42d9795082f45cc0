"""Those put away, in the order of the list."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0022_merging'),
        ('staff', '0004_profile'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('archived_at__isnull', False)), fields=['-last_activity_at', '-id'], name='c_archived'),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0025_merges_by_time'),
        ('matching', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lesson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('levels', models.JSONField()),
                ('merge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.merge')),
            ],
        ),
        migrations.AddIndex(
            model_name='verdict',
            index=models.Index(fields=['-said_at', '-id'], name='verdict_recent'),
        ),
    ]

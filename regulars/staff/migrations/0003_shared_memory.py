"""What all processes must know at once: tries at passwords, used codes, rates."""

from django.db import migrations, models

CREATE = """
CREATE UNLOGGED TABLE staff_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX staff_cache_expires ON staff_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_roles")]
    operations = [
        migrations.CreateModel(
            name="SignInTries",
            fields=[
                ("key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField(default=0)),
                ("since", models.DateTimeField()),
                ("last_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunSQL(CREATE, "DROP TABLE staff_cache"),
    ]

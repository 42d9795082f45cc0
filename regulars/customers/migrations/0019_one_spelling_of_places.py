"""Places that are there get the one spelling by which two of them are known to be the same."""

import pgtrigger
from django.db import migrations

from regulars.lib.addresses import Address, normal

BATCH = 2_000
LINES = ("line1", "line2", "city", "state", "postal_code", "country")


def fill(apps, schema_editor):
    Location = apps.get_model("customers", "Location")
    rows = Location.objects.filter(normal="").order_by("pk")
    after = 0
    # Nobody edits anything: history keeps what people wrote, not how we compare it.
    with pgtrigger.ignore("customers.Location:update_update"):
        while True:
            batch = list(rows.filter(pk__gt=after)[:BATCH])
            if not batch:
                return
            for row in batch:
                row.normal = normal(Address(**{line: getattr(row, line) for line in LINES}))
            Location.objects.bulk_update([row for row in batch if row.normal], ["normal"])
            after = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("customers", "0018_households")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]

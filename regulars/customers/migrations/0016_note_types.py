"""The kinds of notes every company starts with; Settings › Notes changes them."""

from django.db import migrations

NAMES = ("General", "Call", "Meeting", "Visit", "Trade-in", "Finance", "Complaint", "Personal")


def seed(apps, schema_editor):
    NoteType = apps.get_model("customers", "NoteType")
    NoteType.objects.bulk_create(NoteType(name=name, position=n) for n, name in enumerate(NAMES))


class Migration(migrations.Migration):
    dependencies = [("customers", "0015_notes")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

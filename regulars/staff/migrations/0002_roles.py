"""The four roles every company starts with, and what each may do until someone changes it."""

from django.db import migrations

HIDDEN, VIEW, EDIT = 0, 1, 2
FUNCTIONS = (
    "customers", "ownership", "imports", "exports", "merge", "erase", "staff", "settings", "tokens"
)
ROLES = [
    ("salesperson", "Salesperson", "team", (EDIT, EDIT, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, EDIT)),
    ("manager", "Manager", "store", (EDIT, EDIT, EDIT, EDIT, EDIT, EDIT, VIEW, VIEW, EDIT)),
    ("marketing", "Marketing", "all", (VIEW, HIDDEN, HIDDEN, VIEW, HIDDEN, HIDDEN, HIDDEN, HIDDEN, EDIT)),
    ("administrator", "Administrator", "all", (EDIT,) * len(FUNCTIONS)),
]


def create_roles(apps, schema_editor):
    Role = apps.get_model("staff", "Role")
    for order, (key, name, sees, levels) in enumerate(ROLES):
        Role.objects.update_or_create(
            key=key,
            defaults={
                "name": name,
                "sees": sees,
                "order": order,
                "rights": dict(zip(FUNCTIONS, levels, strict=True)),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]
    operations = [migrations.RunPython(create_roles, migrations.RunPython.noop)]

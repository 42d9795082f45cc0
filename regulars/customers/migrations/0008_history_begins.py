"""History begins with what is there."""

from django.db import migrations

# What is there when history begins, by nobody.
SNAPSHOT = """
INSERT INTO {history} ({columns}, pgh_obj_id, pgh_created_at, pgh_label)
SELECT {columns}, id, now(), 'snapshot' FROM {table}
"""


def snapshot(apps, schema_editor):
    models = apps.get_app_config("customers").get_models()
    for history in [m for m in models if m.__name__.endswith("History")]:
        model = apps.get_model("customers", history.__name__.removesuffix("History"))
        ours = {f.column for f in history._meta.concrete_fields}
        columns = [f.column for f in model._meta.concrete_fields if f.column in ours]
        schema_editor.execute(
            SNAPSHOT.format(
                history=history._meta.db_table,
                table=model._meta.db_table,
                columns=", ".join(f'"{c}"' for c in columns),
            )
        )


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_history_is_kept")]

    operations = [migrations.RunPython(snapshot, migrations.RunPython.noop, elidable=True)]

"""A household nobody named is called after whom the reader may see, not after all who live there."""

from django.db import migrations

# “Castellanos and Moss household”: nothing but last names of people who lived there.
MADE = """
UPDATE {table} h SET name = '' WHERE h.name = 'Household' OR (
  h.name LIKE '%% household' AND NOT EXISTS (
    SELECT FROM unnest(string_to_array(left(h.name, -10), ' and ')) AS word
    WHERE NOT EXISTS (
      SELECT FROM customers_customerhistory c WHERE c.household_id = h.{key} AND c.last_name = word
    )
  )
)
"""


def forget(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers_household DISABLE TRIGGER USER")
        cursor.execute(MADE.format(table="customers_household", key="id"), [])
        cursor.execute("ALTER TABLE customers_household ENABLE TRIGGER USER")
        cursor.execute(MADE.format(table="customers_householdhistory", key="pgh_obj_id"), [])


class Migration(migrations.Migration):

    dependencies = [("customers", "0025_merges_by_time")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]

"""Exactly one primary contact and location, checked at commit; and the two first groups."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION customers_exactly_one_primary() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found bigint;
  owner_of_row bigint;
BEGIN
  FOREACH owner_of_row IN ARRAY ARRAY[
    CASE WHEN TG_OP <> 'INSERT' THEN OLD.customer_id END,
    CASE WHEN TG_OP <> 'DELETE' THEN NEW.customer_id END
  ] LOOP
    EXECUTE format(
      'SELECT 1 FROM %%I WHERE customer_id = $1 '
      'HAVING count(*) > 0 AND count(*) FILTER (WHERE is_primary) <> 1', TG_TABLE_NAME)
      INTO found USING owner_of_row;
    IF found IS NOT NULL THEN
      RAISE EXCEPTION '%% of customer %% must have exactly one primary', TG_TABLE_NAME, owner_of_row
        USING ERRCODE = 'check_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$
""".replace("%%", "%")

TRIGGER = """
CREATE CONSTRAINT TRIGGER exactly_one_primary
AFTER INSERT OR DELETE OR UPDATE OF is_primary, customer_id ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION customers_exactly_one_primary()
"""
TABLES = ["customers_contact", "customers_location"]


def first_groups(apps, schema_editor):
    Group = apps.get_model("customers", "Group")
    Group.objects.get_or_create(name="Standard", defaults={"is_default": True})
    Group.objects.get_or_create(name="Business")


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION customers_exactly_one_primary()"),
        *[
            migrations.RunSQL(
                TRIGGER.format(table=table), f"DROP TRIGGER exactly_one_primary ON {table}"
            )
            for table in TABLES
        ],
        migrations.RunPython(first_groups, migrations.RunPython.noop, elidable=False),
    ]

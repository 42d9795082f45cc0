"""Whoever changes a customer, the audiences hear of it; members carry the list's order, and are
counted."""

from django.db import migrations

# A statement at a time, and nothing at all while there is no audience.
NOTICE = """
CREATE FUNCTION audiences_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM audiences_audience) THEN
    INSERT INTO audiences_changed (customer) SELECT id FROM changed;
  END IF;
  RETURN NULL;
END $$
"""
ADDED = """
CREATE TRIGGER audiences_added AFTER INSERT ON customers_customer
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION audiences_notice()
"""
CHANGED = """
CREATE TRIGGER audiences_changed AFTER UPDATE ON customers_customer
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION audiences_notice()
"""
CARRIES = """
CREATE TRIGGER carries_activity BEFORE INSERT OR UPDATE OF customer_id ON audiences_member
FOR EACH ROW EXECUTE FUNCTION customers_carries_activity()
"""
COUNT = """
CREATE FUNCTION audiences_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE audiences_audience a
  SET size = size + CASE WHEN TG_OP = 'INSERT' THEN n ELSE -n END
  FROM (SELECT audience_id, count(*) AS n FROM moved GROUP BY audience_id) m
  WHERE a.id = m.audience_id;
  RETURN NULL;
END $$
"""
COME = """
CREATE TRIGGER come AFTER INSERT ON audiences_member
REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION audiences_count()
"""
GONE = """
CREATE TRIGGER gone AFTER DELETE ON audiences_member
REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION audiences_count()
"""


class Migration(migrations.Migration):
    dependencies = [("audiences", "0001_initial"), ("customers", "0021_ordered_links")]
    operations = [
        migrations.RunSQL(NOTICE, "DROP FUNCTION audiences_notice()"),
        migrations.RunSQL(ADDED, "DROP TRIGGER audiences_added ON customers_customer"),
        migrations.RunSQL(CHANGED, "DROP TRIGGER audiences_changed ON customers_customer"),
        migrations.RunSQL(CARRIES, "DROP TRIGGER carries_activity ON audiences_member"),
        migrations.RunSQL(COUNT, "DROP FUNCTION audiences_count()"),
        migrations.RunSQL(COME, "DROP TRIGGER come ON audiences_member"),
        migrations.RunSQL(GONE, "DROP TRIGGER gone ON audiences_member"),
    ]

"""Who goes to another team takes their customers out of the audiences of the one and into those of
the other."""

from django.db import migrations

NOTICE = """
CREATE FUNCTION audiences_team_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM audiences_audience) THEN
    INSERT INTO audiences_changed (customer)
    SELECT id FROM customers_customer WHERE owner_id = NEW.id ORDER BY id;
  END IF;
  RETURN NULL;
END $$
"""
MOVED = """
CREATE TRIGGER audiences_team_moved AFTER UPDATE OF team_id ON staff_user
FOR EACH ROW WHEN (OLD.team_id IS DISTINCT FROM NEW.team_id)
EXECUTE FUNCTION audiences_team_notice()
"""


class Migration(migrations.Migration):
    dependencies = [("audiences", "0003_views_keep_their_columns")]
    operations = [
        migrations.RunSQL(NOTICE, "DROP FUNCTION audiences_team_notice()"),
        migrations.RunSQL(MOVED, "DROP TRIGGER audiences_team_moved ON staff_user"),
    ]

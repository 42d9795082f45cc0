"""The customers of a tag in the order of the list; and what fills such a table in."""

import pgtrigger.compiler
import pgtrigger.migrations
import regulars.lib.clock
from django.conf import settings
from django.db import migrations, models


# A row takes the customer's latest activity, whoever writes it. The lock makes it wait for an event
# that is being recorded, which would not see this row and leave it behind.
FUNCTION = """
CREATE FUNCTION customers_carries_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT last_activity_at INTO NEW.last_activity_at FROM customers_customer
  WHERE id = NEW.customer_id FOR NO KEY UPDATE;
  RETURN NEW;
END $$
"""

TRIGGER = """
CREATE TRIGGER carries_activity BEFORE INSERT OR UPDATE OF customer_id ON customers_tagging
FOR EACH ROW EXECUTE FUNCTION customers_carries_activity()
"""

FILL = """
UPDATE customers_tagging t SET last_activity_at = c.last_activity_at FROM customers_customer c
WHERE c.id = t.customer_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0020_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='tagging',
            name='update_update',
        ),
        migrations.RemoveIndex(
            model_name='tagging',
            name='tag_customers',
        ),
        migrations.AddField(
            model_name='tagging',
            name='last_activity_at',
            field=models.DateTimeField(default=regulars.lib.clock.now, editable=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION customers_carries_activity()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER carries_activity ON customers_tagging"),
        migrations.AddIndex(
            model_name='tagging',
            index=models.Index(fields=['tag', '-last_activity_at', '-customer'], name='tag_recent'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tagging',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."tag_id" IS DISTINCT FROM (NEW."tag_id"))', func='INSERT INTO "customers_tagginghistory" ("added_at", "added_by_id", "customer_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tag_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."customer_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."tag_id"); RETURN NULL;', hash='a3e86adf2eabe28a4ff5bcbce68d60016b5b6610', ignore_func_name='_pgtrigger_should_ignore', operation='UPDATE', pgid='pgtrigger_update_update_3a638', table='customers_tagging', when='AFTER')),
        ),
    ]

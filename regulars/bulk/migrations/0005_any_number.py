"""Any number at once: why some were passed over is counted, and the undo finds who is left."""

from django.db import migrations, models

COUNT = """
UPDATE bulk_receipt r SET passed = l.reasons
FROM (
  SELECT receipt_id, jsonb_object_agg(reason, n) AS reasons
  FROM (
    SELECT receipt_id, reason, count(*) AS n FROM bulk_line
    WHERE outcome = 'skipped' GROUP BY receipt_id, reason
  ) counted
  GROUP BY receipt_id
) l
WHERE l.receipt_id = r.id
"""


class Migration(migrations.Migration):
    dependencies = [("bulk", "0004_stays")]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="passed",
            field=models.JSONField(default=dict),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("outcome__in", ["changed", "added"])),
                fields=["receipt", "undone", "customer", "whom"],
                name="line_wrote",
            ),
        ),
    ]

"""Who stayed after an undo may be removed later, too: how many there are."""

from django.db import migrations, models

COUNT = """
UPDATE bulk_receipt r SET stays = l.n
FROM (SELECT receipt_id, count(*) AS n FROM bulk_line WHERE undone = 'stays' GROUP BY receipt_id) l
WHERE l.receipt_id = r.id
"""


class Migration(migrations.Migration):
    dependencies = [("bulk", "0003_merged")]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="stays",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]

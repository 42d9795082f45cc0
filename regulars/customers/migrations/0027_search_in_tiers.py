"""Search among many: the postings of those lately active once more, and words by their pieces."""

import django.db.models.deletion
from django.db import migrations, models

# Whoever comes from before takes their postings along, whatever wrote it: an event, a merge, a
# rebuilding. One look for each statement, and for each of those only.
FUNCTION = """
CREATE FUNCTION customers_become_hot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz;
  known timestamptz;
BEGIN
  SELECT kept, trusted INTO since, known FROM customers_hotfrom LIMIT 1;
  IF FOUND THEN
    INSERT INTO customers_hotterm (customer_id, term)
    SELECT a.id, s.term FROM after_it a JOIN before_it b ON b.id = a.id,
      LATERAL (SELECT term FROM customers_searchterm WHERE customer_id = a.id OFFSET 0) s
    WHERE a.last_activity_at >= since
      AND (known IS NULL OR b.last_activity_at < known)
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$
"""

TRIGGER = """
CREATE TRIGGER become_hot AFTER UPDATE ON customers_customer
REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
FOR EACH STATEMENT EXECUTE FUNCTION customers_become_hot()
"""

SPELL = """
INSERT INTO customers_spelling (piece, word)
SELECT p.piece, w.word FROM (
  SELECT DISTINCT split_part(substr(term, 2), ' ', 1) AS word FROM customers_searchterm
  WHERE term >= 'n' AND term < 'o'
) w, LATERAL (
  SELECT w.word UNION
  SELECT overlay(w.word PLACING '' FROM n FOR 1) FROM generate_series(1, length(w.word)) n
) p(piece) WHERE length(w.word) BETWEEN 4 AND 40
"""


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0026_households_without_a_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='HotFrom',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept', models.DateTimeField()),
                ('trusted', models.DateTimeField(null=True)),
                ('customers', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Spelling',
            fields=[
                ('pk', models.CompositePrimaryKey('piece', 'word', blank=True, editable=False, primary_key=True, serialize=False)),
                ('piece', models.CharField(db_collation='C', max_length=40)),
                ('word', models.CharField(db_collation='C', max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='HotTerm',
            fields=[
                ('pk', models.CompositePrimaryKey('customer_id', 'term', blank=True, editable=False, primary_key=True, serialize=False)),
                ('term', models.CharField(db_collation='C', max_length=260)),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['term', 'customer'], name='hot_term_customer')],
            },
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION customers_become_hot()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER become_hot ON customers_customer"),
        migrations.RunSQL(SPELL, migrations.RunSQL.noop),
    ]

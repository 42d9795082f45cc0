"""What was agreed to before evidence was kept becomes evidence of its own, as far as it goes."""

from django.db import migrations

EMAILS = """
INSERT INTO customers_consentrecord (customer_id, channel, address, kind, basis, basis_note,
  wording, method, place, happened_at, recorded_at)
SELECT e.customer_id, 'email', e.normal, e.consent,
  CASE WHEN e.consent = 'implied' AND e.consent_basis <> '' THEN 'other' ELSE '' END,
  CASE WHEN e.consent = 'implied' THEN e.consent_basis ELSE '' END,
  '', '', '', coalesce(e.consent_at, c.created_at), now()
FROM customers_email e JOIN customers_customer c ON c.id = e.customer_id
WHERE e.consent <> 'unknown' ORDER BY e.id
"""

PHONES = """
INSERT INTO customers_consentrecord (customer_id, channel, address, kind, basis, basis_note,
  wording, method, place, happened_at, recorded_at)
SELECT p.customer_id, '{channel}', p.digits, p.{channel}_consent, '', '', '', '', '',
  coalesce(p.{channel}_consent_at, c.created_at), now()
FROM customers_phone p JOIN customers_customer c ON c.id = p.customer_id
WHERE p.{channel}_consent <> 'unknown' ORDER BY p.id
"""

# What stands follows from the evidence, for an address that a customer has twice too.
SETTLE = """
UPDATE customers_{table} r SET {prefix}consent = w.kind, {prefix}consent_at = w.happened_at {more}
FROM (
  SELECT DISTINCT ON (customer_id, address) * FROM customers_consentrecord
  WHERE channel = '{channel}'
  ORDER BY customer_id, address, happened_at DESC, (kind = 'withdrawn') DESC, id DESC
) w
WHERE w.customer_id = r.customer_id AND w.address = r.{address}
  AND (r.{prefix}consent, r.{prefix}consent_at) IS DISTINCT FROM (w.kind, w.happened_at)
"""


def evidence(apps, schema_editor):
    schema_editor.execute(EMAILS)
    for channel in ("call", "text"):
        schema_editor.execute(PHONES.format(channel=channel))
    schema_editor.execute(
        SETTLE.format(
            table="email", prefix="", channel="email", address="normal",
            more=", consent_basis = w.basis_note",
        )
    )
    for channel in ("call", "text"):
        schema_editor.execute(
            SETTLE.format(
                table="phone", prefix=f"{channel}_", channel=channel, address="digits", more=""
            )
        )


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_consent_with_evidence")]

    operations = [migrations.RunPython(evidence, migrations.RunPython.noop, elidable=True)]

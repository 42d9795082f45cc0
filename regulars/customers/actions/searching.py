"""What search keeps beside the postings, put right by night: those lately active, and words."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from regulars.customers import estimate, search
from regulars.customers.models import Customer, HotFrom, HotTerm

MANY = 50_000  # with fewer, whoever is looked for is met soon along the list's own order
SHARE = 0.06
BATCH = 2_000

# From the oldest to the newest, so that whoever moves meanwhile is met again.
FILL = """
WITH these AS (
  SELECT id, last_activity_at FROM customers_customer
  WHERE (last_activity_at, id) >= (%(at)s, %(id)s)
  ORDER BY last_activity_at, id LIMIT %(batch)s
), filled AS (
  INSERT INTO customers_hotterm (customer_id, term)
  SELECT s.customer_id, s.term FROM these c,
    LATERAL (SELECT * FROM customers_searchterm WHERE customer_id = c.id OFFSET 0) s
  ON CONFLICT DO NOTHING
)
SELECT last_activity_at, id + 1 FROM these ORDER BY last_activity_at DESC, id DESC LIMIT 1
"""

COOLED = """
SELECT DISTINCT h.customer_id FROM customers_hotterm h JOIN customers_customer c
ON c.id = h.customer_id WHERE c.last_activity_at < %s ORDER BY 1
"""

# Locked first: an event recorded meanwhile brings them back after they are gone.
COOL = """
WITH held AS MATERIALIZED (
  SELECT id FROM customers_customer WHERE id = ANY(%(ids)s) AND last_activity_at < %(since)s
  ORDER BY id FOR NO KEY UPDATE
)
DELETE FROM customers_hotterm h USING held WHERE h.customer_id = held.id
"""


# What was written past us, as a restored backup is, and what nobody is called any more.
LEARN = """
INSERT INTO customers_spelling (piece, word)
SELECT p.piece, w.word FROM (
  SELECT DISTINCT split_part(substr(term, 2), ' ', 1) AS word FROM customers_searchterm
  WHERE term >= 'n' AND term < 'o'
) w, {pieces} p(piece)
WHERE length(w.word) BETWEEN %(shortest)s AND %(longest)s ON CONFLICT DO NOTHING
"""

UNLEARN = """
DELETE FROM customers_spelling s USING (
  SELECT word FROM customers_spelling w WHERE w.piece = w.word AND NOT EXISTS (
    SELECT FROM customers_searchterm t WHERE t.term >= 'n' || word AND t.term < 'n' || word || '!'
  )
) u WHERE s.word = u.word
"""


def keep_spelling() -> None:
    """Every word of a name can be found misspelt, and no other."""
    shortest, longest = search.SPELLED
    with connection.cursor() as cursor:
        cursor.execute(
            LEARN.replace("{pieces}", search.PIECES), {"shortest": shortest, "longest": longest}
        )
        cursor.execute(UNLEARN)


def keep_hot() -> None:
    """Those with the latest activity, a sixteenth of all, are all in the hot postings."""
    count = int(estimate.rows_of(Customer) * SHARE)
    rows = Customer.objects.get_queryset().order_by("-last_activity_at", "-pk")
    since = rows.values_list("last_activity_at", flat=True)[count:][:1].first()
    if count < MANY * SHARE or since is None:
        HotFrom.objects.all().delete()
        HotTerm.objects.all().delete()
        return
    line = _draw(since)
    _fill(since)
    line.kept = line.trusted = since
    line.customers = count
    line.save()
    _cool(since)


def _draw(since: datetime) -> HotFrom:
    """From now on whoever is active is written down; what is relied on stays."""
    line = HotFrom.objects.first() or HotFrom(kept=since)
    line.kept = min(line.kept, since)
    line.save()
    return line


def _fill(since: datetime) -> None:
    at, pk = since, 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(FILL, {"at": at, "id": pk, "batch": BATCH})
            row = cursor.fetchone()
            if row is None:
                return
            at, pk = row


def _cool(since: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COOLED, [since])
        ids = [pk for (pk,) in cursor.fetchall()]
        for low in range(0, len(ids), BATCH):
            with transaction.atomic():
                cursor.execute(COOL, {"ids": ids[low : low + BATCH], "since": since})

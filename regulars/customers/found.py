"""What was typed into the search box, as ranges of the postings."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet

from regulars.lib import names

from .models import SearchTerm
from .search import MIN_DIGITS

FEW = 1_000
MIN_DOMAIN = 4


def ranges(q: str) -> list[tuple[str, str]]:
    """Half-open ranges of terms in the postings' byte order."""
    text = q.strip()[:200]
    beginnings = []
    digits = "".join(str(int(c)) for c in text if c.isdecimal())
    if len(digits) >= MIN_DIGITS and not any(c.isalpha() for c in text):
        digits = digits.removeprefix("00") if text.startswith("00") else digits
        beginnings += ["p" + digits, "r" + digits[::-1]]
    folded = names.fold(text)
    if folded and any(c.isalpha() for c in folded):
        beginnings.append("n" + folded)
    lowered = text.lower()
    if " " not in lowered and any(c.isalpha() for c in lowered):
        beginnings.append(lowered if lowered.startswith("@") else "e" + lowered)
        if len(lowered) >= MIN_DOMAIN and "@" not in lowered:
            beginnings.append("@" + lowered)
    return [(b, b + "\U0010ffff") for b in beginnings if "\x00" not in b and len(b) > 1]


def by(q: str) -> set[int] | None:
    """The customers these words find, or None when there are more than a thousand."""
    parts = [_within(low, high)[: FEW + 1] for low, high in ranges(q)]
    if not parts:
        return set()
    ids = parts[0].union(*parts[1:], all=True)[: FEW + 1] if len(parts) > 1 else parts[0]
    found = list(ids)
    return set(found) if len(found) <= FEW else None


# The lateral LIMIT keeps the planner to one look-up per customer: asked as a join or an IN, it
# reads the whole range of a dense beginning instead. One look-up serves all ranges: between the
# lowest and the highest stand only a few terms of one customer. In order, it stops at the last
# that is wanted.
AMONG = """
SELECT c.id FROM unnest(%s::bigint[]) WITH ORDINALITY AS c(id, n), LATERAL (
  SELECT FROM customers_searchterm s
  WHERE s.customer_id = c.id AND s.term >= %s AND s.term < %s AND ({any})
  ORDER BY s.customer_id, s.term LIMIT 1
) s ORDER BY c.n LIMIT %s
"""


def among(customers: Sequence[int], q: str, *, most: int) -> set[int]:
    """The first `most` of these customers that the words find: a look-up in the key for each."""
    asked = ranges(q)
    if not customers or not asked:
        return set()
    any_of = " OR ".join(["s.term >= %s AND s.term < %s"] * len(asked))
    lowest, highest = min(low for low, _ in asked), max(high for _, high in asked)
    bounds = [bound for within in asked for bound in within]
    with connection.cursor() as cursor:
        cursor.execute(AMONG.format(any=any_of), [list(customers), lowest, highest, *bounds, most])
        return {pk for (pk,) in cursor.fetchall()}


def _within(low: str, high: str) -> QuerySet[SearchTerm, int]:
    return SearchTerm.objects.filter(term__gte=low, term__lt=high).values_list(
        "customer_id", flat=True
    )

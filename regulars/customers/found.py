"""What was typed into the search box, as ranges of the postings; and whom these find.

How many a word finds decides where it is looked up: all postings when it is rare, those of the
lately active when it is not, and when it is common even there, the list itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isqrt
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from regulars.lib import names
from regulars.lib.cursors import decode, encode

from .models import SearchTerm
from .search import MIN_DIGITS

FEW = 1_000  # found by everybody: all of them are looked at
HOT = 2_500  # ... of the lately active
DEAR = 50  # twenty hits, met along a list, whose rows cost two and a half times a posting
COLD = 1_600  # postings read at a time for what lies further back
MIN_DOMAIN = 4
END = "\U0010ffff"

Ranges = Sequence[tuple[str, str]]


def ranges(q: str) -> Ranges:
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
    if " " not in lowered and len(lowered) > 1 and any(c.isalpha() for c in lowered):
        beginnings.append(lowered if lowered.startswith("@") else "e" + lowered)
        if len(lowered) >= MIN_DOMAIN and "@" not in lowered:
            beginnings.append("@" + lowered)
    return [(b, b + END) for b in beginnings if "\x00" not in b and len(b) > 1]


def by_name(folded: Iterable[str]) -> Ranges:
    """Ranges of names only."""
    return [("n" + name, "n" + name + END) for name in folded]


@dataclass(frozen=True)
class Looked:
    """Row ids, wherever these were few enough.

    `few` is everybody; `hot` all of those active since `since`, and perhaps others. `spelled` are
    words of names with a piece in common with what was asked.
    """

    few: Sequence[int] | None
    hot: Sequence[int] | None = None
    since: datetime | None = None
    spelled: Sequence[str] = ()


# One look: what is not needed is not read.
LOOK = """
WITH few AS MATERIALIZED ({few}), n AS MATERIALIZED (SELECT count(*) AS n FROM few)
SELECT CASE WHEN n.n <= %(few)s THEN ARRAY(SELECT customer_id FROM few) END,
  CASE WHEN n.n > %(few)s AND f.trusted IS NOT NULL THEN ARRAY({hot}) END, f.trusted, f.customers,
  CASE WHEN n.n <= %(few)s THEN ARRAY(
    SELECT DISTINCT word FROM customers_spelling WHERE piece = ANY(%(pieces)s) LIMIT 200
  ) END
FROM n LEFT JOIN customers_hotfrom f ON true
"""
WITHIN = """(
  SELECT customer_id FROM {table} WHERE term >= %(low{n})s AND term < %(high{n})s
  ORDER BY term, customer_id LIMIT {most}
)"""


def look(asked: Ranges, pieces: Sequence[str] = ()) -> Looked:
    """Whom these ranges find. One statement."""
    if not asked:
        return Looked(few=[])
    given: dict[str, Any] = {"few": FEW, "pieces": list(pieces)}
    for n, (low, high) in enumerate(asked):
        given |= {f"low{n}": low, f"high{n}": high}
    few = _within("customers_searchterm", asked, FEW)
    hot = _within("customers_hotterm", asked, HOT)
    with connection.cursor() as cursor:
        cursor.execute(LOOK.format(few=few, hot=hot), given)
        found, near, since, customers, spelled = cursor.fetchone()
    if near is not None and len(near) > min(HOT, isqrt(DEAR * customers)):
        near = None  # so common that the list itself is shorter to read
    few_ids = None if found is None else sorted(set(found))
    return Looked(few_ids, near and sorted(set(near)), since, spelled or ())


def _within(table: str, asked: Ranges, most: int) -> str:
    each = [WITHIN.format(table=table, n=n, most=most + 1) for n in range(len(asked))]
    return f"SELECT customer_id FROM ({' UNION ALL '.join(each)}) r LIMIT {most + 1}"  # noqa: S608


def condition(asked: Ranges) -> Q:
    """That one of the ranges finds the customer: a look into the key for each."""
    own, theirs = _key(F("customer"), F("term")), OuterRef("pk")
    each = [
        Exists(
            SearchTerm.objects.filter(
                GreaterThanOrEqual(own, _key(theirs, Value(low))),
                LessThan(own, _key(theirs, Value(high))),
                customer=theirs,
            )
        )
        for low, high in asked
    ]
    return Q(*each, _connector=Q.OR)


def _key(customer: Combinable, term: Combinable) -> Func:
    """Both columns compared as one. Said apart, the planner reads the range of terms of everybody,
    again for each customer, in the index that begins with the term.
    """
    return Func(customer, term, function="ROW", output_field=TextField())


@dataclass(frozen=True)
class Place:
    """How far the postings were read for those not active since `since`: up to this posting."""

    since: datetime
    range: int = 0
    term: str = ""
    customer: int = 0

    def cursor(self) -> str:
        return encode("cold", self.since, self.range, self.term, self.customer)


def place(cursor: str) -> Place:
    """Raises `BadCursor`."""
    _, since, number, term, customer = decode(cursor, str, datetime, int, str, int)
    return Place(since, number, term, customer)


# A customer counts where the first of their terms stands.
POSTINGS = """
SELECT p.term, p.customer_id, NOT EXISTS (
  SELECT FROM customers_searchterm s WHERE s.customer_id = p.customer_id AND ({earlier}) OFFSET 0
) FROM (
  SELECT term, customer_id FROM customers_searchterm WHERE term >= %(low)s AND term < %(high)s
    AND (term, customer_id) > (%(term)s, %(customer)s)
  ORDER BY term, customer_id LIMIT %(most)s
) p ORDER BY p.term, p.customer_id
"""


def further(asked: Ranges, at: Place) -> tuple[list[int], Place | None]:
    """The customers of the next postings, each once, and how far that was; None at the end.

    One statement for each range that is read.
    """
    found: list[int] = []
    most = COLD
    for number in range(at.range, len(asked)):
        low, high = asked[number]
        begins = at if number == at.range else Place(at.since, number)
        given: dict[str, Any] = {
            "low": low, "high": high, "term": begins.term, "customer": begins.customer,
            "most": most,
        }  # fmt: skip
        earlier = ["s.term >= %(low)s AND s.term < p.term"]
        for n, (other_low, other_high) in enumerate(asked[:number]):
            earlier.append(f"s.term >= %(low{n})s AND s.term < %(high{n})s")
            given |= {f"low{n}": other_low, f"high{n}": other_high}
        with connection.cursor() as cursor:
            cursor.execute(POSTINGS.format(earlier=" OR ".join(earlier)), given)
            rows = cursor.fetchall()
        found += [customer for _, customer, is_first in rows if is_first]
        most -= len(rows)
        if most <= 0:
            term, customer, _ = rows[-1]
            return found, Place(at.since, number, term, customer)
    return found, None

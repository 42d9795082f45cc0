"""What was typed into the search box, as ranges of the postings."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

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


def condition(q: str) -> Q:
    """That these words find the customer: one look-up in the key serves all ranges.

    Between the lowest and the highest stand only a few terms of one customer.
    """
    asked = ranges(q)
    any_of = Q(*(Q(term__gte=low, term__lt=high) for low, high in asked), _connector=Q.OR)
    lowest, highest = min(low for low, _ in asked), max(high for _, high in asked)
    terms = SearchTerm.objects.filter(
        any_of, customer=OuterRef("pk"), term__gte=lowest, term__lt=highest
    )
    return Q(Exists(terms))


def _within(low: str, high: str) -> QuerySet[SearchTerm, int]:
    return SearchTerm.objects.filter(term__gte=low, term__lt=high).values_list(
        "customer_id", flat=True
    )

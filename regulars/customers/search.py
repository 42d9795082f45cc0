"""What a customer is found by: folded names, emails and digits as prefix terms."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from regulars.lib import copying, names

MIN_DIGITS = 4
TERM_LIMIT = 255

# One statement for any number of customers: what should be there against what is.
REPLACE = """
WITH wanted AS (
  SELECT DISTINCT * FROM unnest(%(customers)s::bigint[], %(terms)s::text[]) AS t(customer_id, term)
), gone AS (
  DELETE FROM customers_searchterm s WHERE s.customer_id = ANY(%(all)s)
    AND NOT EXISTS (SELECT FROM wanted w WHERE (w.customer_id, w.term) = (s.customer_id, s.term))
)
INSERT INTO customers_searchterm (customer_id, term)
SELECT w.customer_id, w.term FROM wanted w ON CONFLICT DO NOTHING
"""


def terms(
    *,
    people: Iterable[tuple[str, str]],
    companies: Iterable[str],
    emails: Iterable[str],
    numbers: Iterable[str],
) -> set[str]:
    """The postings of one customer.

    `n` first last and last first, and each later word on its own, so that *Taquería* finds
    *Antonio Moreno Taquería*; `e` the address and `@` its domain; `p` the digits and `r` the
    digits backwards, for beginnings and endings of four and more.
    """
    found: set[str] = set()
    for first, last in people:
        one, two = names.fold(first), names.fold(last)
        found |= _words(f"{one} {two}".strip()) | _words(f"{two} {one}".strip())
    for company in companies:
        found |= _words(names.fold(company))
    for address in emails:
        found.add("e" + address)
        found.add("@" + address.rpartition("@")[2])
    for digits in numbers:
        if len(digits) >= MIN_DIGITS:
            found |= {"p" + digits, "r" + digits[::-1]}
            if digits.startswith("1") and len(digits) == 11:
                found.add("p" + digits[1:])
    return _without_beginnings({term[:TERM_LIMIT] for term in found if len(term) > 1})


def _without_beginnings(found: set[str]) -> set[str]:
    """A term that begins a longer one is found by it anyway."""
    kept: list[str] = []
    for term in sorted(found, reverse=True):
        if not kept or not kept[-1].startswith(term):
            kept.append(term)
    return set(kept)


def digits_of(typed: str) -> str:
    """The digits as somebody would dial them, without a country code that was not typed."""
    return "".join(c for c in typed if c.isdecimal() and c.isascii())


def _words(folded: str) -> set[str]:
    words = folded.split()
    return {"n" + " ".join(words[n:]) for n in range(len(words))}


def add(found: dict[int, set[str]]) -> None:
    """Write the postings of customers who had none."""
    if len(found) < copying.MANY:
        index(found)
        return
    pairs = ((pk, term) for pk, every in sorted(found.items()) for term in sorted(every))
    copying.copy("customers_searchterm", ("customer_id", "term"), pairs)


def index(found: dict[int, set[str]]) -> None:
    """Make the postings of these customers exactly these."""
    pairs = [(pk, term) for pk, all_terms in sorted(found.items()) for term in sorted(all_terms)]
    with connection.cursor() as cursor:
        cursor.execute(
            REPLACE,
            {
                "customers": [pk for pk, _ in pairs],
                "terms": [term for _, term in pairs],
                "all": sorted(found),
            },
        )

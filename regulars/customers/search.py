"""What a customer is found by: folded names, emails and digits as prefix terms."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from regulars.lib import copying, names

MIN_DIGITS = 4
TERM_LIMIT = 255
SPELLED = (4, 40)  # letters of a word that may be found misspelt

# One statement for any number of customers: what should be there against what is. Words of names
# that nobody else has are forgotten with them.
REPLACE = """
WITH wanted AS (
  SELECT DISTINCT * FROM unnest(%(customers)s::bigint[], %(terms)s::text[]) AS t(customer_id, term)
), gone AS (
  DELETE FROM customers_searchterm s WHERE s.customer_id = ANY(%(all)s)
    AND NOT EXISTS (SELECT FROM wanted w WHERE (w.customer_id, w.term) = (s.customer_id, s.term))
  RETURNING customer_id, term
), cooled AS (
  DELETE FROM customers_hotterm h USING gone g
  WHERE (h.customer_id, h.term) = (g.customer_id, g.term)
), hot AS (
  INSERT INTO customers_hotterm (customer_id, term)
  SELECT w.customer_id, w.term FROM wanted w
  JOIN customers_customer c ON c.id = w.customer_id
  JOIN customers_hotfrom f ON c.last_activity_at >= f.kept ON CONFLICT DO NOTHING
), words AS MATERIALIZED (
  SELECT DISTINCT split_part(substr(term, 2), ' ', 1) AS word FROM wanted WHERE term LIKE 'n%%'
), unknown AS MATERIALIZED (
  SELECT word FROM words WHERE length(word) BETWEEN %(shortest)s AND %(longest)s
    AND NOT EXISTS (
      SELECT FROM customers_spelling s WHERE (s.piece, s.word) = (words.word, words.word)
    )
), spelled AS (
  INSERT INTO customers_spelling (piece, word)
  SELECT p.piece, w.word FROM unknown w, {pieces} p(piece) ON CONFLICT DO NOTHING
), unheard AS MATERIALIZED (
  SELECT word FROM (
    SELECT DISTINCT split_part(substr(term, 2), ' ', 1) AS word FROM gone WHERE term LIKE 'n%%'
  ) g WHERE word NOT IN (SELECT word FROM words) AND NOT EXISTS (
    SELECT FROM customers_searchterm s WHERE s.term >= 'n' || word AND s.term < 'n' || word || '!'
      AND NOT EXISTS (
        SELECT FROM gone g WHERE (g.customer_id, g.term) = (s.customer_id, s.term)
      )
  )
), forgotten AS (
  DELETE FROM customers_spelling s USING unheard w, {pieces} p(piece)
  WHERE (s.piece, s.word) = (p.piece, w.word)
)
INSERT INTO customers_searchterm (customer_id, term)
SELECT w.customer_id, w.term FROM wanted w ON CONFLICT DO NOTHING
"""

# Words of names that nobody had, in one order, so that two who write them wait and do not cross.
LEARN = """
INSERT INTO customers_spelling (piece, word)
SELECT p.piece, w.word FROM (
  SELECT word FROM unnest(%(words)s::text[]) AS t(word) WHERE NOT EXISTS (
    SELECT FROM customers_spelling s WHERE (s.piece, s.word) = (t.word, t.word)
  )
) w, {pieces} p(piece) ORDER BY p.piece, w.word ON CONFLICT DO NOTHING
"""

# The word of `w`, and the word with any one letter left out.
PIECES = """LATERAL (
  SELECT w.word UNION
  SELECT overlay(w.word PLACING '' FROM n FOR 1) FROM generate_series(1, length(w.word)) n
)"""


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
    words = {term[1:].partition(" ")[0] for every in found.values() for term in every
             if term.startswith("n")}  # fmt: skip
    shortest, longest = SPELLED
    wanted = sorted(word for word in words if shortest <= len(word) <= longest)
    with connection.cursor() as cursor:
        cursor.execute(LEARN.replace("{pieces}", PIECES), {"words": wanted})


def index(found: dict[int, set[str]]) -> None:
    """Make the postings of these customers exactly these, and all that follows from postings."""
    pairs = [(pk, term) for pk, all_terms in sorted(found.items()) for term in sorted(all_terms)]
    with connection.cursor() as cursor:
        cursor.execute(
            REPLACE.replace("{pieces}", PIECES),
            {
                "customers": [pk for pk, _ in pairs],
                "terms": [term for _, term in pairs],
                "all": sorted(found),
                "shortest": SPELLED[0],
                "longest": SPELLED[1],
            },
        )

"""Which firm it is: its name, its domain."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from regulars.matching.features import Features

from .comparing import FIRM, Comparison, Level, alike, any_of, equal, meet, missing, otherwise


def _trades(a: Features, b: Features) -> bool:
    """One does business under the name of the other."""
    return a.company in b.trades or b.company in a.trades or meet(a.trades, b.trades)


def _begins(a: Features, b: Features) -> bool:
    one, other = sorted((a.company or "", b.company or ""), key=len)
    return len(one) >= 6 and other.startswith(one)


def _mistyped_firm(a: Features, b: Features) -> bool:
    """A few letters, not a whole word: Noeldner Consulting is not Noeldner Accounting."""
    if alike(a.company, b.company) < FIRM:
        return False
    return Levenshtein.distance(a.company or "", b.company or "", score_cutoff=3) <= 3


COMPANY = Comparison(
    "company",
    *missing("company"),
    (
        Level(
            "same", lambda a, b: equal(a.company, b.company), "company_l = company_r", by="company"
        ),
        Level(
            "words",
            lambda a, b: equal(a.words, b.words) or _trades(a, b),
            "words_l = words_r OR coalesce(list_contains(trades_l, company_r), false) OR "
            "coalesce(list_contains(trades_r, company_l), false) OR "
            "coalesce(list_has_any(trades_l, trades_r), false)",
        ),
        Level(
            "close",
            _mistyped_firm,
            f"jaro_winkler_similarity(company_l, company_r) >= {FIRM} AND "
            "levenshtein(company_l, company_r) <= 3",
        ),
        Level(
            "begins",
            _begins,
            "(length(company_l) >= 6 AND starts_with(company_r, company_l)) OR "
            "(length(company_r) >= 6 AND starts_with(company_l, company_r))",
        ),
        otherwise(),
    ),
)
DOMAIN = Comparison("domain", *missing("domains"), (any_of("domains"), otherwise()))

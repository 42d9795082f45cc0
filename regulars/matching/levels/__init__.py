"""How alike two customers are, field by field: each level as a Python rule and as SQL.

The first level that holds counts. Both engines read these tables, so that a pair is judged the
same while somebody types and by night.
"""

from __future__ import annotations

from regulars.matching.features import Features

from .comparing import ALIKE, FIRM, LIKELY, NEAR, Comparison, alike
from .firm import COMPANY, DOMAIN
from .person import BORN, FIRST, LAST
from .reach import ADDRESS, EMAIL, PHONE

__all__ = [
    "ADDRESS", "ALIKE", "COMPARISONS", "FIRM", "FIRST", "LIKELY", "NEAR", "PEOPLE",
    "Comparison", "alike", "vector",
]  # fmt: skip

PEOPLE = (FIRST, LAST, EMAIL, PHONE, ADDRESS, BORN)
COMPANIES = (COMPANY, DOMAIN, PHONE, ADDRESS)
COMPARISONS = {"p": PEOPLE, "c": COMPANIES}


def vector(kind: str, a: Features, b: Features) -> tuple[int, ...]:
    """The level of each comparison of this kind, −1 where nobody said."""
    return tuple(comparison.level(a, b) for comparison in COMPARISONS[kind])

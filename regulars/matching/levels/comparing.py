"""What a comparison of two customers is made of: levels, each as a Python rule and as SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from regulars.matching.features import Features

Rule = Callable[[Features, Features], bool]
# Of Jaro and Winkler. A little below round numbers, which words of usual lengths hit exactly: there
# each engine rounds in its own way.
NEAR, ALIKE, LIKELY, FIRM = 0.9199, 0.8799, 0.8499, 0.9299


@dataclass(frozen=True)
class Level:
    """`sql` is DuckDB's; `by` the column whose rarity counts, where two values are equal."""

    key: str
    holds: Rule
    sql: str
    by: str = ""


@dataclass(frozen=True)
class Comparison:
    """Levels from alike to unlike; where `unknown` holds the field says nothing either way."""

    key: str
    unknown: Rule
    unknown_sql: str
    levels: tuple[Level, ...]

    def level(self, a: Features, b: Features) -> int:
        """−1 where nobody said, else the number of the first level that holds."""
        if self.unknown(a, b):
            return -1
        for n, level in enumerate(self.levels):
            if level.holds(a, b):
                return n
        return len(self.levels)  # pragma: no cover (the last level always holds)


def alike(a: str | None, b: str | None) -> float:
    """Jaro-Winkler from 0 to 1; two unknowns are not alike."""
    return JaroWinkler.similarity(a, b) if a and b else 0.0


def meet(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return not set(a).isdisjoint(b)


def any_of(column: str) -> Level:
    def holds(a: Features, b: Features) -> bool:
        return meet(getattr(a, column), getattr(b, column))

    return Level("same", holds, f"list_has_any({column}_l, {column}_r)")


def otherwise() -> Level:
    return Level("other", lambda a, b: True, "ELSE")


def missing(column: str) -> tuple[Rule, str]:
    def rule(a: Features, b: Features) -> bool:
        return not getattr(a, column) or not getattr(b, column)

    return rule, f"{column}_l IS NULL OR {column}_r IS NULL"


def unsaid(column: str) -> tuple[Rule, str]:
    """Names in two scripts say nothing, neither for it nor against it."""
    lacks, sql = missing(column)

    def rule(a: Features, b: Features) -> bool:
        return lacks(a, b) or a.script != b.script

    return rule, f"{sql} OR coalesce(script_l, '') <> coalesce(script_r, '')"


def equal(a: str | None, b: str | None) -> bool:
    return a is not None and a == b

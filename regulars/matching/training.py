"""Learning the weights: from pairs whose truth is known, or from what people decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .features import Features
from .levels import COMPARISONS

Pair = tuple[Features, Features]


def shares(kind: str, pairs: Iterable[Pair], *, smooth: float = 0.5) -> dict[str, list[float]]:
    """For each comparison how often each level holds among pairs in which somebody said."""
    seen: dict[str, Counter[int]] = {c.key: Counter() for c in COMPARISONS[kind]}
    for a, b in pairs:
        for comparison in COMPARISONS[kind]:
            seen[comparison.key][comparison.level(a, b)] += 1
    found = {}
    for comparison in COMPARISONS[kind]:
        counts = seen[comparison.key]
        levels = range(len(comparison.levels))
        total = sum(counts[n] + smooth for n in levels)
        found[comparison.key] = [(counts[n] + smooth) / total for n in levels]
    return found


def refitted(
    m: Mapping[str, Sequence[float]], seen: Mapping[str, Sequence[float]], verdicts: int
) -> dict[str, list[float]]:
    """The shipped m drawn towards what was decided here: half of it after 600 verdicts."""
    trust = verdicts / (verdicts + 600)
    return {
        key: [(1 - trust) * old + trust * new for old, new in zip(row, seen[key], strict=True)]
        for key, row in m.items()
    }

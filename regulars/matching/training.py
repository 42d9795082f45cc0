"""Learning the weights: from pairs whose truth is known, or from what people decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from .features import Features
from .levels import COMPARISONS
from .scoring import Weights

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


def seen_in(vectors: Iterable[Sequence[int]]) -> dict[str, list[tuple[int, ...]]]:
    """The level vectors of decided pairs by kind, told apart by their length."""
    kinds = {len(comparisons): kind for kind, comparisons in COMPARISONS.items()}
    found: dict[str, list[tuple[int, ...]]] = {kind: [] for kind in COMPARISONS}
    for vector in vectors:
        if len(vector) in kinds:
            found[kinds[len(vector)]].append(tuple(vector))
    return found


def refitted(base: Weights, seen: Mapping[str, Sequence[tuple[int, ...]]]) -> Weights:
    """The shipped m drawn towards pairs that people called the same: half of it from 600 on."""
    m = {
        kind: {
            comparison.key: _towards(
                base.m[kind][comparison.key],
                Counter(vector[at] for vector in seen.get(kind, ())),
            )
            for at, comparison in enumerate(comparisons)
        }
        for kind, comparisons in COMPARISONS.items()
    }
    return replace(base, m=m)


def _towards(shipped: Sequence[float], counts: Mapping[int, int]) -> tuple[float, ...]:
    said = sum(n for level, n in counts.items() if level >= 0)
    trust = said / (said + 600)
    return tuple(
        (1 - trust) * old + trust * (counts.get(level, 0) / said if said else 0.0)
        for level, old in enumerate(shipped)
    )

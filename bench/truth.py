"""How right found pairs are, where the truth is known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

Pair = tuple[int, int]
Scored = list[tuple[float, Pair]]


@dataclass(frozen=True)
class Right:
    """Of pairs from a weight on: how many of them are right, how many of the right ones came."""

    weight: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def same(who: Mapping[int, object]) -> set[Pair]:
    """Every pair of records of one person, the lower id first."""
    groups = defaultdict(list)
    for pk, one in who.items():
        groups[one].append(pk)
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def curve(found: Scored, true: set[Pair]) -> list[Right]:
    """From the surest pair to the least sure."""
    met, said = 0, []
    for n, (weight, pair) in enumerate(sorted(found, reverse=True), 1):
        met += pair in true
        said.append(Right(weight, met / n, met / len(true)))
    return said


def best(said: Iterable[Right]) -> Right:
    """Where precision and recall are highest together: chosen on the truth, so too good."""
    return max(said, key=lambda one: one.f1)


def recall_at(said: Iterable[Right], precision: float) -> float:
    return max((one.recall for one in said if one.precision >= precision), default=0.0)


def met(found: Scored, among: set[Pair], weight: float) -> float:
    """How many of these pairs were found from this weight on: 1 where all were."""
    return sum(pair in among for at, pair in found if at >= weight) / len(among)


def met_at(found: Scored, among: set[Pair], true: set[Pair], precision: float) -> float:
    """The same, as far down as so many of what was found are right."""
    least = min((r.weight for r in curve(found, true) if r.precision >= precision), default=1e9)
    return met(found, among, least)


def from_on(said: Iterable[Right], weight: float) -> Right:
    """As it is from this weight on, which knows nothing of the truth."""
    last = Right(weight, 1.0, 0.0)
    for one in said:
        if one.weight < weight:
            break
        last = one
    return last


def clusters(everybody: Iterable[int], pairs: Iterable[Pair]) -> dict[int, int]:
    """Whoever is joined by pairs, by the lowest id among them."""
    above = {pk: pk for pk in everybody}

    def top(pk: int) -> int:
        while above[pk] != pk:
            above[pk] = pk = above[above[pk]]
        return pk

    for a, b in pairs:
        low, high = sorted((top(a), top(b)))
        above[high] = low
    return {pk: top(pk) for pk in above}


def b_cubed(who: Mapping[int, object], found: Mapping[int, int]) -> float:
    """F of how much of each record's cluster is theirs and how much of theirs is in it."""
    true, said = Counter(who.values()), Counter(found.values())
    both = Counter((who[pk], found[pk]) for pk in who)
    precision = sum(n * n / said[cluster] for (_, cluster), n in both.items()) / len(who)
    recall = sum(n * n / true[one] for (one, _), n in both.items()) / len(who)
    return 2 * precision * recall / (precision + recall)

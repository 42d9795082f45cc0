"""How sure we are that two customers are one: the bits of each field, their sum, and the chance."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from .features import Features
from .levels import COMPARISONS, Comparison

SHIPPED = Path(__file__).with_name("weights.json")
FLOOR_M, FLOOR_U = 0.003, 2e-7  # what was never seen is not impossible
TF_FLOOR = 1e-6


@dataclass(frozen=True)
class Weights:
    """A model: for each kind the chance of each level among same (m) and among others (u).

    `share` says how common a value is (column → value → share; "" for any other); `shared` are
    values of too many to be anybody's. `prior` is the share of same pairs among all pairs, by kind.
    `kin` is the chance of each level among two who live together, `homes` how many pairs of those
    there are for one of the same.
    """

    m: Mapping[str, Mapping[str, tuple[float, ...]]]
    u: Mapping[str, Mapping[str, tuple[float, ...]]]
    prior: Mapping[str, float]
    kin: Mapping[str, tuple[float, ...]]
    homes: float = 1.0
    share: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    version: int = 0

    @cached_property
    def bits(self) -> dict[str, list[list[float]]]:
        """log2(m/u) of each level of each comparison, by kind; a last 0 for what nobody said."""
        return {
            kind: [
                [
                    *(
                        math.log2(m / u)
                        for m, u in zip(self.m[kind][one.key], self.u[kind][one.key], strict=True)
                    ),
                    0.0,
                ]
                for one in comparisons
            ]
            for kind, comparisons in COMPARISONS.items()
        }

    @cached_property
    def apart(self) -> list[list[float]]:
        """log2(m/kin) of each level: what tells one person from another of their household."""
        return [
            [
                *(
                    math.log2(m / k)
                    for m, k in zip(self.m["p"][one.key], self.kin[one.key], strict=True)
                ),
                0.0,
            ]
            for one in COMPARISONS["p"]
        ]

    @cached_property
    def start(self) -> dict[str, float]:
        """The bits of a pair of whom nothing is known."""
        return {kind: math.log2(prior / (1 - prior)) for kind, prior in self.prior.items()}

    def rarity(self, kind: str, comparison: Comparison, value: str | None) -> float:
        """Further bits for an equal value that is rarer than most, fewer for a common one."""
        shares = self.share.get(comparison.levels[0].by, {})
        share: float = shares.get(value or "", shares.get("", 0.0))
        if not share:
            return 0.0
        return math.log2(self.u[kind][comparison.key][0] / max(share, TF_FLOOR))

    def to_json(self) -> dict[str, Any]:
        return {
            "m": self.m,
            "u": self.u,
            "prior": self.prior,
            "kin": self.kin,
            "homes": self.homes,
            "share": self.share,
            "shared": {key: sorted(values) for key, values in self.shared.items()},
        }


def read(said: Mapping[str, Any], version: int = 0) -> Weights:
    """The weights that `to_json` wrote; never 0, which would make one field decide everything."""

    def floored(part: Any, least: float) -> dict[str, dict[str, tuple[float, ...]]]:
        return {
            kind: {key: tuple(max(v, least) for v in row) for key, row in rows.items()}
            for kind, rows in part.items()
        }

    return Weights(
        floored(said["m"], FLOOR_M),
        floored(said["u"], FLOOR_U),
        said["prior"],
        floored({"p": said["kin"]}, FLOOR_M)["p"],
        said.get("homes", 1.0),
        said.get("share", {}),
        {key: frozenset(values) for key, values in said.get("shared", {}).items()},
        version,
    )


@cache
def shipped() -> Weights:
    """The weights that come with the product, good from the first customer on."""
    return read(json.loads(SHIPPED.read_text()))


@dataclass(frozen=True)
class Part:
    """What one comparison says: the key of its level, and the bits."""

    comparison: str
    level: str
    bits: float


@dataclass(frozen=True)
class Score:
    """`weight` in bits, with the prior; 0 means one in two. `bits` stand beside `levels`.

    `kin` are bits that were taken off because it may be another one of the household.
    """

    weight: float
    levels: tuple[int, ...]
    bits: tuple[float, ...]
    kind: str
    kin: float = 0.0

    @property
    def probability(self) -> float:
        return float(1 / (1 + 2.0 ** -max(-60.0, min(60.0, self.weight))))

    @cached_property
    def said(self) -> dict[str, str]:
        """The level of each comparison in which somebody said."""
        return {
            one.key: one.levels[level].key
            for one, level in zip(COMPARISONS[self.kind], self.levels, strict=True)
            if level >= 0
        }

    @property
    def parts(self) -> list[Part]:
        """What each comparison says, without those in which nobody said."""
        found = zip(COMPARISONS[self.kind], self.levels, self.bits, strict=True)
        return [Part(one.key, one.levels[n].key, bits) for one, n, bits in found if n >= 0]

    def at(self, comparison: str) -> str:
        """The level of this comparison, "" where nobody said."""
        return self.said.get(comparison, "")


def kind_of(a: Features, b: Features) -> str:
    """Companies, and a person beside a company, are compared by the firm; persons by their name."""
    return "c" if "c" in (a.kind, b.kind) else "p"


def score(a: Features, b: Features, weights: Weights) -> Score:
    """Add up what every field says (Fellegi and Sunter, 1969), in the order of the comparisons.

    Two who are not one may be strangers, whom nothing joins but chance, or live together, and then
    home, number and last name say nothing. The sum stands against both.
    """
    kind = kind_of(a, b)
    total = weights.start[kind]
    found: list[float] = []
    levels: list[int] = []
    for comparison, table in zip(COMPARISONS[kind], weights.bits[kind], strict=True):
        level = comparison.level(a, b)
        bits = table[level]
        if level == 0 and comparison.levels[0].by:
            bits += weights.rarity(kind, comparison, getattr(a, comparison.levels[0].by))
        total += bits
        levels.append(level)
        found.append(bits)
    if kind == "c":
        return Score(total, tuple(levels), tuple(found), kind)
    other = -math.log2(weights.homes)
    for level, table in zip(levels, weights.apart, strict=True):
        other += table[level]
    weight = against_both(total, other)
    return Score(weight, tuple(levels), tuple(found), kind, weight - total)


def against_both(stranger: float, kin: float) -> float:
    """The bits for one person, when each of two others is what it could be instead."""
    low, high = sorted((stranger, kin))
    return low - math.log2(1.0 + 2.0 ** (low - high))

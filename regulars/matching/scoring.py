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
    """

    m: Mapping[str, Mapping[str, tuple[float, ...]]]
    u: Mapping[str, Mapping[str, tuple[float, ...]]]
    prior: Mapping[str, float]
    share: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    version: int = 0
    certain: float = 18.0  # see `certainty.threshold`

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
            "share": self.share,
            "shared": {key: sorted(values) for key, values in self.shared.items()},
            "certain": self.certain,
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
        said.get("share", {}),
        {key: frozenset(values) for key, values in said.get("shared", {}).items()},
        version,
        said.get("certain", 18.0),
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
    """`weight` in bits, with the prior; 0 means one in two. `bits` stand beside `levels`."""

    weight: float
    levels: tuple[int, ...]
    bits: tuple[float, ...]
    kind: str

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
    """Add up what every field says (Fellegi and Sunter, 1969), in the order of the comparisons."""
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
    return Score(total, tuple(levels), tuple(found), kind)

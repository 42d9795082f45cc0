"""What an engine does: given features and candidate pairs in files, it scores the pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from regulars.matching.scoring import Weights


class NotHere(Exception):
    """The engine cannot run here; the text says what to do."""


@dataclass(frozen=True)
class Scored:
    """A pair, the lower id first; `levels` as in `levels.vector`."""

    a: int
    b: int
    weight: float
    levels: tuple[int, ...]


class Engine(Protocol):
    name: str

    def score(
        self, kind: str, people: Path, pairs: Path, weights: Weights, least: float
    ) -> Iterator[Scored]:
        """Every pair of `pairs` (Parquet of a, b) from `least` bits on, and those of one household.

        `people` is Parquet with an `id` and the columns of `Features`, without shared values.
        """

    def close(self) -> None:
        """Let go of what is kept between two calls."""

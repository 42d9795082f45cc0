"""One pair, judged: the score, what the two are to each other, and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .features import Features
from .reasons import Reason, reasons
from .relations import Relation, relation
from .scoring import Score, Weights, score

SUGGESTED = 0.0  # bits; below, a pair is rather two than one
UNREAD = -1.0  # the same where names stand in two scripts, which somebody has to read
TIES = 17.0  # bits of what is shared, by which two people live together


@dataclass(frozen=True)
class Judged:
    """`said` is the relation, or none where the score is too low for it to be said."""

    a: Features
    b: Features
    score: Score
    relation: Relation

    @property
    def weight(self) -> float:
        return self.score.weight

    @property
    def probability(self) -> float:
        return self.score.probability

    @property
    def levels(self) -> tuple[int, ...]:
        return self.score.levels

    @property
    def said(self) -> Relation:
        """Two who are not one are judged by what they share, not by what keeps them apart."""
        if self.relation == Relation.COLLEAGUE:
            return self.relation
        if self.relation == Relation.HOUSEHOLD:
            enough = sum(max(part.bits, 0.0) for part in self.score.parts) >= TIES
        elif self.a.script != self.b.script:
            enough = self.weight >= UNREAD
        else:
            enough = self.weight >= SUGGESTED
        return self.relation if enough else Relation.NONE

    @cached_property
    def reasons(self) -> list[Reason]:
        return reasons(self.a, self.b, self.score)

    @property
    def plain_reasons(self) -> list[dict[str, Any]]:
        """As they are kept, and as programs read them: `text`, and `weight` in bits."""
        return [{"text": one.text, "weight": round(one.weight, 1)} for one in self.reasons]

    @property
    def plain(self) -> dict[str, Any]:
        """The judgement as plain data: what `schemas.CandidateRow` says of it."""
        return {
            "score": round(self.weight, 3),
            "probability": round(self.probability, 6),
            "relation": self.relation.value,
            "reasons": self.plain_reasons,
        }


def judge(a: Features, b: Features, weights: Weights) -> Judged:
    """Compare two customers with these weights."""
    a, b = a.without(weights.shared), b.without(weights.shared)
    found = score(a, b, weights)
    return Judged(a, b, found, relation(a, b, found))

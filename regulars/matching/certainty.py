"""When a pair is so sure that people may accept many at once, after a look at what would happen."""

from __future__ import annotations

from .judging import Judged
from .relations import Relation
from .scoring import Weights


def is_certain(judged: Judged, weights: Weights) -> bool:
    """Above the score from which on 995 of 1,000 are right, and nothing that families share alone.

    A family may share mailbox, number, home and last name: only the first name and their own
    mailbox or birthday tell them apart.
    """
    if judged.relation != Relation.DUPLICATE or judged.weight < weights.certain:
        return False
    if judged.score.kind == "c":
        return True
    a, b = judged.a, judged.b
    if a.suffix != b.suffix:
        return False
    return judged.score.at("first") in ("same", "close", "nickname", "swapped")

"""When a pair is so sure that people may accept many at once, after a look at what would happen."""

from __future__ import annotations

import math

from .judging import Judged
from .relations import Relation
from .scoring import Weights


def is_certain(judged: Judged, weights: Weights) -> bool:
    """Above a score that is meant for 995 of 1,000 to be right, and not by what families share.

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


def threshold(customers: int) -> float:
    """The score meant for 995 right pairs in 1,000: 18 at 100,000 customers, 20 at a million, as
    measured on made-up ones for the score alone; how often `is_certain` is right is not measured.

    Both the prior and the chance that two others share a value grow with the number of customers.
    """
    return 18.0 + 0.6 * math.log2(max(customers, 100_000) / 100_000)

"""When a pair is so sure that people may accept many at once, after a look at what would happen."""

from __future__ import annotations

import math

from .features import Features
from .judging import Judged
from .relations import Relation

# Each pair by itself is right 995 times in 1,000. The bits hold the number of customers here: the
# more there are, the more has to be shared to reach them.
CERTAIN = math.log2(0.995 / 0.005)


def is_certain(judged: Judged) -> bool:
    """Sure enough, and by what a family does not share.

    They share number, home and last name, and some a mailbox: only a mailbox that bears the first
    name, or a birthday beside it, tells them apart.
    """
    if judged.relation != Relation.DUPLICATE or judged.weight < CERTAIN:
        return False
    if judged.score.kind == "c":
        return True
    a, b = judged.a, judged.b
    if a.suffix != b.suffix or judged.score.at("first") not in ("same", "close", "nickname"):
        return False
    return judged.score.at("born") == "same" or _is_theirs(a, b)


def _is_theirs(a: Features, b: Features) -> bool:
    """A mailbox that bears the first name, or where that is the same its initial."""
    called = {name for one in (a, b) for name in (one.first, *one.nicks) if name and len(name) > 2}
    if a.first == b.first and a.initial and a.last:
        called |= {a.initial + a.last, a.last + a.initial}
    shared = (mailbox.rpartition("@")[0].replace(".", "") for mailbox in {*a.emails} & {*b.emails})
    return any(name in local for local in shared for name in called)

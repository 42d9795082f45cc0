"""When a pair is so sure that people may accept many at once, after a look at what would happen."""

from __future__ import annotations

from .features import Features
from .judging import Judged
from .relations import Relation
from .scoring import Score

# At least 97 of 100 for each pair; the mean chance of all of them, which is what is expected to be
# right, is 998 of 1,000. The bits hold the number of customers here: the more there are, the more
# has to be shared to reach them.
CERTAIN = 5.0
SHARED = ("same", "close", "local")
CALLED = ("same", "close", "nickname", "initial", "swapped")
LIVES = ("same", "close")
BORN = ("same", "initial", "swapped")


def is_certain(judged: Judged) -> bool:
    """Sure enough, and by what a family does not share.

    They share number, home and last name, some a mailbox, and a father and his son the first name
    too: only a mailbox that bears the first name, or a birthday beside it, tells these apart.
    Twins share that as well, and are called Jayden and Kayden or Louis and Louise: a birthday
    proves something only of one first name.
    Mothers and daughters of one name are rare, those called by one short name are not: a home
    proves nothing of two who gave another mailbox or number, or another flat.
    """
    if judged.relation != Relation.DUPLICATE or judged.weight < CERTAIN:
        return False
    if judged.score.kind == "c":
        return _is_that_firm(judged.a, judged.b, judged.score)
    a, b, first = judged.a, judged.b, judged.score.at("first")
    if a.suffix != b.suffix or first not in CALLED:
        return False
    if (judged.score.at("born") == "same" and first in BORN) or _is_theirs(a, b):
        return True
    # Of a rare name it is not so sure whose it is.
    return (
        first == "same" and a.known == "many" and a.sex == "f" and _lives_there(a, b, judged.score)
    )


def _lives_there(a: Features, b: Features, score: Score) -> bool:
    """The last name is theirs too; a mailbox or a number is shared, or nothing is another."""
    if score.at("last") == "other":
        return False
    reach = [score.at("email"), score.at("phone")]
    shared = any(level in SHARED for level in reach)
    if not shared and score.at("address") not in LIVES:
        return False
    other_flat = bool(a.unit and b.unit and a.unit != b.unit)
    return shared or not ("other" in reach or other_flat)


def _is_that_firm(a: Features, b: Features, score: Score) -> bool:
    """Branches share name and domain: a number, an address or a mailbox of their own tells them."""
    mailbox = any("@" in one for one in {*a.domains} & {*b.domains})
    reached = mailbox or "same" in (score.at("phone"), score.at("address"))
    return reached and score.at("company") in ("same", "words", "close")


def _is_theirs(a: Features, b: Features) -> bool:
    """A mailbox that bears the first name, or where that is the same its initial; a family's is
    nobody's, and where names were swapped it bears their last."""
    called = {name for one in (a, b) for name in (one.first, *one.nicks) if name and len(name) > 2}
    if a.first == b.first and a.initial and a.last:
        called |= {a.initial + a.last, a.last + a.initial}
    shared = (mailbox.rpartition("@")[0].replace(".", "") for mailbox in {*a.emails} & {*b.emails})
    return any(name in local for local in shared if "family" not in local for name in called)

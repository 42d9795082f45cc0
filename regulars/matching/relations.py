"""What two customers are to each other: one, of one household, colleagues, or somebody's to judge.

A first name or a generation that contradicts is a veto, whatever the sum says: people who live
together share all but that.
"""

from __future__ import annotations

from enum import StrEnum

from .features import Features
from .levels import alike
from .normal.given import called
from .scoring import Score

NEAR_SECOND, NEAR_WORD = 0.8, 0.9
UNSURE = ("", "near", "code", "street")


class Relation(StrEnum):
    DUPLICATE = "duplicate"
    REVIEW = "review"
    HOUSEHOLD = "household"
    COLLEAGUE = "colleague"
    NONE = "none"


def relation(a: Features, b: Features, score: Score) -> Relation:
    """Which it is, apart from how sure; see `shown` for from where on it is said."""
    if score.kind == "c":
        return _of_firms(a, b, score)
    if never_one(a, b, score):
        return _others(a, b, score)
    if not score.at("first") or not score.at("last"):
        reached = "same" in (score.at("email"), score.at("phone"), score.at("born"))
        return Relation.REVIEW if reached else Relation.NONE
    if "crossed" in (score.at("first"), score.at("last")):
        return Relation.REVIEW
    return Relation.REVIEW if _doubtful(a, b, score) else Relation.DUPLICATE


def never_one(a: Features, b: Features, score: Score) -> bool:
    """A first name or a generation contradicts, or one is a firm and the other one a person."""
    if score.kind == "c":
        return a.kind != b.kind
    if score.at("first") == "close" and a.known and b.known and score.at("born") == "other":
        return True
    return score.at("first") == "other" or _generations_differ(a, b) or _double(a, b)


def _double(a: Features, b: Features) -> bool:
    """Jean-Luc and Jean-Pierre are two names."""
    both = (a.second or "").startswith("-") and (b.second or "").startswith("-")
    return both and a.initial == b.initial and _seconds_differ(a, b)


def _seconds_differ(a: Features, b: Features) -> bool:
    """Both say a second name, and it is neither another spelling nor its first letter."""
    one, other = ((x.second or "").replace("-", "") for x in (a, b))
    if not one or not other or a.first != b.first:
        return False
    if 1 in (len(one), len(other)):
        return one[0] != other[0]
    return alike(one, other) < NEAR_SECOND and not {*called(one)} & {*called(other)}


def _of_firms(a: Features, b: Features, score: Score) -> Relation:
    name = score.at("company")
    if a.kind != b.kind:
        return Relation.COLLEAGUE if name not in ("", "other") else Relation.NONE
    if name in ("", "other"):
        held = [score.at(key) == "same" for key in ("domain", "phone", "address")]
        enough = sum(held) > 1 or (any(held[1:]) and _within(a.words or "", b.words or ""))
        return Relation.REVIEW if enough else Relation.NONE
    # Branches of one chain: the name is the same, perhaps the domain, and everything else differs.
    address, phone = score.at("address"), score.at("phone")
    elsewhere = address in ("door", "town", "area", "other")
    if (elsewhere and phone in ("", "other")) or (phone == "other" and address in UNSURE):
        return Relation.REVIEW
    return Relation.REVIEW if name == "begins" else Relation.DUPLICATE


def _within(one: str, other: str) -> bool:
    """Each word of the shorter name is in the longer one, perhaps mistyped."""
    short, long = sorted((one.split(), other.split()), key=len)
    return (
        bool(short)
        and len("".join(short)) > 4
        and all(any(alike(word, there) >= NEAR_WORD for there in long) for word in short)
    )


def _generations_differ(a: Features, b: Features) -> bool:
    """A second may be written Jr or II; nobody else has two generations."""
    said = {a.suffix, b.suffix}
    return None not in said and len(said) > 1 and said != {"jr", "ii"}


def _others(a: Features, b: Features, score: Score) -> Relation:
    """Two people who share something: where they live, or where they work."""
    homes = bool(set(a.homes) & set(b.homes)) or score.at("address") == "close"
    same_name = score.at("last") in ("same", "close", "part")
    phones = score.at("phone") == "same"
    if homes and (same_name or phones):
        return Relation.HOUSEHOLD
    if _work_together(a, b):
        return Relation.COLLEAGUE
    reached = phones or score.at("email") == "same"
    return Relation.HOUSEHOLD if homes or reached else Relation.NONE


def _work_together(a: Features, b: Features) -> bool:
    firm = a.company is not None and a.company == b.company
    return firm or bool(set(a.domains) & set(b.domains)) or bool(set(a.roles) & set(b.roles))


def _doubtful(a: Features, b: Features, score: Score) -> bool:
    """Father and son, or two of a name: somebody has to look."""
    if score.at("born") == "other" or a.beside != b.beside:
        return True
    if _seconds_differ(a, b) or (score.at("first") == "initial" and a.first and b.first):
        return True  # of one first name, or called by the second one
    if score.at("first") == "close" and a.known and b.known:
        return True  # one name mistyped, or said in another language, or two who were named alike
    if a.suffix and b.suffix and a.suffix != b.suffix:
        return True
    if score.at("first") == "initial" and score.at("email") != "same":
        # Where several live, S. may be any of them.
        return score.at("address") in ("same", "close") or score.at("phone") == "same"
    reach = [score.at(key) for key in ("email", "phone")]
    apart = [level == "other" for level in reach]
    if score.at("address") in ("same", "close") and any(apart):
        # One home and name, and nothing in common that is one's own: a son has his father's.
        return not any(level in ("same", "close", "local") for level in (*reach, score.at("born")))
    one_generation = (a.suffix is None) != (b.suffix is None)
    reached = "same" in (score.at("email"), score.at("phone"))
    return one_generation and not (score.at("email") == "same" or (reached and not any(apart)))

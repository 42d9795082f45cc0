"""Who somebody is: first name, last name, birthday."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from regulars.matching.features import Features

from .comparing import (
    ALIKE,
    LIKELY,
    NEAR,
    Comparison,
    Level,
    alike,
    equal,
    meet,
    missing,
    otherwise,
    unsaid,
)


def _one_name(a: Features, b: Features) -> bool:
    """Short for the other or for the same third; but Patrick and Patricia are not one for a Pat."""
    if not meet(a.nicks, b.nicks):
        return False
    return not (a.sex and b.sex and a.sex != b.sex) or a.first in b.nicks or b.first in a.nicks


def _misspelled(a: Features, b: Features) -> bool:
    """Two letters off; but Maria is not Marta and Michelle not Michael: both are names, and whose
    name was mistyped into another one has the same birthday, and one that sounds alike. Nor is
    Kayden a Jayden, who begins otherwise.

    Or one name in two languages: a Juan may be John.
    """
    if a.sex and b.sex and a.sex != b.sex:
        return False
    if equal(a.root, b.root):
        return True
    if alike(a.first, b.first) < ALIKE and not _a_letter_off(a, b):
        return False
    if a.known and b.known:
        return a.initial == b.initial and equal(a.heard, b.heard) and equal(a.born, b.born)
    return a.initial == b.initial or equal(a.heard, b.heard)


def _a_letter_off(a: Features, b: Features) -> bool:
    """Of a short name that is much, yet only one of the two is a name that people have."""
    if a.first is None or b.first is None or (a.known and b.known):
        return False
    long = min(len(a.first), len(b.first)) > 3
    return long and Levenshtein.distance(a.first, b.first, score_cutoff=1) <= 1


def _short(a: Features, b: Features) -> bool:
    """Of one only the initial, also before a second name: J. Robert; or by the second name."""
    if a.first is None or b.first is None or a.initial != a.first[0] or b.initial != b.first[0]:
        return a.initial == b.initial
    return _by_second(a, b)


def _by_second(a: Features, b: Features) -> bool:
    """One goes by the second of the first names of the other."""
    return (a.first is not None and a.first == (b.second or "").replace("-", "")) or (
        b.first is not None and b.first == (a.second or "").replace("-", "")
    )


def _swapped(a: Features, b: Features) -> bool:
    """Whichever stands in the wrong field may be short: Smith Bill is William Smith."""
    one, other = alike(a.first, b.last) >= ALIKE, alike(a.last, b.first) >= ALIKE
    return (
        (one and other) or (one and meet(a.turned, b.nicks)) or (other and meet(a.nicks, b.turned))
    )


_FIRST_IS_LAST = f"jaro_winkler_similarity(first_l, last_r) >= {ALIKE}"
_LAST_IS_FIRST = f"jaro_winkler_similarity(last_l, first_r) >= {ALIKE}"
SWAPPED = Level(
    "swapped",
    _swapped,
    f"({_FIRST_IS_LAST} AND {_LAST_IS_FIRST}) "
    f"OR ({_FIRST_IS_LAST} AND list_has_any(turned_l, nicks_r)) "
    f"OR ({_LAST_IS_FIRST} AND list_has_any(nicks_l, turned_r))",
)
CROSSED = Level(
    "crossed",
    lambda a, b: alike(a.first, b.last) >= NEAR or alike(a.last, b.first) >= NEAR,
    f"jaro_winkler_similarity(first_l, last_r) >= {NEAR} "
    f"OR jaro_winkler_similarity(last_l, first_r) >= {NEAR}",
)
FIRST = Comparison(
    "first",
    *unsaid("initial"),
    (
        Level("same", lambda a, b: equal(a.first, b.first), "first_l = first_r", by="first"),
        Level(
            "nickname",
            _one_name,
            "list_has_any(nicks_l, nicks_r) AND (coalesce(sex_l = sex_r, true) OR "
            "list_contains(nicks_l, first_r) OR list_contains(nicks_r, first_l))",
        ),
        Level(
            "close",
            _misspelled,
            "coalesce(sex_l = sex_r, true) AND (root_l = root_r OR ("
            f"(jaro_winkler_similarity(first_l, first_r) >= {ALIKE} OR ("
            "levenshtein(first_l, first_r) <= 1 AND length(first_l) > 3 AND length(first_r) > 3 "
            "AND (known_l IS NULL OR known_r IS NULL))) "
            "AND CASE WHEN known_l IS NOT NULL AND known_r IS NOT NULL "
            "THEN initial_l = initial_r AND heard_l = heard_r AND born_l = born_r "
            "ELSE initial_l = initial_r OR heard_l = heard_r END))",
        ),
        SWAPPED,
        CROSSED,
        Level(
            "initial",
            _short,
            "CASE WHEN first_l IS NULL OR first_r IS NULL OR initial_l <> substr(first_l, 1, 1) "
            "OR initial_r <> substr(first_r, 1, 1) THEN initial_l = initial_r ELSE "
            "first_l = replace(second_r, '-', '') OR first_r = replace(second_l, '-', '') END",
        ),
        otherwise(),
    ),
)
LAST = Comparison(
    "last",
    *unsaid("last"),
    (
        Level("same", lambda a, b: equal(a.last, b.last), "last_l = last_r", by="last"),
        Level(
            "close",
            lambda a, b: alike(a.last, b.last) >= NEAR,
            f"jaro_winkler_similarity(last_l, last_r) >= {NEAR}",
        ),
        Level("part", lambda a, b: meet(a.parts, b.parts), "list_has_any(parts_l, parts_r)"),
        Level(
            "sounds",
            lambda a, b: equal(a.sounds, b.sounds) or alike(a.last, b.last) >= LIKELY,
            f"sounds_l = sounds_r OR jaro_winkler_similarity(last_l, last_r) >= {LIKELY}",
        ),
        SWAPPED,
        CROSSED,
        otherwise(),
    ),
)


def _turned(born: str | None) -> str | None:
    return born and born[:4] + born[6:] + born[4:6]


BORN = Comparison(
    "born",
    *missing("born"),
    (
        Level("same", lambda a, b: equal(a.born, b.born), "born_l = born_r"),
        Level(
            "close",
            lambda a, b: (
                Levenshtein.distance(a.born or "", b.born or "", score_cutoff=1) <= 1
                or equal(_turned(a.born), b.born)
            ),
            "levenshtein(born_l, born_r) <= 1 OR substr(born_l, 1, 4) || substr(born_l, 7, 2) || "
            "substr(born_l, 5, 2) = born_r",
        ),
        otherwise(),
    ),
)

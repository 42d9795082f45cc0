"""Where somebody is reached: mailbox, number, address."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from regulars.matching.features import Features

from .comparing import (
    LIKELY,
    NEAR,
    Comparison,
    Level,
    alike,
    any_of,
    equal,
    meet,
    missing,
    otherwise,
)


def _near_local(a: Features, b: Features) -> bool:
    return meet(a.locals, b.locals) or alike(a.local, b.local) >= NEAR


_NEAR_LOCAL = (
    "(coalesce(list_has_any(locals_l, locals_r), false) OR "
    f"jaro_winkler_similarity(local_l, local_r) >= {NEAR})"
)


def _mistyped(a: Features, b: Features) -> bool:
    """A letter or two off, never a digit; where a name is spelled out a letter off is no name."""
    if not (a.mail and b.mail and a.digits == b.digits and (a.rest or b.rest)):
        return False
    return Levenshtein.distance(a.mail, b.mail, score_cutoff=2) <= 2


# Two who are called alike have mailboxes alike: that says hardly more than the name.
EMAIL = Comparison(
    "email",
    *missing("emails"),
    (
        any_of("emails"),
        Level(
            "local",
            lambda a, b: equal(a.rest, b.rest) and _near_local(a, b),
            f"rest_l = rest_r AND {_NEAR_LOCAL}",
        ),
        Level(
            "close",
            _mistyped,
            "coalesce(digits_l, '') = coalesce(digits_r, '') AND "
            "(rest_l IS NOT NULL OR rest_r IS NOT NULL) AND levenshtein(mail_l, mail_r) <= 2",
        ),
        Level("named", _near_local, _NEAR_LOCAL),
        otherwise(),
    ),
)
PHONE = Comparison(
    "phone",
    *missing("phones"),
    (
        any_of("phones"),
        Level(
            "close",
            lambda a, b: (
                a.phone is not None
                and b.phone is not None
                and Levenshtein.distance(a.phone, b.phone, score_cutoff=1) <= 1
            ),
            "levenshtein(phone_l, phone_r) <= 1",
        ),
        otherwise(),
    ),
)


def _no_place(a: Features, b: Features) -> bool:
    return not (a.code or a.homes) or not (b.code or b.homes)


def _near_house(a: Features, b: Features) -> bool:
    areas = a.zip3 is None or b.zip3 is None or a.zip3 == b.zip3
    return areas and equal(a.house, b.house) and alike(a.street, b.street) >= LIKELY


ADDRESS = Comparison(
    "address",
    _no_place,
    "(code_l IS NULL AND homes_l IS NULL) OR (code_r IS NULL AND homes_r IS NULL)",
    (
        any_of("homes"),
        Level(
            "close",
            _near_house,
            "(zip3_l IS NULL OR zip3_r IS NULL OR zip3_l = zip3_r) AND house_l = house_r "
            f"AND jaro_winkler_similarity(street_l, street_r) >= {LIKELY}",
        ),
        Level(
            "street",
            lambda a, b: equal(a.code, b.code) and alike(a.street, b.street) >= NEAR,
            f"code_l = code_r AND jaro_winkler_similarity(street_l, street_r) >= {NEAR}",
        ),
        Level(
            "door",
            lambda a, b: equal(a.house, b.house) and alike(a.street, b.street) >= NEAR,
            f"house_l = house_r AND jaro_winkler_similarity(street_l, street_r) >= {NEAR}",
        ),
        Level(
            "near",
            lambda a, b: equal(a.code, b.code) and alike(a.town, b.town) >= NEAR,
            f"code_l = code_r AND jaro_winkler_similarity(town_l, town_r) >= {NEAR}",
        ),
        Level("code", lambda a, b: equal(a.code, b.code), "code_l = code_r"),
        Level(
            "town",
            lambda a, b: alike(a.town, b.town) >= NEAR,
            f"jaro_winkler_similarity(town_l, town_r) >= {NEAR}",
        ),
        Level("area", lambda a, b: equal(a.zip3, b.zip3), "zip3_l = zip3_r"),
        otherwise(),
    ),
)

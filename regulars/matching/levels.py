"""How alike two customers are, field by field: each level as a Python rule and as SQL.

The first level that holds counts. Both engines read this table, so that a pair is judged the same
while somebody types and by night.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler, Levenshtein

from .features import Features

Rule = Callable[[Features, Features], bool]
# Of Jaro and Winkler. A little below round numbers, which words of usual lengths hit exactly: there
# each engine rounds in its own way.
NEAR, ALIKE, LIKELY, FIRM = 0.9199, 0.8799, 0.8499, 0.9299


@dataclass(frozen=True)
class Level:
    """`sql` is DuckDB's; `by` the column whose rarity counts, where two values are equal."""

    key: str
    holds: Rule
    sql: str
    by: str = ""


@dataclass(frozen=True)
class Comparison:
    """Levels from alike to unlike; where `unknown` holds the field says nothing either way."""

    key: str
    unknown: Rule
    unknown_sql: str
    levels: tuple[Level, ...]

    def level(self, a: Features, b: Features) -> int:
        """−1 where nobody said, else the number of the first level that holds."""
        if self.unknown(a, b):
            return -1
        for n, level in enumerate(self.levels):
            if level.holds(a, b):
                return n
        return len(self.levels)  # pragma: no cover (the last level always holds)


def alike(a: str | None, b: str | None) -> float:
    """Jaro-Winkler from 0 to 1; two unknowns are not alike."""
    return JaroWinkler.similarity(a, b) if a and b else 0.0


def _meet(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return not set(a).isdisjoint(b)


def _any(column: str) -> Level:
    def holds(a: Features, b: Features) -> bool:
        return _meet(getattr(a, column), getattr(b, column))

    return Level("same", holds, f"list_has_any({column}_l, {column}_r)")


def _else() -> Level:
    return Level("other", lambda a, b: True, "ELSE")


def _missing(column: str) -> tuple[Rule, str]:
    def rule(a: Features, b: Features) -> bool:
        return not getattr(a, column) or not getattr(b, column)

    return rule, f"{column}_l IS NULL OR {column}_r IS NULL"


def _unsaid(column: str) -> tuple[Rule, str]:
    """Names in two scripts say nothing, neither for it nor against it."""
    missing, sql = _missing(column)

    def rule(a: Features, b: Features) -> bool:
        return missing(a, b) or a.script != b.script

    return rule, f"{sql} OR coalesce(script_l, '') <> coalesce(script_r, '')"


def _equal(a: str | None, b: str | None) -> bool:
    return a is not None and a == b


def _one_name(a: Features, b: Features) -> bool:
    """Short for the other or for the same third; but Patrick and Patricia are not one for a Pat."""
    if not _meet(a.nicks, b.nicks):
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
    if _equal(a.root, b.root):
        return True
    if alike(a.first, b.first) < ALIKE and not _a_letter_off(a, b):
        return False
    if a.known and b.known:
        return a.initial == b.initial and _equal(a.heard, b.heard) and _equal(a.born, b.born)
    return a.initial == b.initial or _equal(a.heard, b.heard)


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
        (one and other)
        or (one and _meet(a.turned, b.nicks))
        or (other and _meet(a.nicks, b.turned))
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
    *_unsaid("initial"),
    (
        Level("same", lambda a, b: _equal(a.first, b.first), "first_l = first_r", by="first"),
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
        _else(),
    ),
)
LAST = Comparison(
    "last",
    *_unsaid("last"),
    (
        Level("same", lambda a, b: _equal(a.last, b.last), "last_l = last_r", by="last"),
        Level(
            "close",
            lambda a, b: alike(a.last, b.last) >= NEAR,
            f"jaro_winkler_similarity(last_l, last_r) >= {NEAR}",
        ),
        Level("part", lambda a, b: _meet(a.parts, b.parts), "list_has_any(parts_l, parts_r)"),
        Level(
            "sounds",
            lambda a, b: _equal(a.sounds, b.sounds) or alike(a.last, b.last) >= LIKELY,
            f"sounds_l = sounds_r OR jaro_winkler_similarity(last_l, last_r) >= {LIKELY}",
        ),
        SWAPPED,
        CROSSED,
        _else(),
    ),
)


def _near_local(a: Features, b: Features) -> bool:
    return _meet(a.locals, b.locals) or alike(a.local, b.local) >= NEAR


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
    *_missing("emails"),
    (
        _any("emails"),
        Level(
            "local",
            lambda a, b: _equal(a.rest, b.rest) and _near_local(a, b),
            f"rest_l = rest_r AND {_NEAR_LOCAL}",
        ),
        Level(
            "close",
            _mistyped,
            "coalesce(digits_l, '') = coalesce(digits_r, '') AND "
            "(rest_l IS NOT NULL OR rest_r IS NOT NULL) AND levenshtein(mail_l, mail_r) <= 2",
        ),
        Level("named", _near_local, _NEAR_LOCAL),
        _else(),
    ),
)
PHONE = Comparison(
    "phone",
    *_missing("phones"),
    (
        _any("phones"),
        Level(
            "close",
            lambda a, b: (
                a.phone is not None
                and b.phone is not None
                and Levenshtein.distance(a.phone, b.phone, score_cutoff=1) <= 1
            ),
            "levenshtein(phone_l, phone_r) <= 1",
        ),
        _else(),
    ),
)


def _no_place(a: Features, b: Features) -> bool:
    return not (a.code or a.homes) or not (b.code or b.homes)


def _near_house(a: Features, b: Features) -> bool:
    areas = a.zip3 is None or b.zip3 is None or a.zip3 == b.zip3
    return areas and _equal(a.house, b.house) and alike(a.street, b.street) >= LIKELY


ADDRESS = Comparison(
    "address",
    _no_place,
    "(code_l IS NULL AND homes_l IS NULL) OR (code_r IS NULL AND homes_r IS NULL)",
    (
        _any("homes"),
        Level(
            "close",
            _near_house,
            "(zip3_l IS NULL OR zip3_r IS NULL OR zip3_l = zip3_r) AND house_l = house_r "
            f"AND jaro_winkler_similarity(street_l, street_r) >= {LIKELY}",
        ),
        Level(
            "street",
            lambda a, b: _equal(a.code, b.code) and alike(a.street, b.street) >= NEAR,
            f"code_l = code_r AND jaro_winkler_similarity(street_l, street_r) >= {NEAR}",
        ),
        Level(
            "door",
            lambda a, b: _equal(a.house, b.house) and alike(a.street, b.street) >= NEAR,
            f"house_l = house_r AND jaro_winkler_similarity(street_l, street_r) >= {NEAR}",
        ),
        Level(
            "near",
            lambda a, b: _equal(a.code, b.code) and alike(a.town, b.town) >= NEAR,
            f"code_l = code_r AND jaro_winkler_similarity(town_l, town_r) >= {NEAR}",
        ),
        Level("code", lambda a, b: _equal(a.code, b.code), "code_l = code_r"),
        Level(
            "town",
            lambda a, b: alike(a.town, b.town) >= NEAR,
            f"jaro_winkler_similarity(town_l, town_r) >= {NEAR}",
        ),
        Level("area", lambda a, b: _equal(a.zip3, b.zip3), "zip3_l = zip3_r"),
        _else(),
    ),
)


def _turned(born: str | None) -> str | None:
    return born and born[:4] + born[6:] + born[4:6]


BORN = Comparison(
    "born",
    *_missing("born"),
    (
        Level("same", lambda a, b: _equal(a.born, b.born), "born_l = born_r"),
        Level(
            "close",
            lambda a, b: (
                Levenshtein.distance(a.born or "", b.born or "", score_cutoff=1) <= 1
                or _equal(_turned(a.born), b.born)
            ),
            "levenshtein(born_l, born_r) <= 1 OR substr(born_l, 1, 4) || substr(born_l, 7, 2) || "
            "substr(born_l, 5, 2) = born_r",
        ),
        _else(),
    ),
)


def _trades(a: Features, b: Features) -> bool:
    """One does business under the name of the other."""
    return a.company in b.trades or b.company in a.trades or _meet(a.trades, b.trades)


def _begins(a: Features, b: Features) -> bool:
    one, other = sorted((a.company or "", b.company or ""), key=len)
    return len(one) >= 6 and other.startswith(one)


def _mistyped_firm(a: Features, b: Features) -> bool:
    """A few letters, not a whole word: Noeldner Consulting is not Noeldner Accounting."""
    if alike(a.company, b.company) < FIRM:
        return False
    return Levenshtein.distance(a.company or "", b.company or "", score_cutoff=3) <= 3


COMPANY = Comparison(
    "company",
    *_missing("company"),
    (
        Level(
            "same", lambda a, b: _equal(a.company, b.company), "company_l = company_r", by="company"
        ),
        Level(
            "words",
            lambda a, b: _equal(a.words, b.words) or _trades(a, b),
            "words_l = words_r OR coalesce(list_contains(trades_l, company_r), false) OR "
            "coalesce(list_contains(trades_r, company_l), false) OR "
            "coalesce(list_has_any(trades_l, trades_r), false)",
        ),
        Level(
            "close",
            _mistyped_firm,
            f"jaro_winkler_similarity(company_l, company_r) >= {FIRM} AND "
            "levenshtein(company_l, company_r) <= 3",
        ),
        Level(
            "begins",
            _begins,
            "(length(company_l) >= 6 AND starts_with(company_r, company_l)) OR "
            "(length(company_r) >= 6 AND starts_with(company_l, company_r))",
        ),
        _else(),
    ),
)
DOMAIN = Comparison("domain", *_missing("domains"), (_any("domains"), _else()))

PEOPLE = (FIRST, LAST, EMAIL, PHONE, ADDRESS, BORN)
COMPANIES = (COMPANY, DOMAIN, PHONE, ADDRESS)
COMPARISONS = {"p": PEOPLE, "c": COMPANIES}


def vector(kind: str, a: Features, b: Features) -> tuple[int, ...]:
    """The level of each comparison of this kind, −1 where nobody said."""
    return tuple(comparison.level(a, b) for comparison in COMPARISONS[kind])

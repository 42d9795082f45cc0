"""The hard cases, each judged as somebody who knows them would."""

from dataclasses import replace

import pytest

from regulars.matching.certainty import is_certain
from regulars.matching.features import Written, features
from regulars.matching.judging import judge
from regulars.matching.scoring import shipped

from .hard_cases import CASES, M1, M2, A, w


@pytest.mark.parametrize(
    ("one", "other", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_two_customers_are_to_each_other_what_somebody_who_knows_them_would_say(
    one: Written, other: Written, expected: str
) -> None:
    a, b = features(one), features(other)
    there, back = judge(a, b, shipped()), judge(b, a, shipped())
    shown = ", ".join(reason.shown for reason in there.reasons)
    assert there.said == expected, f"{there.weight:.1f}: {shown}"
    assert (there.said, there.levels) == (back.said, back.levels)
    assert there.weight == pytest.approx(back.weight, abs=1e-9)


def test_there_are_more_than_a_hundred_and_no_two_are_called_alike() -> None:
    names = [case[0] for case in CASES]
    assert len(set(names)) == len(names) > 100


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        (w(f"John|Hill|jhill@q.org|{M1}|{A}"), w(f"John|Hill|jhill@q.org|{M1}|{A}"), True),
        (w("Bill|Hart|william.hart@q.org"), w("William|Hart|william.hart@q.org"), True),
        (w(f"John|Hill||{M1}|{A}", "1980-02-03"), w(f"John|Hill||{M1}|{A}", "1980-02-03"), True),
        (w(f"John|Hill||{M1}|{A}"), w(f"John|Hill||{M1}|{A}"), False),
        (w(f"John|Hill|hillfamily@q.org|{M1}|{A}"), w(f"John|Hill|hillfamily@q.org||{A}"), False),
        (w("J.|Osborne|janet.osborne@q.org"), w("Janet|Osborne|janet.osborne@q.org"), True),
        (w("Wong|Amelia|amelia.wong@q.org"), w("Amelia|Wong|amelia.wong@q.org"), True),
        (w(f"Joan|Hill||{M1}|{A}"), w(f"Joan|Hill||{M1}|{A}"), True),
        (w(f"Lindsay|Hill||{M1}|{A}"), w(f"Lindsey|Hill||{M1}|{A}"), False),
        (w(f"J.|Hill||{M1}|{A}"), w(f"Joan|Hill||{M1}|{A}"), False),
        (w("John|Hill Jr|jhill@q.org"), w("John|Hill|jhill@q.org"), False),
        (w(f"Tom|Reed|reeds@q.org|{M1}|{A}"), w(f"Sue|Reed|reeds@q.org|{M1}|{A}"), False),
        (w(f"Noah|Ott||{M1}|{A}", "2003-03-03"), w(f"Noa|Ott||{M1}|{A}", "2003-03-03"), False),
        (w(f"Julia|Ott||{M1}|{A}", "2003-03-03"), w(f"Julie|Ott||{M1}|{A}", "2003-03-03"), False),
        (w("Noah|Ott|noah.ott@q.org"), w("Noa|Ott|noah.ott@q.org"), True),
        (w(f"Petronella|Hill||{M1}|{A}"), w(f"Petronella|Hill||{M1}|{A}"), False),
    ],
    ids=["initial and mailbox", "nickname and mailbox", "birthday", "all that a father and son "
         "share", "the mailbox of the family", "a letter and the whole name in the mailbox",
         "swapped", "women are not called as their mothers", "sisters", "a letter and a family",
         "one a Jr", "spouses", "twins with nearly one name", "twins with names for each other",
         "a letter and the mailbox of the name", "a woman of a rare name"],
)  # fmt: skip
def test_beyond_doubt_is_only_what_a_family_does_not_share(
    one: Written, other: Written, certain: bool
) -> None:
    assert is_certain(judge(features(one), features(other), shipped())) is certain


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        (w(f"Kim|Hill||{M1}|{A}"), w(f"Kim|Hill||{M2}|{A}"), False),
        (w(f"Lisa|Hill|melissahill@q.org||{A}"), w(f"Lisa|Hill|ahill@r.org||{A}"), False),
        (w(f"Kim|Hill|kh@q.org|{M1}|{A}"), w(f"Kim|Hill|office@r.org|{M1}|{A}"), True),
        (w(f"Kim|Hill|||{A}"), w(f"Kim|Hill||{M1}|{A}"), True),
        (w(f"Joan|Hill|||{A}"), w(f"Joan|Reginald||{M1}|{A}"), False),
        (w(f"Price|Cody|pricefamily@q.org|{M1}|{A}"), w("Price|Shelly|pricefamily@q.org"), False),
        (w("Emma|Thorne|||9 Oak St Apt 4, Troy, 48084"),
         w("Emma|Thorne|||9 Oak St Apt 17, Troy, 48084"), False),
        (w("Emma|Thorne|||9 Oak St Apt 4, Troy, 48084"),
         w("Emma|Thorne|||9 Oak St #4, Troy, 48084"), True),
    ],
    ids=["another number", "another mailbox", "one number, another mailbox", "one gave none",
         "another last name", "swapped, with the mailbox of the family", "another flat",
         "one flat"],
)  # fmt: skip
def test_a_home_and_a_womans_name_are_not_beyond_doubt_however_rare_the_name(
    one: Written, other: Written, certain: bool
) -> None:
    judged = judge(features(one), features(other), shipped())
    rare = replace(judged, score=replace(judged.score, weight=20.0))
    assert is_certain(rare) is certain

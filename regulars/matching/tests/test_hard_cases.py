"""The hard cases, each judged as somebody who knows them would."""

import pytest

from regulars.matching.features import Written, features
from regulars.matching.judging import judge
from regulars.matching.scoring import shipped

from .hard_cases import CASES


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

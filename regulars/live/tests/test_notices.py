"""Notices: many become one, and one too many becomes everything."""

import json

import pytest

from regulars.live.notices import EVERYTHING, MANY, Notice, read


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Notice(), Notice(), Notice()),
        (Notice(frozenset({1})), Notice(frozenset({1, 2})), Notice(frozenset({1, 2}))),
        (Notice(frozenset({1})), EVERYTHING, EVERYTHING),
        (Notice(moved=True), Notice(frozenset({3})), Notice(frozenset({3}), moved=True)),
        (Notice(frozenset(range(MANY))), Notice(frozenset({MANY})), EVERYTHING),
    ],
)
def test_two_notices_are_one(one: Notice, other: Notice, both: Notice) -> None:
    assert one | other == other | one == both


@pytest.mark.parametrize(
    ("payload", "notice"),
    [
        ('{"customers": [1, 2]}', Notice(frozenset({1, 2}))),
        ('{"customers": [1], "moved": true}', Notice(frozenset({1}), moved=True)),
        ('{"all": true}', EVERYTHING),
        ("", EVERYTHING),
        ("[]", EVERYTHING),
        ('{"customers": 5}', EVERYTHING),
        ('{"customers": ["1", null]}', Notice()),
    ],
)
def test_what_cannot_be_read_may_mean_anything(payload: str, notice: Notice) -> None:
    assert read(payload) == notice


def test_the_longest_notice_fits_into_one_message() -> None:
    assert len(json.dumps({"customers": [2**63 - 1] * MANY, "moved": True})) < 8_000


def test_only_an_empty_notice_says_nothing() -> None:
    assert not Notice()
    assert Notice(moved=True)
    assert EVERYTHING

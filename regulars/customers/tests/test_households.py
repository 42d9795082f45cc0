"""Who may be one household: tables of cases."""

import pytest

from regulars.customers.households import (
    CROWD,
    MOST,
    Proposal,
    Shared,
    Someone,
    called,
    may_live_together,
    near,
    proposals,
)

ME, MIA, BEN = Someone(1, False), Someone(2, False), Someone(3, False)


def home(*customers: int) -> Shared:
    return Shared("address", "12 main st|48084|US", "12 Main St", frozenset(customers))


def phone(*customers: int) -> Shared:
    return Shared("phone", "17345550142", "734.555.0142", frozenset(customers))


@pytest.mark.parametrize(
    ("me", "other", "refused", "may"),
    [
        (ME, MIA, set(), True),
        (ME, ME, set(), False),
        (ME, MIA, {2}, False),
        (ME, MIA, {3}, True),
        (Someone(1, True), MIA, set(), False),
        (ME, Someone(2, True), set(), False),
        (Someone(1, False, 7), MIA, set(), True),
        (ME, Someone(2, False, 7), set(), True),
        (Someone(1, False, 7), Someone(2, False, 7), set(), False),
        (Someone(1, False, 7), Someone(2, False, 8), set(), False),
    ],
)
def test_persons_may_live_together_who_live_nowhere_else(
    me: Someone, other: Someone, refused: set[int], may: bool
) -> None:
    assert may_live_together(me, other, refused) is may


@pytest.mark.parametrize(
    ("shared", "found"),
    [
        ([], []),
        ([home(1, 2)], [Proposal(2, ("Same address: 12 Main St",))]),
        ([phone(1, 3)], [Proposal(3, ("Same phone: (734) 555-0142",))]),
        (
            [home(1, 2, 3), phone(1, 3)],
            [
                Proposal(3, ("Same address: 12 Main St", "Same phone: (734) 555-0142")),
                Proposal(2, ("Same address: 12 Main St",)),
            ],
        ),
        ([home(1)], []),
        ([home(2, 3)], []),
        (
            [home(*range(1, CROWD + 1))],
            [Proposal(n, ("Same address: 12 Main St",)) for n in (2, 3)],
        ),
        ([home(*range(1, CROWD + 2))], []),
        ([home(*range(1, CROWD + 2)), phone(1, 2)], [Proposal(2, ("Same phone: (734) 555-0142",))]),
    ],
)
def test_what_they_share_proposes_them_and_a_crowd_says_nothing(
    shared: list[Shared], found: list[Proposal]
) -> None:
    assert proposals(ME, [MIA, BEN], shared, set()) == found


def test_nobody_is_proposed_whom_the_reader_does_not_see() -> None:
    assert proposals(ME, [BEN], [home(1, 2, 3)], set()) == [
        Proposal(3, ("Same address: 12 Main St",))
    ]


def test_there_are_never_too_many() -> None:
    others = [Someone(n, False) for n in range(2, 60)]
    shared = [Shared("phone", f"1734555{n:04}", "", frozenset({1, n})) for n in range(2, 60)]
    assert len(proposals(ME, others, shared, set())) == MOST


def test_near_says_what_is_shared_with_whom() -> None:
    assert near(1, [home(1, 2), phone(1, 2, 3)]) == {
        2: [home(1, 2), phone(1, 2, 3)],
        3: [phone(1, 2, 3)],
    }


@pytest.mark.parametrize(
    ("name", "last_names", "said"),
    [
        ("", ["Moss"], "Moss household"),
        ("", ["Moss", "Moss"], "Moss household"),
        ("", ["Moss", "", "Castellanos", "Moss"], "Moss and Castellanos household"),
        ("", ["", ""], "Household"),
        ("", [], "Household"),
        ("The house on Main", ["Moss"], "The house on Main"),
    ],
)
def test_a_household_has_its_own_name_or_that_of_those_who_live_there(
    name: str, last_names: list[str], said: str
) -> None:
    assert called(name, last_names) == said

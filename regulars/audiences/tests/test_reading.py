"""What an audience may be made of."""

from __future__ import annotations

import pytest

from regulars.audiences import reading
from regulars.criteria.language import CriteriaError, Fact, Group, Has
from regulars.criteria.when import Ago
from regulars.criteria.whose import require_same_for_all


def _in(*words: str) -> Fact:
    return Fact("in", "is", words)


def test_each_comes_after_those_it_is_made_of() -> None:
    trees = {"A": _in("b"), "B": _in("C", "D"), "C": Fact("waiting", "is", True), "D": _in("C")}
    assert reading.in_order(trees) == ["C", "D", "B", "A"]


@pytest.mark.parametrize(
    ("tree", "moves"),
    [
        (Fact("waiting", "is", True), False),
        (Fact("created", "<", Ago(7, "day")), True),
        (Has("task", Fact("overdue", "is", True)), True),
        (Has("suit", Group("any", (Fact("ready", ">", Ago(1, "month")),))), True),
    ],
)
def test_the_clock_moves_what_speaks_of_it(tree: Fact, moves: bool) -> None:
    assert reading.moves_with_time(tree) is moves


@pytest.mark.parametrize(
    "fact",
    [Fact("owner", "is", ("me",)), Fact("team", "is", ("mine",)), Fact("unread", "is", True)],
)
def test_what_differs_between_colleagues_is_refused(fact: Fact) -> None:
    with pytest.raises(CriteriaError, match="the same for everybody"):
        require_same_for_all(Group("none", (fact,)), "An audience")


@pytest.mark.parametrize("operator", ["starts", "contains", "="])
def test_a_text_may_say_me(operator: str) -> None:
    require_same_for_all(Fact("company", operator, ("me", "mine")), "An audience")

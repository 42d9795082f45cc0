"""Completion while typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.criteria.complete import complete

from .made_up import FIELDS, asking


def offered(typed: str, cursor: int | None = None) -> list[str]:
    return [one.insert for one in complete(typed, asking(), FIELDS, cursor=cursor)]


@pytest.mark.parametrize(
    ("typed", "inserts"),
    [
        ("ow", ["owner:"]),
        ("WAI", ["waiting", "waiting_since "]),
        ("birth", ["born "]),
        ("owner:", ["me", "unassigned", '"Ana Lopez"', '"Ben O\'Brien"', '"Jo and Co"']),
        ("owner:ana", ['"Ana Lopez"']),
        ("owner:co", ['"Jo and Co"']),
        ("owner:lop", ['"Ana Lopez"']),
        ('owner:"An', ['"Ana Lopez"', '"Jo and Co"']),
        ("owner:me,un", ["unassigned"]),
        ("waiting and cr", ["created "]),
        ("waiting o", ["or ", "owner:"]),
        ("intent ", [">= ", "<= ", "= "]),
        ("created in th", ["this month", "this week", "this quarter", "this year"]),
        (
            "created in la",
            ["last week", "last month", "last quarter", "last year", "last 7 days", "last 30 days"],
        ),
        ("created < 7 d", ["7 days ago"]),
        (
            "created < 3",
            ["3 days ago", "3 weeks ago", "3 months ago", "3 years ago", "3 hours ago"],
        ),
        ("waiting and created < 1 we", ["1 week ago"]),
        ("vip", ["tag:VIP"]),
        ("type:x", []),
        ("ha", ["has suit"]),
        ("has ", ["suit"]),
        ("has a su", ["suit"]),
        ("has more than 2 s", ["suit"]),
        ("mine and no ", ["suit"]),
        ("has more than 2 suit(co", ["colour:"]),
        ("has suit(", ["colour:", "price ", "ready ", "paid", "not "]),
        ("has suit(colour:", ["navy", "dark_green", '"has"', "empty"]),
        ("has suit(price > 9 and re", ["ready "]),
        ("has suit(paid) and ow", ["owner:"]),
        ("suit.c", ["suit.colour:"]),
        ("suit.colour:na", ["navy"]),
        ("colour", ["suit.colour:"]),
        ("zzz", []),
        ("owner:\x00", []),
    ],
)
def test_what_fits_is_offered(typed: str, inserts: list[str]) -> None:
    assert offered(typed) == inserts


def test_what_is_typed_is_replaced() -> None:
    (one,) = complete("waiting and ow", asking(), FIELDS)
    assert (one.start, one.end, one.label) == (12, 14, "Owner")


def test_only_what_stands_before_the_cursor_counts() -> None:
    assert offered("ow and waiting", cursor=2) == ["owner:"]


def test_at_most_eight_are_offered() -> None:
    assert len(complete("", asking(), FIELDS)) == 8


@given(st.text(), st.integers(-5, 50))
def test_any_typing_is_answered(typed: str, cursor: int) -> None:
    for one in complete(typed, asking(), FIELDS, cursor=cursor):
        assert 0 <= one.start <= one.end <= len(typed)

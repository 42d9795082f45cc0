"""Ratings as fields, with and without somebody who gives them."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Case, IntegerField, Value, When
from django.test import Client

from regulars.criteria import sql, text
from regulars.criteria.fields import Asking
from regulars.customers.cards import Badge, badges
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff.models import User


@pytest.fixture
def three(make_customer: Any) -> None:
    for name in ("Hot Lead", "Cool Lead", "New Lead"):
        make_customer(name)


@pytest.fixture
def rated(monkeypatch: pytest.MonkeyPatch) -> None:
    def value() -> Case:
        return Case(
            When(name__startswith="Hot", then=Value(5)),
            When(name__startswith="Cool", then=Value(2)),
            default=None,
            output_field=IntegerField(),
        )

    monkeypatch.setitem(badges._items, "intent", Badge("intent", "Purchase intent", value))


def found(typed: str, user: User) -> list[str]:
    asking = Asking(user, clock.now(), ZoneInfo("UTC"))
    rows = Customer.objects.visible_to(user).filter(sql.q(text.read(typed, asking), asking))
    return sorted(row.name for row in rows)


@pytest.mark.parametrize("typed", ["intent >= 1", "intent < 9", "intent:1..5", "financial:1,2"])
@pytest.mark.usefixtures("three")
def test_nobody_has_a_rating_that_nobody_gives(ada: User, typed: str) -> None:
    assert found(typed, ada) == []
    assert len(found(f"not ({typed})", ada)) == 3


@pytest.mark.usefixtures("three")
def test_without_ratings_all_are_empty(ada: User) -> None:
    assert len(found("intent:empty", ada)) == 3
    assert found("not financial:empty", ada) == []


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("intent >= 4", ["Hot Lead"]),
        ("intent < 2.5", ["Cool Lead"]),
        ("intent <= 5", ["Cool Lead", "Hot Lead"]),
        ("intent > 2", ["Hot Lead"]),
        ("intent:2,3", ["Cool Lead"]),
        ("intent:empty", ["New Lead"]),
        ("not intent >= 4", ["Cool Lead", "New Lead"]),
    ],
)
@pytest.mark.usefixtures("three", "rated")
def test_a_rating_given_as_a_badge_is_compared(ada: User, typed: str, names: list[str]) -> None:
    assert found(typed, ada) == names


@pytest.mark.usefixtures("three")
def test_the_list_and_the_api_take_a_rating(ada_in: Client, api: Any, ada: User) -> None:
    assert ada_in.get("/customers/?intent=%3E%3D4&financial=empty").status_code == 200
    assert "New Lead" in ada_in.get("/customers/?filter=intent:empty").content.decode()
    assert api(ada).get("/customers", filter="intent >= 4")["items"] == []

"""The demo's people are those the sign-in page promises, and the same twice."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from regulars.staff import demo, queries
from regulars.staff.models import Store, Team, User

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class World:
    now: datetime = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


def loaded() -> list[tuple[Any, ...]]:
    """The people of one loading, which is taken back."""
    kept = ("email", "name", "title", "role__key", "team__name", "store__name", "is_active")
    five = User.objects.filter(email__endswith="@demo.example").order_by("email")
    with transaction.atomic():
        demo.load(World())
        people = User.objects.order_by("email").values_list(*kept, "created_at", "last_seen_at")
        found = [*people, *five.values_list("email", "password")]
        transaction.set_rollback(True)
    return found


def test_two_stores_three_teams_five_people_and_at_least_eight_more() -> None:
    demo.load(World())
    assert Store.objects.count() == 2
    assert set(Team.objects.values_list("name", flat=True)) == {"North", "South", "Wholesale"}
    five = {
        person.email: (person.role.key, person.team.name if person.team else None)
        for person in queries.demo_people()
    }
    assert five == {
        "ana@demo.example": ("salesperson", "North"),
        "ben@demo.example": ("salesperson", "South"),
        "mia@demo.example": ("manager", None),
        "omar@demo.example": ("marketing", None),
        "ada@demo.example": ("administrator", None),
    }
    assert User.objects.exclude(email__endswith="@demo.example").count() >= 8


def test_some_are_online_some_are_not_and_one_never_came() -> None:
    demo.load(World())
    online = queries.online(World().now).count()
    assert 4 <= online < User.objects.count()
    assert User.objects.filter(last_seen_at=None).exists()
    assert User.objects.filter(is_active=False).exists()


def test_each_of_the_five_signs_in_with_the_password_demo() -> None:
    demo.load(World())
    for n, person in enumerate(demo.FIVE):
        typed = {"login": person.email, "password": "demo"}
        answer = Client().post("/accounts/login/", typed, REMOTE_ADDR=f"10.0.0.{n}")
        assert answer.status_code == 302


def test_the_demo_is_the_same_twice() -> None:
    assert loaded() == loaded()


def test_starting_again_brings_the_people_back_to_their_places() -> None:
    demo.load(World())
    before = list(User.objects.order_by("pk").values_list("last_seen_at", flat=True))
    User.objects.filter(is_active=True).update(last_seen_at=None)
    assert demo.freshen(World()) == 16
    assert list(User.objects.order_by("pk").values_list("last_seen_at", flat=True)) == before

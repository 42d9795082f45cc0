"""Who works here, for programs."""

from typing import Any

import pytest
from ninja.testing import TestClient

from regulars.lib.errors import Invalid
from regulars.staff import queries
from regulars.staff.api import router
from regulars.staff.models import Store, Team, User

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def api() -> TestClient:
    return TestClient(router)


def test_me_says_who_and_what_one_may(api: TestClient, ana: User) -> None:
    said = api.get("/me", user=ana).json()
    assert said["name"] == "Ana Ferreira"
    assert said["role"] == {"key": "salesperson", "name": "Salesperson", "sees": "team"}
    assert said["team"] == {"id": ana.team_id, "name": "North Sales"}
    assert said["time_zone"] == "America/Detroit"
    assert said["rights"]["customers"] == "edit"
    assert said["rights"]["erase"] == "hidden"


def test_colleagues_come_with_their_presence_and_the_disabled_are_marked(
    api: TestClient, ana: User, dora: User
) -> None:
    said = api.get("/staff", user=ana).json()
    assert [(p["name"], p["active"], p["online"]) for p in said["items"]] == [
        ("Ana Ferreira", True, False),
        ("Dora Petrov", False, False),
    ]
    assert said["next"] is None
    assert "password" not in said["items"][0]


def test_a_long_list_is_read_page_by_page(
    api: TestClient, ana: User, cleo: User, ben: User
) -> None:
    names: list[str] = []
    cursor: Any = ""
    while cursor is not None:
        said = api.get(f"/staff?limit=2{f'&cursor={cursor}' if cursor else ''}", user=ana).json()
        names += [person["name"] for person in said["items"]]
        cursor = said["next"]
    assert names == ["Ana Ferreira", "Cleo Marsh", "Ben Castillo"]


@pytest.mark.parametrize("cursor", ["after-", "after-x", "x", "after-1e3", "after-" + "9" * 30])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        queries.after(User.objects.all(), cursor, 10)


def test_stores_and_teams_are_listed(api: TestClient, ana: User, south_sales: Team) -> None:
    stores = api.get("/stores", user=ana).json()["items"]
    assert [s["name"] for s in stores] == list(
        Store.objects.order_by("pk").values_list("name", flat=True)
    )
    teams = api.get("/teams", user=ana).json()["items"]
    assert teams[-1] == {
        "id": south_sales.pk,
        "name": "South Sales",
        "store": {"id": south_sales.store_id, "name": "Marlow South"},
    }


def test_a_list_costs_one_statement(
    api: TestClient, ana: User, ben: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        api.get("/staff", user=ana)

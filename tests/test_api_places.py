"""Where customers are, for programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from regulars.staff.models import User
from tests.api import Program, refused
from tests.cast import MakeCustomer

Api = Callable[[User | None], Program]
TROY = {"line1": "12 Elm Street", "city": "Troy", "state": "MI", "postal_code": "48084",
        "country": "US"}  # fmt: skip


@pytest.fixture(autouse=True)
def _people(ana: User, ben: User, make_customer: MakeCustomer) -> None:
    make_customer("Renée Roe", owner=ana, locations=[TROY], tags=["VIP"])
    make_customer("Ben’s Own", owner=ben, locations=[TROY])


def test_a_list_says_where_its_customers_are(api: Api, ana: User) -> None:
    (pin,) = api(ana).get("/customers/map", filter="tag:VIP", box="41,-91,48,-82")["items"]
    assert (pin["name"], pin["place"], pin["freshness"]) == ("Renée Roe", "Troy", "gray")
    assert 42 < pin["latitude"] < 43
    assert pin["url"].endswith(f"/customers/{pin['id']}/")
    assert api(ana).get("/customers/map", box="0,0,1,1") == {"items": [], "more": False}


def test_a_box_that_cannot_be_read_is_named(api: Api, ana: User) -> None:
    assert "box" in refused(api(ana).send("GET", "/customers/map", box="here"), 422)

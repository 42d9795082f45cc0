"""The list on the map: the same address shows the same people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.staff.models import User
from tests.cast import MakeCustomer

SignedIn = Callable[[User], Client]

TROY = {"line1": "12 Elm Street", "city": "Troy", "state": "MI", "postal_code": "48084",
        "country": "US"}  # fmt: skip


@pytest.fixture
def renee(ana: User, make_customer: MakeCustomer) -> None:
    make_customer("Renée Roe", owner=ana, locations=[TROY], tags=["VIP"])
    make_customer("Nowhere Noe", owner=ana, tags=["VIP"])


def test_who_has_a_place_stands_on_the_map_with_it(
    renee: None, ana: User, signed_in: SignedIn
) -> None:
    page = signed_in(ana).get("/customers/map/?tag=VIP").content.decode()
    assert "Renée Roe" in page
    assert 'data-at="42.' in page
    assert "Nowhere Noe" not in page
    assert "located=0" in page


def test_those_without_a_place_are_one_step_away(
    renee: None, ana: User, signed_in: SignedIn
) -> None:
    page = signed_in(ana).get("/customers/?tag=VIP&located=0").content.decode()
    assert "Nowhere Noe" in page
    assert "Renée Roe" not in page


def test_a_part_of_the_map_has_its_own_list(renee: None, ana: User, signed_in: SignedIn) -> None:
    page = signed_in(ana).get("/customers/map/?box=0,0,1,1").content.decode()
    assert "Renée Roe" not in page
    assert "Nobody here" in page


@pytest.mark.parametrize("query", ["box=here", "filter=owner:nobody-at-all+and", "box=%00"])
def test_what_cannot_be_read_is_said_and_nobody_is_shown(
    renee: None, ana: User, signed_in: SignedIn, query: str
) -> None:
    answer = signed_in(ana).get(f"/customers/map/?{query}")
    assert answer.status_code == 422
    assert "Renée Roe" not in answer.content.decode()


def test_it_is_eight_statements_however_many_pages_of_the_list_it_shows(
    renee: None, ana: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.customers.queries.MOST", 1)
    here = signed_in(ana)
    here.get("/customers/map/")
    with CaptureQueriesContext(connection) as asked:
        here.get("/customers/map/?tag=VIP")
    assert len(asked) <= 8

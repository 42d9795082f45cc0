"""Households and referrals for programs: read with the customer, written like any other field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.staff.models import User
from tests.api import Program, refused

Api = Callable[[User | None], Program]
Make = Callable[..., Customer]


@pytest.fixture
def rita(make_customer: Make, ana: User) -> Customer:
    return make_customer("Rita Moss", owner=ana)


@pytest.fixture
def sam(make_customer: Make, ana: User) -> Customer:
    return make_customer("Sam Moss", owner=ana)


def at(customer: Customer) -> str:
    return f"/customers/{customer.public_id}"


def ref(customer: Customer) -> dict[str, str]:
    return {"id": str(customer.public_id), "name": customer.name}


def test_a_household_is_made_with_somebody_joined_by_its_id_and_left(
    ana: User, api: Api, rita: Customer, sam: Customer
) -> None:
    body = api(ana).patch(at(rita), {"household": str(sam.public_id), "relation": "Wife"})
    assert body["household"]["name"] == "Moss household"
    assert body["household"]["members"] == [ref(sam)]
    assert body["relation"] == "Wife"
    child = {"name": "Kim Moss", "household": body["household"]["id"], "relation": "Daughter"}
    kim = api(ana).post("/customers", child)
    assert {one["name"] for one in kim["household"]["members"]} == {"Rita Moss", "Sam Moss"}
    named = api(ana).patch(f"/customers/{kim['id']}", {"household_name": "The Mosses"})
    assert named["household"]["name"] == "The Mosses"
    left = api(ana).patch(f"/customers/{kim['id']}", {"household": None})
    assert (left["household"], left["relation"]) == (None, "")
    listed = api(ana).get("/customers", filter="household")["items"]
    assert {row["name"]: row["household"]["members"][0]["name"] for row in listed} == {
        "Rita Moss": "Sam Moss",
        "Sam Moss": "Rita Moss",
    }


def test_who_referred_them_is_read_written_and_taken_back(
    ana: User, api: Api, rita: Customer, sam: Customer
) -> None:
    said = {"referred_by": str(sam.public_id), "referral_source": "Church picnic"}
    body = api(ana).patch(at(rita), said)
    assert (body["referred_by"], body["referral_source"]) == (ref(sam), "Church picnic")
    assert api(ana).patch(at(rita), {"company": "Moss Ltd"})["referred_by"] == ref(sam)
    assert api(ana).patch(at(rita), {"referral_source": "Bowling"})["referred_by"] == ref(sam)
    gone = api(ana).patch(at(rita), {"referred_by": None})
    assert (gone["referred_by"], gone["referral_source"]) == (None, "")
    new = api(ana).post("/customers", {"name": "Kim Moss", **said})
    assert new["referred_by"] == ref(sam)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_foreign_id_is_missing_like_one_that_never_was(
    ana: User, ada: User, ben: User, api: Api, rita: Customer, make_customer: Make, method: str
) -> None:
    foreign, mate = (make_customer(name, owner=ben) for name in ("Foreign One", "Foreign Two"))
    household = actions.confirm(foreign, mate, by=ada)
    sent: list[dict[str, Any]] = [
        {"household": household.pk},
        {"household": 10**9},
        {"household": str(foreign.public_id)},
        {"household": str(uuid4())},
        {"referred_by": str(foreign.public_id)},
        {"referred_by": str(uuid4())},
    ]
    path = "/customers" if method == "POST" else at(rita)
    count = Customer.objects.get_queryset().count()
    for body in sent:
        said = refused(api(ana).send(method, path, {"name": "Kim Moss", **body}), 422)
        (field,) = body
        assert set(said) == {field}
        assert said[field].startswith("There is no such ")
    assert Customer.objects.get_queryset().count() == count


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"household": "nonsense"}, "household"),
        ({"household": -1}, "household"),
        ({"household": {}}, "household"),
        ({"referred_by": 7}, "referred_by"),
        ({"relation": "x" * 41}, "relation"),
        ({"referral_source": "x" * 101}, "referral_source"),
    ],
)
def test_what_is_no_family_is_refused_by_field(
    ana: User, api: Api, rita: Customer, body: dict[str, Any], field: str
) -> None:
    assert field in refused(api(ana).send("PATCH", at(rita), body), 422)


def test_nobody_refers_or_marries_themselves(ana: User, api: Api, rita: Customer) -> None:
    for field in ("household", "referred_by"):
        body = {field: str(rita.public_id)}
        assert field in refused(api(ana).send("PATCH", at(rita), body), 422)


def test_those_a_program_may_not_see_are_not_named(
    ana: User, ada: User, ben: User, api: Api, rita: Customer, make_customer: Make
) -> None:
    foreign = make_customer("Foreign One", owner=ben)
    actions.confirm(rita, foreign, by=ada)
    rita.refresh_from_db()
    actions.refer(rita, foreign, by=ada)
    body = api(ana).get(at(rita))
    assert body["household"]["members"] == []
    assert body["referred_by"] is None
    assert "Foreign" not in str(body)

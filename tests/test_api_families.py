"""Households and referrals for programs: read with the customer, written like any other field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.staff.models import User
from tests.api import Program, ok, refused

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
    actions.confirm(foreign, mate, by=ada)
    foreign.refresh_from_db()
    sent: list[dict[str, Any]] = [
        {"household": foreign.household_id},
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


# Two households become one, one becomes two


@pytest.fixture
def four(ana: User, make_customer: Make) -> list[Customer]:
    """Rita with Sam, Kim with Lou; Rita and Kim have one phone."""
    names = ("Rita Moss", "Sam Moss", "Kim Lane", "Lou Lane")
    found = [
        make_customer(name, owner=ana, phone="" if n % 2 else "734 555 0142")
        for n, name in enumerate(names)
    ]
    for one, other in (found[:2], found[2:]):
        actions.confirm(one, other, by=ana)
    for one in found:
        one.refresh_from_db()
    return found


def test_another_household_that_may_be_the_same_is_shown_joined_and_taken_apart(
    ana: User, api: Api, four: list[Customer]
) -> None:
    mine, theirs = four[0].household_id, four[2].household_id
    body = api(ana).get(f"/households/{mine}")
    assert (body["name"], [one["name"] for one in body["members"]]) == (
        "Moss household",
        ["Rita Moss", "Sam Moss"],
    )
    (perhaps,) = body["perhaps"]
    assert (perhaps["id"], perhaps["people"]) == (theirs, [ref(four[2])])
    assert perhaps["reasons"] == ["Same phone: (734) 555-0142"]
    made = api(ana).post(f"/households/{mine}/combine", {"household": theirs}, status=200)
    assert (made["deed"], made["household"], made["other"]) == ("combined", mine, theirs)
    assert {"customer": ref(four[3]), "before": theirs, "after": mine} in made["moves"]
    assert len(api(ana).get(f"/households/{mine}")["members"]) == 4
    refused(api(ana).send("GET", f"/households/{theirs}"), 404)
    back = ok(api(ana).send("DELETE", f"/household-changes/{made['id']}"), 200)
    assert back["undone_by"] == {"id": ana.pk, "name": ana.name}
    assert len(api(ana).get(f"/households/{theirs}")["members"]) == 2
    refused(api(ana).send("DELETE", f"/household-changes/{made['id']}"), 422)


def test_some_leave_into_a_household_of_their_own(
    ana: User, api: Api, four: list[Customer]
) -> None:
    mine, theirs = four[0].household_id, four[2].household_id
    api(ana).post(f"/households/{mine}/combine", {"household": theirs}, status=200)
    going = {"members": [str(one.public_id) for one in four[2:]]}
    made = api(ana).post(f"/households/{mine}/split", going, status=200)
    own = made["other"]
    assert [one["name"] for one in api(ana).get(f"/households/{own}")["members"]] == [
        "Kim Lane",
        "Lou Lane",
    ]
    refused(api(ana).send("POST", f"/households/{mine}/split", going), 422)
    listed = api(ana).get("/household-changes", customer=str(four[3].public_id), limit=2)
    assert [one["deed"] for one in listed["items"]] == ["split", "combined"]
    more = api(ana).get("/household-changes", cursor=listed["next"])
    assert [one["deed"] for one in more["items"]] == ["joined", "joined"]


def test_two_that_are_not_one_are_said_so_once(ana: User, api: Api, four: list[Customer]) -> None:
    mine, theirs = four[0].household_id, four[2].household_id
    api(ana).post(f"/households/{mine}/refuse", {"household": theirs}, status=200)
    assert api(ana).get(f"/households/{mine}")["perhaps"] == []
    refused(api(ana).send("POST", f"/households/{mine}/refuse", {"household": theirs}), 422)


def test_foreign_households_and_their_changes_are_missing(
    ana: User, ben: User, ada: User, api: Api, four: list[Customer], make_customer: Make
) -> None:
    one, other = (make_customer(f"Foreign {n}", owner=ben) for n in "12")
    change = actions.confirm(one, other, by=ada)
    assert change is not None
    mine = four[0].household_id
    for path in (f"/households/{change.household}", f"/household-changes/{change.public_id}"):
        refused(api(ana).send("GET", path), 404)
    refused(api(ana).send("DELETE", f"/household-changes/{change.public_id}"), 404)
    for what in ("combine", "refuse"):
        body = {"household": change.household}
        refused(api(ana).send("POST", f"/households/{mine}/{what}", body), 422)
        refused(api(ana).send("POST", f"/households/{change.household}/{what}", body), 404)
    assert [row["deed"] for row in api(ana).get("/household-changes")["items"]] == ["joined"] * 2


def test_of_those_nobody_may_see_only_the_number_is_said(
    ana: User, ben: User, ada: User, api: Api, four: list[Customer], make_customer: Make
) -> None:
    foreign = make_customer("Foreign One", owner=ben)
    change = actions.confirm(foreign, four[0], by=ada)
    assert change is not None
    row = api(ana).get(f"/household-changes/{change.public_id}")
    assert [one["customer"]["name"] for one in row["moves"]] == ["Rita Moss"]

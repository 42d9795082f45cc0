"""Who is here already, asked by programs while a customer is about to be added."""

from collections.abc import Callable
from typing import Any

import pytest

from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.matching import actions
from regulars.matching.models import Key, Likeness, Pair, Verdict
from regulars.staff.models import User
from tests.api import Program, ok, refused
from tests.cast import MakeCustomer

Api = Callable[[User | None], Program]
pytestmark = pytest.mark.django_db


@pytest.fixture
def william(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "William Hart",
        owner=ana,
        email="w.hart@lake.example",
        phone="(734) 555-0162",
        locations=[{"line1": "12 Elm St", "city": "Ann Arbor", "postal_code": "48103"}],
    )


def found(program: Program, **body: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = program.post("/duplicates/check", body, status=200)["items"]
    return items


def test_a_nickname_with_the_same_phone_is_found_with_its_reasons(
    api: Api, ana: User, william: Customer
) -> None:
    (one,) = found(api(ana), first_name="Bill", last_name="Hart", phone="734-555-0162")
    assert (one["id"], one["name"]) == (str(william.public_id), "William Hart")
    assert one["relation"] == "duplicate"
    assert one["probability"] > 0.99
    words = {reason["text"]: reason["weight"] for reason in one["reasons"]}
    assert words["Bill ≈ William"] > 4
    assert words["same phone"] > 15


def test_half_a_customer_is_enough(api: Api, ana: User, william: Customer) -> None:
    for body in (
        {"email": "W.HART@lake.example"},
        {"phone": "7345550162"},
        {"contacts": [{"email": "w.hart@lake.example"}]},
        {"name": "Hart, Bill", "locations": [{"line1": "12 Elm Street", "postal_code": "48103"}]},
    ):
        assert [one["name"] for one in found(api(ana), **body)] == ["William Hart"], body


def test_a_spouse_is_family_and_no_duplicate(api: Api, ana: User, william: Customer) -> None:
    home = [{"line1": "12 Elm St", "postal_code": "48103"}]
    (one,) = found(
        api(ana), first_name="Nora", last_name="Hart", phone="734-555-0162", locations=home
    )
    assert one["relation"] == "household"


def test_whom_one_may_not_see_is_not_given_away(api: Api, ben: User, william: Customer) -> None:
    assert found(api(ben), first_name="William", last_name="Hart", phone="7345550162") == []


def test_strangers_and_nothing_find_nobody(api: Api, ana: User, william: Customer) -> None:
    assert found(api(ana)) == []
    assert found(api(ana), first_name="Zora", last_name="Quist", phone="313-222-0000") == []


def test_keys_follow_every_change_of_the_record(api: Api, ana: User, william: Customer) -> None:
    client = api(ana)
    client.patch(f"/customers/{william.public_id}", {"phone": "(313) 444-0117"})
    assert found(client, phone="313-444-0117")


def test_what_is_compared_follows_an_edit_in_place(ana: User, william: Customer) -> None:
    place, own = william.locations.get(), william.contacts.get()
    customers.edit(william, f"location:{place.pk}:line1", "900 Far Away Blvd", by=ana)
    customers.edit(william, f"contact:{own.pk}:birthday", "Dec 31, 1980", by=ana)
    data = Likeness.objects.get(customer=william).data
    assert (data["house"], data["born"]) == ("900", "19801231")


def test_erasing_takes_likeness_keys_pairs_and_verdicts_along(
    make_customer: MakeCustomer, ana: User, william: Customer
) -> None:
    other = make_customer("Bill Hart", owner=ana, phone="(734) 555-0162")
    actions.decide(william, other, verdict="different", by=ana)
    assert Key.objects.filter(customer=william).exists()
    customers.erase(william, confirm="William Hart", by=ana)
    for model in (Likeness, Key):
        assert set(model.objects.values_list("customer", flat=True)) == {other.pk}
    assert not Verdict.objects.exists()


def test_what_was_loaded_without_keys_gets_them(api: Api, ana: User, william: Customer) -> None:
    Key.objects.all().delete()
    Likeness.objects.all().delete()
    assert found(api(ana), phone="7345550162") == []
    assert actions.keep_missing(by=None) == 1
    assert found(api(ana), phone="7345550162")
    assert actions.keep_missing(by=None) == 0
    assert actions.keep_missing(by=None, anew=True) == 1


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_a_verdict_stands_in_both_timelines_once(
    api: Api,
    make_customer: MakeCustomer,
    ana: User,
    william: Customer,
    verdict: str,
) -> None:
    bill = make_customer("Bill Hart", owner=ana, phone="(734) 555-0162")
    body = {"a": str(bill.public_id), "b": str(william.public_id), "verdict": verdict}
    api(ana).post("/duplicates/verdicts", body, status=201)
    api(ana).post("/duplicates/verdicts", body, status=200)
    for one in (bill, william):
        assert one.events.filter(kind="duplicate.decided").count() == 1
    row = Verdict.objects.get()
    assert (row.customer, row.other, row.said_by) == (william, bill, ana)
    assert row.score is not None
    assert row.score > 7


def test_what_was_said_is_listed_and_taken_back(
    api: Api, make_customer: MakeCustomer, ana: User, ben: User, william: Customer
) -> None:
    bill, nora = (make_customer(name, owner=ana) for name in ("Bill Hart", "Nora Hart"))
    for one, verdict in ((bill, "different"), (nora, "family")):
        body = {"a": str(one.public_id), "b": str(william.public_id), "verdict": verdict}
        api(ana).post("/duplicates/verdicts", body)
    first = api(ana).get("/duplicates/verdicts", limit=1)
    (row,) = first["items"]
    assert (row["b_name"], row["verdict"], row["said_by"]) == ("Nora Hart", "family", ana.name)
    (last,) = api(ana).get("/duplicates/verdicts", cursor=first["next"])["items"]
    assert (last["a_name"], last["b_name"], last["verdict"]) == (
        "William Hart", "Bill Hart", "different",
    )  # fmt: skip
    assert api(ben).get("/duplicates/verdicts")["items"] == []
    there = f"/duplicates/verdicts/{nora.public_id}/{william.public_id}"
    ok(api(ben).send("DELETE", there), 404)
    ok(api(ana).send("DELETE", there), 204)
    ok(api(ana).send("DELETE", there), 404)
    ok(api(ana).send("DELETE", f"/duplicates/verdicts/{nora.public_id}/{nora.public_id}"), 404)
    nora.refresh_from_db()
    assert nora.household is None
    assert Verdict.objects.get().other == bill


def test_later_is_taken_back_like_a_verdict(
    api: Api, ana: User, ben: User, william: Customer, make_customer: MakeCustomer
) -> None:
    bill = make_customer("Bill Hart", owner=ana, phone="(734) 555-0162")
    actions.look_again([bill.pk], by=ana)
    members = [str(one.public_id) for one in (william, bill)]
    asked = {"members": members, "verdict": "later"}
    api(ana).post("/duplicates/clusters/verdicts", asked, status=200)
    assert api(ana).get("/duplicates")["items"] == []
    there = "/duplicates/verdicts/{}/{}".format(*members)
    ok(api(ben).send("DELETE", there), 404)
    ok(api(ana).send("DELETE", there), 204)
    assert len(api(ana).get("/duplicates")["items"]) == 1
    ok(api(ana).send("DELETE", there), 404)


def test_family_makes_them_a_household(
    api: Api, make_customer: MakeCustomer, ana: User, william: Customer
) -> None:
    nora = make_customer("Nora Hart", owner=ana)
    body = {"a": str(nora.public_id), "b": str(william.public_id), "verdict": "family"}
    api(ana).post("/duplicates/verdicts", body, status=201)
    nora.refresh_from_db()
    william.refresh_from_db()
    assert nora.household_id == william.household_id is not None


def test_a_foreign_pair_and_one_record_twice_are_refused(
    api: Api, make_customer: MakeCustomer, ana: User, ben: User, william: Customer
) -> None:
    bens = make_customer("Bill Hart", owner=ben)
    body = {"a": str(william.public_id), "b": str(bens.public_id), "verdict": "same"}
    api(ana).post("/duplicates/verdicts", body, status=404)
    body["b"] = body["a"]
    api(ana).post("/duplicates/verdicts", body, status=422)
    assert not Verdict.objects.exists()


def test_a_verdict_can_be_taken_back(
    make_customer: MakeCustomer, ana: User, william: Customer
) -> None:
    bill = make_customer("Bill Hart", owner=ana, phone="(734) 555-0162")
    actions.decide(bill, william, verdict="different", by=ana)
    assert not Pair.objects.exists()
    assert actions.reconsider(william, bill, by=ana)
    pair = Pair.objects.get()
    assert (pair.customer, pair.other, pair.relation) == (william, bill, "duplicate")
    assert not actions.reconsider(william, bill, by=ana)


# Of somebody who is here.


def test_a_change_can_be_asked_about_before_it_is_made(
    api: Api, make_customer: MakeCustomer, ana: User, william: Customer
) -> None:
    bill = make_customer("Bill Hart", owner=ana, email="bill@oak.example")
    asked = f"/duplicates/check?of={bill.public_id}"
    assert api(ana).post(asked, {}, status=200)["items"] == []
    (one,) = api(ana).post(asked, {"phone": "734-555-0162"}, status=200)["items"]
    assert (one["name"], one["relation"]) == ("William Hart", "duplicate")
    assert {"same phone", "Bill ≈ William"} <= {reason["text"] for reason in one["reasons"]}
    assert not bill.phones.exists()


def test_who_may_be_a_customer_is_known_as_soon_as_they_are_written(
    api: Api, ana: User, ben: User, william: Customer
) -> None:
    body = {"first_name": "Bill", "last_name": "Hart", "phone": "734-555-0162"}
    made = api(ana).post("/customers", body)
    (one,) = api(ana).get(f"/customers/{made['id']}/duplicates")["items"]
    assert one["id"] == str(william.public_id)
    assert one["score"] > 7
    refused(api(ben).send("GET", f"/customers/{made['id']}/duplicates"), 404)
    api(ben).post(f"/duplicates/check?of={made['id']}", {}, status=404)


def test_about_whom_something_was_said_is_no_candidate(
    api: Api, make_customer: MakeCustomer, ana: User, william: Customer
) -> None:
    bill = make_customer("Bill Hart", owner=ana, phone="(734) 555-0162")
    at = f"/customers/{bill.public_id}/duplicates"
    assert api(ana).get(at)["items"]
    actions.decide(bill, william, verdict="different", by=ana)
    assert api(ana).get(at)["items"] == []
    assert api(ana).post(f"/duplicates/check?of={bill.public_id}", {}, status=200)["items"] == []

"""Onto a list and off it, for many at once: dry run, receipt and undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from regulars.audiences import actions as audiences
from regulars.audiences import membership
from regulars.audiences.models import Audience, Listed
from regulars.bulk import actions as bulk
from regulars.bulk import choosing
from regulars.bulk.models import Receipt, State
from regulars.bulk.selection import Selection
from regulars.bulk.tests.test_bulk import done, of, proposed, undone
from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff.models import User
from tests.api import Program, refused
from tests.cast import MakeCustomer

from .test_membership import people

pytestmark = pytest.mark.django_db
Api = Callable[[User | None], Program]


@pytest.fixture
def three(make_customer: MakeCustomer, ana: User) -> list[Customer]:
    return [make_customer(name, owner=ana) for name in ("Bo Li", "Cy Ross", "Di Moss")]


@pytest.fixture
def party(ada: User, three: list[Customer]) -> Audience:
    made = audiences.make_audience(name="Garden party", by=ada)
    audiences.put_on_list(made, [three[0].pk], by=ada)
    return made


def test_a_dry_run_says_who_comes_onto_the_list_and_who_is_there_already(
    party: Audience, three: list[Customer], ada: User
) -> None:
    run = proposed("put_on_list", of(*three), ada, list="garden party")
    assert (run.says, run.total, run.changes) == ("Put on the list “Garden party”", 3, 2)
    assert [(p.reason, p.count) for p in run.skipped] == [("On the list already", 1)]
    assert people(party) == ["Bo Li"]


def test_a_selection_is_put_on_a_list_and_taken_off_again_by_undoing(
    party: Audience, three: list[Customer], ada: User
) -> None:
    receipt = done("put_on_list", of(*three), ada, list="Garden party")
    assert (receipt.state, receipt.changed) == (State.DONE, 2)
    assert people(party) == ["Bo Li", "Cy Ross", "Di Moss"]
    told = three[1].events.filter(kind="customer.listed").get()
    assert told.sentence.endswith("put them on the list Garden party")
    customers.tag(three[2], "VIP", by=ada)
    undone(receipt, ada)
    membership.keep_up()
    assert people(party) == ["Bo Li"]
    party.refresh_from_db()
    assert party.size == 1
    assert list(three[2].tags.values_list("name", flat=True)) == ["VIP"]


def test_whoever_was_taken_off_by_somebody_since_stays_off(
    party: Audience, three: list[Customer], ada: User
) -> None:
    receipt = done("take_off_list", of(*three), ada, list="Garden party")
    assert (receipt.changed, people(party)) == (1, [])
    undone(receipt, ada)
    membership.keep_up()
    assert people(party) == ["Bo Li"]
    receipt = done("put_on_list", of(*three), ada, list="Garden party")
    audiences.take_off_list(party, [three[1].pk], by=ada)
    undone(receipt, ada)
    assert set(Listed.objects.values_list("customer__name", flat=True)) == {"Bo Li"}


def test_a_new_list_is_made_on_the_way(three: list[Customer], ada: User) -> None:
    everybody = Selection(all_of_them=True, filter="owner:unassigned or not owner:unassigned")
    done("put_on_list", everybody, ada, list="  Spring   letter ")
    assert people(Audience.objects.get(name="Spring letter")) == ["Bo Li", "Cy Ross", "Di Moss"]


def test_nobody_is_put_where_criteria_say_who_is_in(three: list[Customer], ada: User) -> None:
    audiences.make_audience(name="VIPs", criteria="waiting", by=ada)
    with pytest.raises(Invalid, match="follows from its criteria"):
        done("put_on_list", of(*three), ada, list="vips")


def test_marketing_may_without_changing_customers_and_others_may_not(
    party: Audience, three: list[Customer], omar: User, ana: User, ada: User, api: Api
) -> None:
    offered = [item["key"] for item in api(omar).get("/bulk/actions")["items"]]
    assert offered == ["put_on_list", "take_off_list"]
    body = {
        "action": "put_on_list",
        "values": {"list": "Garden party"},
        "ids": [str(one.public_id) for one in three],
    }
    made = api(omar).post("/bulk", body)
    assert (made["state"], made["changed"]) == ("done", 2)
    assert api(omar).send("DELETE", f"/bulk/{made['id']}").status_code == 200
    assert api(ana).send("POST", "/bulk", body).status_code == 403
    assert api(omar).send("POST", "/bulk", body | {"action": "archive"}).status_code == 403
    work = done("archive", of(*three), ada)
    with pytest.raises(NotAllowed):
        bulk.undo(work, by=omar)
    with pytest.raises(NotAllowed):
        bulk.stop(work, by=omar)
    assert not bulk.may_undo(Receipt.objects.get(pk=work.pk), by=omar)
    wrong = api(omar).send("POST", "/bulk", body | {"values": {"list": " "}})
    assert refused(wrong, 422)["values.list"] == "Name the list"


def test_whoever_was_merged_is_put_on_a_list_as_who_they_are_now(
    make_customer: MakeCustomer, ada: User, api: Api
) -> None:
    stays, goes = make_customer("Ana Lopez"), make_customer("Anna Lopez")
    customers.merge(stays, [goes], by=ada)
    listed = audiences.make_audience(name="By hand", by=ada)
    said = {"customers": [str(goes.public_id), str(stays.public_id)]}
    there = f"/audiences/{listed.public_id}/members"
    assert api(ada).post(there, said, status=200) == {"changed": 1}
    assert [row["name"] for row in api(ada).get(there)["items"]] == ["Ana Lopez"]


def test_an_audience_deleted_while_very_many_are_written_down_ends_the_work(
    three: list[Customer], ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "LOOKED_AT", 2)
    hers = audiences.make_audience(name="Hers", criteria="not owner:unassigned", by=ana)
    chosen = Selection(all_of_them=True, filter="in:Hers")
    receipt = bulk.start(bulk.draft("archive", chosen, by=ana), by=ana)
    audiences.delete_audience(hers, by=ana)
    receipt = bulk.run(receipt, by=ana)
    assert (receipt.state, receipt.done) == (State.FAILED, 0)
    assert "Hers" in receipt.failure
    assert not Customer.objects.filter(archived_at__isnull=False).exists()

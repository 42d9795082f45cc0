"""Several profiles become one and come apart again, with everything that is theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from regulars.customers import actions
from regulars.customers.merging import ways
from regulars.customers.merging.whose import columns, is_derived
from regulars.customers.models import ConsentRecord, Customer, Email, Merge, Tagging
from regulars.customers.models.history import History
from regulars.lib.errors import Stale
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db

# What says that there was a merge, how often a row was written, and whom audiences are to look at
# again for it: everything else comes back.
OURS = {
    "customers_merge",
    "customers_mergedprofile",
    "customers_mergechange",
    "audiences_changed",
}


def everything() -> dict[str, list[str]]:
    """Every row of every table of rooms and packs that is about customers, as text."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if (
            table in OURS
            or issubclass(model, History)
            or not model.__module__.startswith(("regulars.", "tests."))
        ):
            continue
        where = (
            "WHERE kind NOT IN ('customer.merged', 'customer.unmerged')" if model is Event else ""
        )
        less = "- 'version'" if model is Customer else ""
        less = "- 'changed_at'" if is_derived(model) else less  # written anew, and says when
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT (to_jsonb(t) {less})::text FROM "{table}" t {where}')
            found[table] = sorted(text for (text,) in cursor.fetchall())
    return found


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, Any]:
    return {
        table: (sorted(set(rows) - set(after[table])), sorted(set(after[table]) - set(rows)))
        for table, rows in before.items()
        if rows != after[table]
    }


@pytest.fixture
def rita(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "Rita Moss", owner=ana, email="rita@example.com", phone="+1 734 555 0101", tags=["VIP"],
        locations=[{"line1": "1 Elm St", "city": "Detroit", "state": "MI"}],
        external_ids={"dms": "R1"},
    )  # fmt: skip


@pytest.fixture
def again(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "Margarita Moss", owner=ana, company="Moss LLC", tags=["vip", "Boat"],
        contacts=[{"first_name": "Margarita", "last_name": "Moss", "title": "Owner",
                   "emails": [{"address": "RITA@example.com"}, {"address": "mm@example.com"}],
                   "phones": [{"number": "+1 734 555 0199"}]}],
        locations=[{"line1": "2 Oak Av", "city": "Flint", "state": "MI"}],
        external_ids={"dms": "R2", "shop": "S2"},
    )  # fmt: skip


def test_every_column_that_says_whose_a_row_is_has_a_known_way() -> None:
    assert ways.unknown() == []
    assert len(columns()) >= 18
    assert not [one.key for one in columns() if is_derived(one.model)]


def test_everything_of_one_is_the_others(
    rita: Customer, again: Customer, ana: User, happens: Happens
) -> None:
    happens(again, "message.received", ago=5, text="Hello?")
    events = Event.objects.count()
    actions.merge(rita, [again], by=ana)
    rita.refresh_from_db()
    assert not Customer.objects.filter(pk=again.pk).exists()
    assert (rita.name, rita.company) == ("Rita Moss", "Moss LLC")
    assert sorted(e.address for e in rita.emails.all()) == ["mm@example.com", "rita@example.com"]
    assert rita.phones.count() == 2
    assert rita.contacts.count() == 1
    assert rita.contacts.get().title == "Owner"
    assert sorted(t.name for t in rita.tags.all()) == ["Boat", "VIP"]
    assert rita.locations.filter(is_primary=True).get().line1 == "1 Elm St"
    assert rita.locations.count() == 2
    assert {(x.system, x.value) for x in rita.external_ids.all()} == {("dms", "R1"), ("shop", "S2")}
    assert rita.former_external_ids.get().value == "R2"
    assert rita.former_names.get().first_name == "Margarita"
    assert rita.waiting_since is not None
    assert rita.unread_count == 1
    assert Event.objects.count() == events + 1
    assert Event.objects.filter(customer=rita, kind="customer.merged").count() == 1


def test_undoing_brings_back_exactly_what_was(
    rita: Customer, again: Customer, ana: User, happens: Happens
) -> None:
    happens(again, "message.received", ago=5, text="Hello?")
    happens(rita, "call.made", by=ana, text="Yes")
    before = everything()
    merge = actions.merge(rita, [again], by=ana)
    assert changed(before, everything())
    actions.undo_merge(merge, by=ana)
    assert changed(before, everything()) == {}


# --- Chains, parts, and what happens in between


def take_apart(*merges: Merge) -> None:
    """In this order."""
    for merge in merges:
        actions.undo_merge(merge, by=None)


@pytest.fixture
def third(make_customer: MakeCustomer, ben: User) -> Customer:
    return make_customer(
        "Rita Mosse", owner=ben, tags=["Boat", "New"], external_ids={"dms": "R3"},
        contacts=[{"first_name": "Rita", "last_name": "Mosse", "about": "Likes tea",
                   "emails": [{"address": "mm@example.com", "consent": "express"},
                              {"address": "third@example.com"}]}],
        locations=[{"line1": "2 Oak Av", "city": "Flint", "state": "MI"}],
    )  # fmt: skip


@pytest.mark.parametrize("first", ["inner", "outer"])
def test_a_chain_comes_apart_in_either_order(
    rita: Customer, again: Customer, third: Customer, ana: User, ada: User, first: str
) -> None:
    before = everything()
    inner = actions.merge(again, [third], by=ada)
    outer = actions.merge(rita, [again], by=ada)
    take_apart(*((inner, outer) if first == "inner" else (outer, inner)))
    assert changed(before, everything()) == {}


@pytest.mark.parametrize("first", ["inner", "outer"])
def test_the_same_origin_in_a_chain_is_everybodys_own_again(
    make_customer: MakeCustomer, ana: User, first: str
) -> None:
    one, other, holds = (make_customer(f"{name} Moss") for name in ("Ada", "Bo", "Cy"))
    for each in (one, other):
        timeline.record(each, "form.submitted", by=None, origin="form:7")
    before = everything()
    inner = actions.merge(holds, [one], by=ana)
    outer = actions.merge(other, [holds], by=ana)
    take_apart(*((inner, outer) if first == "inner" else (outer, inner)))
    assert changed(before, everything()) == {}


def test_an_address_finds_its_place_again_though_a_later_merge_moved_it_too(
    make_customer: MakeCustomer, ana: User
) -> None:
    bo = make_customer("Bo Li")
    moss, rita = (
        make_customer(
            name,
            contacts=[{"first_name": name, "emails": [
                {"address": f"{letter}@example.com", "consent": "none"} for letter in letters
            ]}],
        )
        for name, letters in (("Moss", "bc"), ("Rita", "bcd"))
    )  # fmt: skip
    before = everything()
    inner = actions.merge(moss, [rita], by=ana)
    moss.refresh_from_db()
    outer = actions.merge(bo, [moss], by=ana)
    take_apart(inner, outer)
    assert changed(before, everything()) == {}


@pytest.mark.parametrize("takes", ["referred", "other"])
def test_who_referred_them_is_known_again_though_whoever_held_the_referrer_was_merged_on(
    make_customer: MakeCustomer, ana: User, takes: str
) -> None:
    people = {name: make_customer(f"{name} Moss") for name in ("referred", "referrer", "other")}
    holds = make_customer("Ada Moss")
    actions.refer(people["referred"], people["referrer"], by=ana)
    before = everything()
    merges = [actions.merge(holds, [people["referrer"]], by=ana)]
    if takes == "other":
        merges.append(actions.merge(people["other"], [people["referred"]], by=ana))
    merges.append(actions.merge(people[takes], [holds], by=ana))
    take_apart(*merges)
    assert changed(before, everything()) == {}


def test_who_referred_them_is_known_again_though_they_took_the_referrer_in_and_were_merged_on(
    make_customer: MakeCustomer, ana: User
) -> None:
    ada, bea, cy, eve = (make_customer(f"{name} Moss") for name in ("Ada", "Bea", "Cy", "Eve"))
    actions.refer(bea, cy, by=ana)
    before = everything()
    merges = [actions.merge(ada, [cy], by=ana)]
    merges.append(actions.merge(bea, [ada], by=ana))
    merges.append(actions.merge(eve, [bea], by=ana))
    take_apart(merges[0], merges[2], merges[1])
    assert changed(before, everything()) == {}


def test_a_referrer_leaves_with_whom_they_referred_though_both_were_merged_on(
    make_customer: MakeCustomer, ana: User
) -> None:
    names = ("Ada", "Bea", "Cy", "Dee", "Eve")
    ada, bea, cy, dee, eve = (make_customer(f"{name} Moss") for name in names)
    actions.refer(cy, dee, by=ana)
    before = everything()
    merges = [actions.merge(eve, [cy], by=ana)]
    merges.append(actions.merge(ada, [dee, eve], by=ana))
    merges.append(actions.merge(bea, [ada], by=ana))
    take_apart(*merges)
    assert changed(before, everything()) == {}


def test_nobody_comes_back_as_referred_by_whoever_held_them_when_they_hold_the_referrer(
    make_customer: MakeCustomer, ana: User
) -> None:
    ada, bea, dee, eve = (make_customer(f"{name} Moss") for name in ("Ada", "Bea", "Dee", "Eve"))
    actions.refer(dee, bea, by=ana)
    actions.refer(eve, dee, by=ana)
    before = everything()
    merges = [actions.merge(eve, [one], by=ana) for one in (bea, dee)]
    merges.append(actions.merge(ada, [eve], by=ana))
    take_apart(merges[0], merges[2], merges[1])
    assert changed(before, everything()) == {}


def test_a_word_about_two_comes_back_though_another_one_stood_in_its_place_meanwhile(
    make_customer: MakeCustomer, ana: User
) -> None:
    ada, bea, cy, dee = (make_customer(f"{name} Moss") for name in ("Ada", "Bea", "Cy", "Dee"))
    actions.refuse(ada, cy, by=ana)
    actions.refuse(ada, bea, by=ana)
    before = everything()
    with_cy = actions.merge(dee, [cy], by=ana)
    with_both = actions.merge(ada, [dee], by=ana)
    actions.undo_merge(with_cy, by=ana)
    cy.refresh_from_db()
    with_bea = actions.merge(cy, [bea], by=ana)
    take_apart(with_both, with_bea)
    assert changed(before, everything()) == {}


def test_a_word_that_another_merge_absorbed_leaves_its_place_to_the_one_that_stands(
    make_customer: MakeCustomer, ana: User
) -> None:
    ada, bea, cy, dee = (make_customer(f"{name} Moss") for name in ("Ada", "Bea", "Cy", "Dee"))
    actions.refuse(ada, cy, by=ana)
    actions.refuse(cy, dee, by=ana)
    before = everything()
    inner = actions.merge(bea, [cy], by=ana)
    outer = actions.merge(ada, [dee], by=ana)
    take_apart(inner, outer)
    assert changed(before, everything()) == {}


def test_a_word_about_two_is_about_both_again_though_they_left_what_had_absorbed_it_one_by_one(
    make_customer: MakeCustomer, ana: User
) -> None:
    ada, bea, cy, eve = (make_customer(f"{name} Moss") for name in ("Ada", "Bea", "Cy", "Eve"))
    actions.refuse(ada, eve, by=ana)
    before = everything()
    with_eve = actions.merge(cy, [eve], by=ana)
    with_ada = actions.merge(bea, [ada], by=ana)
    with_both = actions.merge(bea, [cy], by=ana)
    take_apart(with_eve, with_both, with_ada)
    assert changed(before, everything()) == {}


def test_one_of_several_is_taken_out_and_then_the_other(
    rita: Customer, again: Customer, third: Customer, ada: User
) -> None:
    before = everything()
    merge = actions.merge(rita, [again, third], by=ada)
    (back,) = actions.undo_merge(merge, by=ada, only={str(again.public_id)})
    assert back.pk == again.pk
    assert back.emails.count() == 2
    rita.refresh_from_db()
    assert "third@example.com" in {e.address for e in rita.emails.all()}
    actions.undo_merge(merge, by=ada, only={str(third.public_id)})
    assert changed(before, everything()) == {}


def test_an_old_id_leads_to_who_they_are_now_in_one_hop(
    rita: Customer, again: Customer, third: Customer, ada: User, api: Any
) -> None:
    actions.merge(again, [third], by=ada)
    actions.merge(rita, [again], by=ada)
    for old in (again, third):
        answer = api(ada).get(f"/customers/{old.public_id}")
        assert answer["id"] == answer["merged_into"] == str(rita.public_id)
    assert "merged_into" not in api(ada).get(f"/customers/{rita.public_id}")


def test_what_came_since_stays_and_what_was_edited_stays_edited(
    rita: Customer, again: Customer, ana: User, happens: Happens
) -> None:
    merge = actions.merge(rita, [again], by=ana)
    rita.refresh_from_db()
    actions.edit(rita, "company", "Other Co", by=ana)
    event = happens(rita, "call.made", by=ana, text="After")
    actions.undo_merge(merge, by=ana)
    rita.refresh_from_db()
    event.refresh_from_db()
    assert rita.company == "Other Co"
    assert event.customer_id == rita.pk


def test_what_went_away_with_an_undo_while_one_waited_is_not_changed_where_it_was(
    make_customer: MakeCustomer, ana: User
) -> None:
    """The evidence would stay with whom the address left, and the address forget its opt-out."""
    stays = make_customer("Renée Roe", owner=ana, email="renee@example.com")
    other = make_customer("R. Roe", owner=ana, email="roe@example.com")
    merge = actions.merge(stays, [other], by=ana)
    seen = Email.objects.select_related("customer").get(normal="roe@example.com")
    assert seen.customer_id == stays.pk
    actions.undo_merge(merge, by=ana)
    with pytest.raises(Stale):
        actions.record_consent(seen, kind="withdrawn", by=ana)
    assert not ConsentRecord.objects.filter(customer=stays).exists()


@pytest.mark.parametrize("third_has_it", [False, True])
def test_what_waited_in_the_place_of_a_newer_row_goes_on_waiting_when_that_one_returns(
    third_has_it: bool, make_customer: MakeCustomer, ana: User
) -> None:
    """An absorbed tag handed to a later merge came back first, and refused the one put on since."""
    third = make_customer("C. Roe", owner=ana, tags=["VIP"] if third_has_it else [])
    other = make_customer("B. Roe", owner=ana, tags=["VIP"])
    one = make_customer("A. Roe", owner=ana, tags=["VIP"])
    first = actions.merge(one, [other], by=ana)
    actions.untag(one, "VIP", by=ana)
    actions.tag(one, "VIP", by=ana)
    put_on = Tagging.objects.get(customer=one)
    second = actions.merge(third, [one], by=ana)
    actions.undo_merge(first, by=ana)
    actions.undo_merge(second, by=ana)
    assert Tagging.objects.get(customer=one.pk) == put_on
    assert Tagging.objects.filter(customer=third).count() == third_has_it

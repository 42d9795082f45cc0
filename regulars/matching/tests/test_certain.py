"""Pairs beyond doubt that share a record, somebody's owner or home, and who may take them apart."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from regulars.customers import actions as customers
from regulars.customers.models import Customer, Merge
from regulars.matching import actions, queries
from regulars.matching.models import Pair
from regulars.staff.models import User
from tests.api import ok
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
CERTAIN = "/customers/duplicates/certain/"
WILLIAM: dict[str, Any] = {"phone": "734 222 0142", "email": "william@lake.example"}


def alike(make_customer: MakeCustomer, *owners: User) -> list[Customer]:
    rows = [make_customer("William Hart", owner=owner, **WILLIAM) for owner in owners]
    actions.search_changed(by=None)
    return rows


def boxes(page: str) -> list[str]:
    return [tag.partition(">")[0] for tag in page.split("<input ") if 'name="pair"' in tag]


def ticked(page: str) -> list[int]:
    found = [box for box in boxes(page) if " checked" in box]
    return [int(box.split('value="')[1].partition('"')[0]) for box in found]


def test_of_pairs_that_share_a_record_the_surest_is_merged_and_the_page_says_so_before(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    alike(make_customer, ana, ana, ana)
    page = ana_in.get(CERTAIN).text
    assert "1 pair would be merged" in page
    assert (len(boxes(page)), len(ticked(page))) == (3, 1)
    assert page.count("is in a surer pair already") == 2
    page = ana_in.post(CERTAIN, {"pair": ticked(page)}, follow=True).text
    assert "1 pair was merged" in page
    assert "left alone" not in page
    again = ana_in.get(CERTAIN).text
    assert "1 pair would be merged" in again
    ana_in.post(CERTAIN, {"pair": ticked(again)})
    assert Customer.objects.count() == 1


def test_overlapping_pairs_never_make_those_one_who_were_said_to_be_two(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    first, _, third = alike(make_customer, ana, ana, ana)
    actions.decide(first, third, verdict="different", by=ana)
    both = list(Pair.objects.filter(certain=True))
    assert len(both) == 2
    assert ana_in.post(CERTAIN, {"pair": [pair.pk for pair in both]}).status_code == 303
    assert Merge.objects.count() == 1
    assert Customer.objects.count() == 2
    assert not queries.certain(ana).exists()
    assert "Nothing is beyond doubt" in ana_in.get(CERTAIN).text


def test_a_pair_that_is_left_out_makes_room_for_the_next_one_of_the_same_record(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    alike(make_customer, ana, ana, ana)
    page = ana_in.get(CERTAIN).text
    other = next(box for box in boxes(page) if " checked" not in box)
    ana_in.post(CERTAIN, {"pair": [other.split('value="')[1].partition('"')[0]]})
    assert Customer.objects.count() == 2


def test_who_lives_together_is_not_beyond_doubt(
    ana_in: Client, make_customer: MakeCustomer, ana: User, api: Any
) -> None:
    father, son = alike(make_customer, ana, ana)
    pair = Pair.objects.get(certain=True)
    customers.confirm(father, son, by=ana)
    assert "Nothing is beyond doubt" in ana_in.get(CERTAIN).text
    assert api(ana).post("/duplicates/accept", {"dry_run": True}, status=200)["pairs"] == []
    assert actions.accept([pair], by=ana).done == 0  # found before they were one household
    assert Customer.objects.count() == 2


def test_programs_are_told_what_would_happen_and_that_happens(
    api: Any, make_customer: MakeCustomer, ana: User
) -> None:
    alike(make_customer, ana, ana, ana)
    dry = api(ana).post("/duplicates/accept", {"dry_run": True}, status=200)
    assert (len(dry["pairs"]), dry["left"]) == (1, 2)
    made = api(ana).post("/duplicates/accept", {})
    assert (len(made["merges"]), made["left"]) == (1, 2)
    gone = {dry["pairs"][0]["a"], dry["pairs"][0]["b"]} - {made["merges"][0]["customer"]["id"]}
    assert not Customer.objects.filter(public_id__in=gone).exists()


def test_programs_take_nobodys_customer_away_unless_they_name_the_pair(
    api: Any, make_customer: MakeCustomer, ana: User, cleo: User
) -> None:
    one, other = alike(make_customer, ana, cleo)
    dry = api(ana).post("/duplicates/accept", {"dry_run": True}, status=200)
    assert (dry["pairs"], dry["left"]) == ([], 1)
    assert api(ana).send("POST", "/duplicates/accept", {}).status_code == 422
    named = {"pairs": [{"a": str(other.public_id), "b": str(one.public_id)}]}
    dry = api(ana).post("/duplicates/accept", {"dry_run": True, **named}, status=200)
    assert len(dry["pairs"]) == 1
    api(ana).post("/duplicates/accept", named)
    assert Customer.objects.count() == 1


def test_a_foreign_pair_is_not_accepted_by_name(
    api: Any, make_customer: MakeCustomer, ana: User, ben: User
) -> None:
    one, other = alike(make_customer, ben, ben)
    named = {"pairs": [{"a": str(one.public_id), "b": str(other.public_id)}]}
    assert api(ana).send("POST", "/duplicates/accept", named).status_code == 422
    assert Customer.objects.count() == 2


def test_whoever_sees_a_customer_no_more_does_not_take_their_merge_apart(
    ana_in: Client, make_customer: MakeCustomer, ana: User, ben: User, api: Any
) -> None:
    alike(make_customer, ana, ana)
    batch = actions.accept(list(Pair.objects.filter(certain=True)), by=ana).batch
    assert batch is not None
    stays = Customer.objects.get()
    customers.assign(stays, to=ben, by=None)
    page = ana_in.post(f"/customers/duplicates/together/{batch.public_id}/undo/", follow=True).text
    assert "Hart" not in page
    assert Customer.objects.count() == 1
    back = api(ana).send("DELETE", f"/duplicates/together/{batch.public_id}")
    assert back.status_code == 422
    assert Customer.objects.count() == 1
    ok(api(ben).send("DELETE", f"/merges/{batch.merges.get().public_id}"), 200)
    assert Customer.objects.count() == 2


def test_whoever_came_out_again_is_named(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    alike(make_customer, ana, ana)
    batch = actions.accept(list(Pair.objects.filter(certain=True)), by=ana).batch
    assert batch is not None
    there = f"/customers/duplicates/together/{batch.public_id}/"
    page = ana_in.post(f"{there}undo/", follow=True).text
    assert "<p>William Hart came out again of" in page
    back = Customer.objects.get(public_id=batch.merges.get().profiles.get().public_id)
    customers.erase(back, confirm="William Hart", by=ana)
    assert "<p>Somebody came out again of" in ana_in.get(there).text


def test_who_may_only_look_is_not_told_to_decide(
    signed_in: Any, make_customer: MakeCustomer, ana: User, omar: User
) -> None:
    alike(make_customer, ana, ana, ana)
    page = signed_in(omar).get("/customers/duplicates/").text
    assert "3 records" in page
    assert "Take out whoever" not in page


def test_the_receipt_is_found_again_among_what_was_decided(
    ana_in: Client, signed_in: Any, make_customer: MakeCustomer, ana: User, cleo: User
) -> None:
    alike(make_customer, ana, ana)
    batch = actions.accept(list(Pair.objects.filter(certain=True)), by=ana).batch
    assert batch is not None
    there = f'href="/customers/duplicates/together/{batch.public_id}/"'
    assert there in ana_in.get("/customers/duplicates/decided/").text
    page = signed_in(cleo).get("/customers/duplicates/decided/").text
    assert "William Hart became" in page
    assert there not in page  # it is somebody else's

"""Pairs beyond doubt: looked over, merged together under one receipt, taken apart together."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from regulars.customers import actions as customers
from regulars.customers.models import Customer, Merge
from regulars.matching import actions, queries
from regulars.matching.models import Batch, Pair
from regulars.staff.models import User
from tests.api import ok
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
HERE = "/customers/duplicates/"
CERTAIN = f"{HERE}certain/"
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


def test_those_beyond_doubt_are_shown_first_and_then_merged_together(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    alike(make_customer, ana, ana)
    make_customer("Nora Hart", owner=ana, phone="734 222 0142")
    actions.search_changed(by=None)
    page = ana_in.get(CERTAIN).text
    assert "1 pair would be merged" in page
    assert "Nora" not in page
    assert Customer.objects.count() == 3
    pair = Pair.objects.get(certain=True)
    family = Pair.objects.filter(certain=False).first()
    assert family is not None
    answer = ana_in.post(CERTAIN, {"pair": [pair.pk, family.pk, "x"]})
    there = answer["Location"]
    assert there == f"{HERE}together/{Batch.objects.get().public_id}/"
    assert "1 pair was merged" in ana_in.get(there).text
    assert Customer.objects.count() == 2
    assert not Pair.objects.filter(certain=True).exists()


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


def test_three_alike_do_not_become_one_unseen(make_customer: MakeCustomer, ana: User) -> None:
    alike(make_customer, ana, ana, ana)
    pairs = list(Pair.objects.filter(certain=True))
    assert len(pairs) == 3
    told = actions.accept(pairs, by=ana)
    assert (told.done, told.left) == (1, 2)
    assert Customer.objects.count() == 2
    assert Pair.objects.get().certain  # who is left is asked about again


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


def test_of_two_owners_nobody_loses_a_customer_unseen(
    ana_in: Client, make_customer: MakeCustomer, ana: User, cleo: User
) -> None:
    alike(make_customer, ana, cleo)
    page = ana_in.get(CERTAIN).text
    (box,) = boxes(page)
    assert " checked" not in box
    assert "would lose a customer to" in page


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


def test_who_may_only_look_is_not_told_to_decide(
    signed_in: Any, make_customer: MakeCustomer, ana: User, omar: User
) -> None:
    alike(make_customer, ana, ana, ana)
    page = signed_in(omar).get(HERE).text
    assert "3 records" in page
    assert "Take out whoever" not in page


# --- The receipt


@pytest.fixture
def sure(make_customer: MakeCustomer, ana: User) -> list[Pair]:
    for n, name in enumerate(("William Hart", "Petra Lindqvist", "Nora Quill")):
        mail = f"{name.replace(' ', '.').lower()}@lake.example"
        for _ in range(2):
            make_customer(name, owner=ana, phone=f"734 222 014{n}", email=mail)
    actions.search_changed(by=None)
    return list(Pair.objects.filter(certain=True))


def test_merges_made_together_have_one_receipt_and_one_undo(
    ana_in: Client, sure: list[Pair]
) -> None:
    there = ana_in.post(CERTAIN, {"pair": [pair.pk for pair in sure]})["Location"]
    page = ana_in.get(there).text
    assert "3 pairs were merged" in page
    assert page.count("became") == 3
    assert Customer.objects.count() == 3
    undo = f"{there}undo/"
    assert undo in page
    page = ana_in.post(undo, follow=True).text
    assert "3 merges taken back." in page
    assert page.count("came out again of") == 3
    assert Customer.objects.count() == 6
    assert undo not in page
    assert ana_in.post(undo).status_code == 422
    assert "3 pairs would be merged" in ana_in.get(CERTAIN).text  # asked again


def test_what_cannot_be_taken_apart_any_more_is_named(
    ana_in: Client, sure: list[Pair], ana: User
) -> None:
    batch = actions.accept(sure, by=ana).batch
    assert batch is not None
    first = batch.merges.order_by("pk").first()
    assert first is not None
    customers.undo_merge(first, by=ana)
    page = ana_in.post(f"{HERE}together/{batch.public_id}/undo/", follow=True).text
    assert "2 merges taken back." in page
    assert "stays as it is: This was undone already." in page
    assert Customer.objects.count() == 6


def test_somebody_elses_receipt_is_missing(
    client: Client, sure: list[Pair], ana: User, ben: User
) -> None:
    batch = actions.accept(sure, by=ana).batch
    assert batch is not None
    client.force_login(ben)
    assert client.get(f"{HERE}together/{batch.public_id}/").status_code == 404
    assert client.post(f"{HERE}together/{batch.public_id}/undo/").status_code == 404


def test_programs_look_first_then_merge_then_take_back(
    api: Any, sure: list[Pair], ana: User
) -> None:
    dry = api(ana).post("/duplicates/accept", {"dry_run": True}, status=200)
    assert len(dry["pairs"]) == 3
    assert Customer.objects.count() == 6
    made = api(ana).post("/duplicates/accept", {})
    assert [one["undone"] for one in made["merges"]] == [False] * 3
    assert api(ana).get(f"/duplicates/together/{made['id']}") == made
    back = ok(api(ana).send("DELETE", f"/duplicates/together/{made['id']}"), 200)
    assert [one["undone"] for one in back["merges"]] == [True] * 3
    assert Customer.objects.count() == 6
    assert api(ana).send("DELETE", f"/duplicates/together/{made['id']}").status_code == 422


def test_whoever_sees_a_customer_no_more_does_not_take_their_merge_apart(
    ana_in: Client, make_customer: MakeCustomer, ana: User, ben: User, api: Any
) -> None:
    alike(make_customer, ana, ana)
    batch = actions.accept(list(Pair.objects.filter(certain=True)), by=ana).batch
    assert batch is not None
    stays = Customer.objects.get()
    customers.assign(stays, to=ben, by=None)
    page = ana_in.post(f"{HERE}together/{batch.public_id}/undo/", follow=True).text
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
    there = f"{HERE}together/{batch.public_id}/"
    page = ana_in.post(f"{there}undo/", follow=True).text
    assert "<p>William Hart came out again of" in page
    back = Customer.objects.get(public_id=batch.merges.get().profiles.get().public_id)
    customers.erase(back, confirm="William Hart", by=ana)
    assert "<p>Somebody came out again of" in ana_in.get(there).text


def test_the_receipt_is_found_again_among_what_was_decided(
    ana_in: Client, signed_in: Any, make_customer: MakeCustomer, ana: User, cleo: User
) -> None:
    alike(make_customer, ana, ana)
    batch = actions.accept(list(Pair.objects.filter(certain=True)), by=ana).batch
    assert batch is not None
    there = f'href="{HERE}together/{batch.public_id}/"'
    assert there in ana_in.get(f"{HERE}decided/").text
    page = signed_in(cleo).get(f"{HERE}decided/").text
    assert "William Hart became" in page
    assert there not in page  # it is somebody else's

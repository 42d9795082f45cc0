"""The pages on which customers become one, and come apart again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from regulars.customers import actions
from regulars.customers.custom.queries import definition
from regulars.customers.models import Customer, Merge
from regulars.lib import clock
from regulars.matching import actions as matching
from regulars.staff import actions as staff
from regulars.staff.functions import Level
from regulars.staff.models import User
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db
HERE = "/customers/merge/"
Pair = tuple[Customer, Customer]


def asked(*customers: Customer, stays: Customer | None = None) -> dict[str, str]:
    stays = stays or customers[0]
    ids = ",".join(str(one.public_id) for one in customers)
    return {"ids": ids, "stays": str(stays.public_id)}


def picked(text: str) -> set[str]:
    """The fields whose value is chosen already, as `key=whose`."""
    radios = [tag for tag in text.split("<input ") if 'type="radio"' in tag and " checked" in tag]
    parts = [tag.split('"') for tag in radios]
    return {f"{part[3].removeprefix('pick-')}={part[5]}" for part in parts}


def test_side_by_side_only_what_differs_and_what_moves(
    ana_in: Client, pair: Pair, happens: Happens
) -> None:
    rita, again = pair
    happens(again, "message.received", text="Hello")
    text = ana_in.get(HERE, asked(rita, again)).text
    assert 'name="pick-company"' in text
    assert 'name="pick-type"' not in text
    assert "Ana Ferreira becomes the only owner; it is no longer Cleo Marsh’s customer" in text
    assert "<b>2</b> entries" in text
    assert "<b>1</b> phone" in text


def test_the_value_of_whoever_stays_is_chosen_already(ana_in: Client, pair: Pair) -> None:
    for stays in pair:
        chosen = picked(ana_in.get(HERE, asked(*pair, stays=stays)).text)
        assert {f"{key}={stays.public_id}" for key in ("name", "company", "owner")} <= chosen


def test_whom_we_know_best_stays_when_nobody_says(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    lead = make_customer("Rita Moss", owner=ana)
    account = make_customer("Rita Moss", owner=None, type="account")
    for order in ([lead, account], [account, lead]):
        ids = ",".join(str(one.public_id) for one in order)
        page = ana_in.get(HERE, {"ids": ids}).text
        assert f'name="stays" value="{account.public_id}"' in page


def test_details_places_and_the_main_contact_are_picked_too(
    ana_in: Client, make_customer: MakeCustomer, ana: User, ada: User
) -> None:
    boat = definition(actions.add_field(label="Boat", kind="number", by=ada))
    firms = [
        make_customer(
            "", owner=ana, company="Moss LLC", contacts=[{"first_name": name, "last_name": "Moss"}],
            locations=[{"line1": street, "city": "Flint", "state": "MI"}],
        )
        for name, street in (("Rita", "1 Elm St"), ("Otto", "2 Oak Av"))
    ]  # fmt: skip
    for n, one in enumerate(firms):
        actions.put_custom(one, {boat: Decimal(n + 1)}, by=ana)
    text = ana_in.get(HERE, asked(*firms)).text
    keys = {"custom.boat", "location", "contact"}
    assert {f"{key}={firms[0].public_id}" for key in keys} <= picked(text)
    picks = {f"pick-{key}": str(firms[1].public_id) for key in keys}
    ana_in.post(HERE, asked(*firms) | picks)
    (one,) = Customer.objects.all()
    assert one.contacts.get(is_primary=True).first_name == "Otto"
    assert one.locations.get(is_primary=True).line1 == "2 Oak Av"
    assert one.custom_values.get().number == 2


def test_a_value_that_only_the_rule_would_take_is_shown(
    ana_in: Client, make_customer: MakeCustomer, ana: User, cleo: User, happens: Happens
) -> None:
    """Profiles that were merged before stand for all they were made of."""
    first, second = (make_customer("Rita Moss", owner=one) for one in (ana, cleo))
    third = make_customer("Rita Moss", owner=None)
    happens(second, "call.made", by=cleo, text="Lately")
    actions.merge(first, [second], by=ana)
    text = ana_in.get(HERE, asked(third, first)).text
    assert "Cleo Marsh becomes the only owner" in text
    assert "owner=" in picked(text)
    ana_in.post(HERE, asked(third, first) | {"pick-owner": ""})
    third.refresh_from_db()
    assert third.owner == cleo


def test_the_list_leads_here_with_two_or_more_that_were_ticked(ana_in: Client, pair: Pair) -> None:
    ids = [str(one.public_id) for one in pair]
    listed = ana_in.get("/customers/").text
    assert 'name="deed" value="merge" data-least="2" data-most="100"' in listed
    there = ana_in.post("/bulk/", {"deed": "merge", "id": ids})["Location"]
    assert there == f"{HERE}?ids={'%2C'.join(ids)}"
    assert "Merge 2 into one" in ana_in.get(there).text
    for wrong in ({"id": ids[:1]}, {"all": "1"}, {"id": [str(uuid4()) for _ in range(101)]}):
        refused = ana_in.post("/bulk/", {"deed": "merge", "next": "/customers/", **wrong})
        assert refused["Location"] == "/customers/"
        assert "Tick between 2 and 100 customers" in ana_in.get("/customers/").text


def test_merging_and_undoing_with_forms_alone(ana_in: Client, pair: Pair) -> None:
    rita, again = pair
    done = ana_in.post(HERE, asked(rita, again) | {"pick-company": str(again.public_id)})
    assert (done.status_code, done["Location"]) == (303, f"/customers/{rita.public_id}/")
    merge = Merge.objects.get()
    page = ana_in.get(done["Location"]).text
    assert f'action="/merges/{merge.public_id}/undo/"' in page
    for text in (page, ana_in.get(f"{done['Location']}history/").text):
        assert f'href="/merges/{merge.public_id}/"' in text
    rita.refresh_from_db()
    assert rita.company == "Moss & Co"
    old = ana_in.get(f"/customers/{again.public_id}/")
    assert (old.status_code, old["Location"]) == (303, f"/customers/{rita.public_id}/")
    assert "Undo the merge" in ana_in.get(f"/merges/{merge.public_id}/").text
    ana_in.post(f"/merges/{merge.public_id}/undo/")
    rita.refresh_from_db()
    assert rita.company == "Moss LLC"
    assert ana_in.get(f"/customers/{again.public_id}/").status_code == 200
    assert ana_in.post(f"/merges/{merge.public_id}/undo/").status_code == 422


def test_what_came_since_goes_with_whom_it_is_said_to(
    ana_in: Client, pair: Pair, ana: User, happens: Happens
) -> None:
    rita, again = pair
    merge = actions.merge(rita, [again], by=ana)
    stays = happens(rita, "call.made", by=ana, text="For Rita")
    goes = happens(rita, "call.made", by=ana, text="For Margarita")
    theirs = happens(rita, "message.received", text="My number is +17345550199")
    actions.tag(rita, "Boat", by=ana)
    here = f"/merges/{merge.public_id}/"
    text = ana_in.get(here).text
    assert "Tag<small>Boat" in text
    key = f"give-timeline.event:{goes.pk}"
    assert f'name="{key}"' in text
    assert text.count(" selected") == 1  # what names a number of theirs is theirs
    ana_in.post(f"{here}undo/", {key: str(again.public_id)})
    back = Customer.objects.get(public_id=again.public_id)
    assert set(back.events.filter(kind="call.made")) == {goes}
    assert list(back.events.filter(kind="message.received")) == [theirs]
    assert stays in rita.events.all()
    assert rita.tags.get().name == "Boat"


def test_one_of_several_is_left_out_or_taken_out(
    ana_in: Client, pair: Pair, make_customer: MakeCustomer, ana: User
) -> None:
    rita, again = pair
    third = make_customer("Rita M.", owner=ana)
    text = ana_in.get(HERE, asked(rita, again, third)).text
    assert "Merge 3 into one" in text
    assert f'name="without" value="{third.public_id}" aria-label="Leave Rita M. out"' in text
    left = ana_in.get(HERE, asked(rita, again, third) | {"without": str(third.public_id)}).text
    assert "Merge 2 into one" in left
    assert "Rita M." not in left
    ana_in.post(HERE, asked(rita, again, third))
    merge = Merge.objects.get()
    ana_in.post(f"/merges/{merge.public_id}/undo/", {"only": str(third.public_id)})
    assert Customer.objects.filter(public_id=third.public_id).exists()
    assert not Customer.objects.filter(public_id=again.public_id).exists()
    text = ana_in.get(f"/merges/{merge.public_id}/").text
    assert "taken out again by Ana Ferreira" in text
    assert "Margarita Moss" in text


def test_what_was_chosen_stays_chosen_when_it_is_refused(
    ana_in: Client, pair: Pair, make_customer: MakeCustomer, ana: User
) -> None:
    third = make_customer("Rita M.", owner=ana)
    merge = actions.merge(pair[0], [pair[1], third], by=ana)
    sent = {"only": ["", str(third.public_id)], "give-x:1": str(third.public_id)}
    answer = ana_in.post(f"/merges/{merge.public_id}/undo/", sent)
    assert answer.status_code == 422
    ticks = [
        tag.partition(">")[0] for tag in answer.text.split("<input ") if 'type="checkbox"' in tag
    ]
    chosen = {tag.split('value="')[1][:36]: " checked" in tag for tag in ticks}
    assert chosen == {str(pair[1].public_id): False, str(third.public_id): True}


def test_who_ticks_nobody_takes_nobody_out(
    ana_in: Client, pair: Pair, make_customer: MakeCustomer, ana: User
) -> None:
    third = make_customer("Rita M.", owner=ana)
    merge = actions.merge(pair[0], [pair[1], third], by=ana)
    page = ana_in.get(f"/merges/{merge.public_id}/").text
    assert page.count('name="only"') == 3  # one of them says that there was a choice
    answer = ana_in.post(f"/merges/{merge.public_id}/undo/", {"only": ""})
    assert answer.status_code == 422
    assert "Tick who comes out again." in answer.text
    assert Customer.objects.count() == 1
    ana_in.post(f"/merges/{merge.public_id}/undo/")  # as the button beside the notice does
    assert Customer.objects.count() == 3


def test_who_became_somebody_else_meanwhile_is_looked_at_again_before_they_are_merged(
    ana_in: Client, pair: Pair, make_customer: MakeCustomer, ana: User
) -> None:
    rita, again = pair
    third = make_customer("Bo Quill", owner=ana)
    stale = asked(rita, again)
    actions.merge(third, [again], by=ana)
    answer = ana_in.post(HERE, stale)
    assert answer.status_code == 422
    assert "Somebody changed these records meanwhile. Look again, then merge." in answer.text
    assert "Bo Quill" in answer.text
    assert Customer.objects.count() == 2
    ids = answer.text.split('name="ids" value="')[1].partition('"')[0]
    assert ana_in.post(HERE, {"ids": ids}).status_code == 303
    assert Customer.objects.count() == 1


def test_who_may_not_hand_over_keeps_the_owner(
    ana_in: Client, pair: Pair, ana: User, ada: User
) -> None:
    rita, again = pair
    staff.set_right(ana.role, function="ownership", level=Level.HIDDEN, by=ada)
    text = ana_in.get(HERE, asked(rita, again)).text
    owner = next(tag for tag in text.split("<input ") if 'name="pick-owner"' in tag)
    assert " disabled" in owner
    refused = ana_in.post(HERE, asked(rita, again) | {"pick-owner": str(again.public_id)})
    assert refused.status_code == 422
    assert Customer.objects.count() == 2
    ana_in.post(HERE, asked(rita, again))
    assert Customer.objects.get().owner == ana


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({}, 200, "Choose whom to merge"),
        ({"ids": "x"}, 422, "Choose at least two customers"),
        ({"ids": "x," * 3000}, 422, "Choose at least two customers"),
    ],
)
def test_too_few_are_told_how_to_choose(
    ana_in: Client, query: dict[str, str], status: int, said: str
) -> None:
    answer = ana_in.get(HERE, query)
    assert answer.status_code == status
    assert said in answer.text
    assert ana_in.post(HERE, query).status_code == 422


def test_nobody_merges_whom_they_may_not_see(
    ana_in: Client, signed_in: Any, pair: Pair, make_customer: MakeCustomer, ben: User
) -> None:
    rita, again = pair
    foreign = make_customer("Rita Mosse", owner=ben)
    assert ana_in.get(HERE, asked(rita, foreign)).status_code == 422
    assert ana_in.post(HERE, asked(rita, foreign)).status_code == 422
    merge = actions.merge(rita, [again], by=None)
    ben_in = signed_in(ben)
    assert ben_in.get(f"/merges/{merge.public_id}/").status_code == 404
    assert ben_in.post(f"/merges/{merge.public_id}/undo/").status_code == 404
    assert ben_in.get(f"/customers/{again.public_id}/").status_code == 404


def test_a_foreign_referrer_is_not_named(
    ana_in: Client, pair: Pair, make_customer: MakeCustomer, ana: User, ben: User
) -> None:
    foreign, known = make_customer("Foreign Fred", owner=ben), make_customer("Known K", owner=ana)
    actions.refer(pair[0], foreign, source="", by=None)
    actions.refer(pair[1], known, source="", by=ana)
    text = ana_in.get(HERE, asked(*pair)).text
    assert "Known K" in text
    assert "Foreign Fred" not in text
    assert "Somebody you may not see" in text


def test_twenty_five_become_one_and_come_apart(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    many = [make_customer(f"Rita Moss {n}", owner=ana, email=f"r{n}@a.test") for n in range(25)]
    text = ana_in.get(HERE, asked(*many)).text
    assert "Merge 25 into one" in text
    assert 'aria-label="Who, and what they differ on"' in text
    assert ana_in.post(HERE, asked(*many)).status_code == 303
    (one,) = Customer.objects.all()
    assert one.contacts.get(is_primary=True).emails.count() == 25
    assert ana_in.post(f"/merges/{Merge.objects.get().public_id}/undo/").status_code == 303
    assert Customer.objects.count() == 25
    assert all(each.contacts.get().emails.count() == 1 for each in Customer.objects.all())


def test_the_other_one_is_found(ana_in: Client, pair: Pair) -> None:
    rita, again = pair
    text = ana_in.get(f"/customers/{rita.public_id}/merge/?q=moss").text
    both = f"ids={rita.public_id}%2C{again.public_id}&amp;stays={rita.public_id}"
    assert f'href="{HERE}?{both}" aria-label="Compare with Margarita Moss"' in text
    assert "Compare with Rita Moss" not in text


def test_before_anything_is_typed_who_is_probably_the_same_is_proposed(
    ana_in: Client, pair: Pair, make_customer: MakeCustomer, ana: User, ben: User, cleo: User,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    rita, _ = pair
    twin = make_customer("Rita Moss", owner=cleo, email="rita@example.com")
    foreign = make_customer("Rita Moss", owner=ben, email="rita@example.com")
    other = make_customer("Rita Mosse", owner=ana, email="rita@example.com")
    matching.look_again([rita.pk], by=ana)
    matching.decide(rita, other, verdict="different", by=ana)
    there = f"/customers/{rita.public_id}/merge/"
    with django_assert_max_num_queries(8):
        text = ana_in.get(there).text
    assert "Same email" in text
    assert f"{rita.public_id}%2C{twin.public_id}" in text
    assert str(foreign.public_id) not in text
    assert str(other.public_id) not in text
    assert "Probably the same" not in ana_in.get(there, {"q": "Margarita"}).text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [2, 10])
def test_however_many_became_one_each_page_asks_as_little(
    ana_in: Client,
    make_customer: MakeCustomer,
    ana: User,
    cleo: User,
    many: int,
    happens: Happens,
    django_assert_max_num_queries: Any,
) -> None:
    them = [
        make_customer(f"Rita Moss {n}", owner=(ana, cleo)[n % 2], email="rita@example.com",
                      tags=[f"T{n}"], company=f"Moss {n}")
        for n in range(many)
    ]  # fmt: skip
    ana_in.get("/")
    with django_assert_max_num_queries(8):
        page = ana_in.get(HERE, asked(*them))
    assert f"Merge {many} into one" in page.text
    at = clock.now().isoformat()
    merge = actions.merge(them[0], them[1:], by=ana)
    for n in range(many):
        happens(them[0], "call.made", by=ana, text=f"Call {n}")
    actions.undo_merge(merge, by=ana, only={str(them[1].public_id)})
    for path in (
        f"/merges/{merge.public_id}/",
        f"/customers/{them[0].public_id}/merge/?q=rita",
        *(f"/customers/{one.public_id}/history/?as_of={at[:23]}Z" for one in (them[0], them[-1])),
    ):
        with django_assert_max_num_queries(8):
            assert ana_in.get(path).status_code == 200

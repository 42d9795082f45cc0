"""What was said and changed while two were one, when they come apart again."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.customers import actions
from regulars.customers.merging import came_by
from regulars.customers.models import Customer
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(make_customer: MakeCustomer, ana: User) -> tuple[Customer, Customer]:
    """Each with an address of their own, and one that both have."""
    rita, other = (
        make_customer(name, owner=ana, contacts=[{"first_name": name, "emails": [
            {"address": f"{name}@example.com"},
            {"address": "both@example.com", "consent": "express"}]}])
        for name in ("rita", "other")
    )  # fmt: skip
    return rita, other


def word(customer: Customer, address: str) -> str:
    return str(customer.emails.get(address=address).consent)


def test_what_was_said_since_about_an_address_goes_with_it(
    pair: tuple[Customer, Customer], ana: User
) -> None:
    rita, other = pair
    merge = actions.merge(rita, [other], by=ana)
    for address in ("other@example.com", "rita@example.com"):
        actions.record_consent(rita.emails.get(address=address), kind="withdrawn", by=ana)
    actions.undo_merge(merge, by=ana)
    assert word(other, "other@example.com") == word(rita, "rita@example.com") == "withdrawn"
    assert [one.address for one in other.consents.filter(kind="withdrawn")] == ["other@example.com"]
    assert [one.address for one in rita.consents.filter(kind="withdrawn")] == ["rita@example.com"]


def test_and_of_an_address_that_both_have_with_both(
    pair: tuple[Customer, Customer], ana: User
) -> None:
    rita, other = pair
    merge = actions.merge(rita, [other], by=ana)
    actions.record_consent(
        rita.emails.get(address="both@example.com"), kind="withdrawn", by=ana, wording="No more"
    )
    actions.undo_merge(merge, by=ana)
    for one in pair:
        assert word(one, "both@example.com") == "withdrawn"
        assert one.consents.get(kind="withdrawn").wording == "No more"


def test_an_owner_who_came_back_since_keeps_since_when(
    make_customer: MakeCustomer, ana: User, ben: User
) -> None:
    nobodys, anas = make_customer("Rita Moss", owner=None), make_customer("Rita Moss", owner=ana)
    merge = actions.merge(nobodys, [anas], by=ana)
    nobodys.refresh_from_db()
    assert nobodys.owner == ana
    actions.reassign(nobodys, to=ben, by=ana)
    actions.reassign(nobodys, to=ana, by=ana)
    actions.undo_merge(merge, by=ana)
    nobodys.refresh_from_db()
    assert (nobodys.owner is None) == (nobodys.owned_since is None)
    assert nobodys.owner == ana


def test_who_left_and_took_in_the_others_later_keeps_what_is_theirs(
    make_customer: MakeCustomer, ana: User
) -> None:
    """A merge that stands forgets those who left: meeting them again it takes nothing along."""
    people = [make_customer(f"No {n}", email=f"no{n}@example.com") for n in range(4)]
    inner = actions.merge(people[1], [people[0]], by=ana)
    middle = actions.merge(people[2], [people[1]], by=ana)
    actions.undo_merge(inner, by=ana)
    actions.merge(people[0], [people[2]], by=ana)
    actions.undo_merge(middle, by=ana)
    assert people[0].emails.filter(address="no0@example.com").exists()
    assert [one.address for one in people[1].emails.all()] == ["no1@example.com"]


@pytest.mark.parametrize(
    ("text", "reach", "named"),
    [
        ("from rita@example.com", "rita@example.com", True),
        ("<rita@example.com>.", "rita@example.com", True),
        ("from margarita@example.com", "rita@example.com", False),
        ("from rita@example.com.au", "rita@example.com", False),
        ("call +17345550199", "+17345550199", True),
        ("call (734) 555-0199 back", "+17345550199", True),
        ("call 1-734-555-0199", "+17345550199", True),
        ("order 5550199", "+17345550199", False),
        ("order a7345550199", "+17345550199", False),
    ],
)
def test_a_text_names_an_address_or_a_number(text: str, reach: str, named: bool) -> None:
    assert came_by.names(text, reach) is named


@pytest.fixture
def numbered(make_customer: MakeCustomer, ana: User) -> tuple[Customer, Customer]:
    """Both known to one system, and one of them to another one too."""
    rita = make_customer("Rita Moss", owner=ana, external_ids={"shop": "1"})
    ids = {"shop": "2", "till": "7"}
    return rita, make_customer("Other Moss", owner=ana, external_ids=ids)


def test_what_a_program_said_by_an_old_id_is_theirs_when_they_come_apart(
    numbered: tuple[Customer, Customer], ana: User, api: Any
) -> None:
    rita, other = numbered
    merge = actions.merge(rita, [other], by=ana)
    program, hello = api(ana), {"kind": "message.received", "data": {"text": "Hello"}}
    program.post(f"/customers/{other.public_id}/events", hello, status=201)
    program.post(f"/customers/{rita.public_id}/events", hello, status=201)
    named: list[Any] = [
        str(other.public_id), {"system": "shop", "id": "2"}, {"system": "till", "id": "7"},
        str(rita.public_id), {"system": "shop", "id": "1"},
    ]  # fmt: skip
    many = program.post("/events", [{**hello, "customer": one} for one in named], status=200)
    assert many["created"] == 5
    told = program.get(f"/merges/{merge.public_id}")["since"]
    assert [one["belongs_to"] for one in told].count(str(other.public_id)) == 4
    program.send("DELETE", f"/merges/{merge.public_id}")
    assert other.events.filter(kind="message.received").count() == 4
    assert rita.events.filter(kind="message.received").count() == 3

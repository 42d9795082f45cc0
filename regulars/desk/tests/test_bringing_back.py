"""What was removed from a customer's page is told with its Undo, which brings it back as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from regulars.customers import actions, facts
from regulars.customers.models import Contact, Customer, Email, Location, Phone
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "Renée Castellanos",
        owner=ana,
        phone="(734) 555-0162",
        locations=[{"line1": "1417 Pearl St", "city": "Ypsilanti"}],
    )


def at(customer: Customer, place: str) -> str:
    return f"{customer.get_absolute_url()}{place}/"


def undo(page: str) -> str:
    """Where the toast's Undo leads."""
    found = re.search(r'action="([^"]+/bring-back/)"', page)
    assert found
    return found[1]


def stand(customer: Customer) -> list[Any]:
    """Every contact with their addresses and numbers, to the last column."""
    models = (Contact, Email, Phone)
    return [list(m.objects.filter(customer=customer).order_by("pk").values()) for m in models]


def test_a_removed_location_is_brought_back_as_it_was(
    ana_in: Client, renee: Customer, ana: User
) -> None:
    place = renee.locations.get()
    before = Location.objects.filter(pk=place.pk).values().get()
    page = ana_in.post(at(renee, f"locations/{place.pk}/remove"), follow=True).content.decode()
    assert "removed the location" in page
    assert "Removed 1417 Pearl St" in page
    assert not renee.locations.exists()
    back = undo(page)
    page = ana_in.post(back, follow=True).content.decode()
    assert "is back." in page
    assert "added the location" in page
    assert Location.objects.values().get() == before
    again = ana_in.post(back, follow=True).content.decode()
    assert "There is nothing to bring back" in again
    assert Location.objects.count() == 1


def test_a_removed_contact_is_brought_back_with_all_addresses(
    ana_in: Client, renee: Customer, ana: User
) -> None:
    raw = {
        "first_name": "Mateo",
        "emails": [{"address": "m@lake.example", "consent": "express", "label": "Home"}],
        "phones": [{"number": "734 555 0177"}, {"number": "734 555 0178"}],
    }
    mateo = actions.add_contact(renee, facts.read_contact(raw), by=ana)
    own = renee.contacts.get(is_primary=True)
    for gone, name in ((mateo.pk, "Mateo"), (own.pk, "Renée Castellanos")):
        before = stand(renee)
        page = ana_in.post(at(renee, f"contacts/{gone}/remove"), follow=True).content.decode()
        assert f"Removed {name}." in page
        assert not renee.contacts.filter(pk=gone).exists()
        assert f"{name} is back." in ana_in.post(undo(page), follow=True).content.decode()
        assert stand(renee) == before
    assert list(renee.emails.filter(contact=mateo).values_list("consent", flat=True)) == ["express"]


def test_a_number_comes_back_where_it_stood_with_what_was_agreed_since(
    ana_in: Client, renee: Customer, ana: User, htmx: Headers
) -> None:
    own = renee.contacts.get(is_primary=True)
    for number in ("734 555 0177", "734 555 0178"):
        actions.edit(renee, f"contact:{own.pk}:phone", number, by=ana)
    first = own.phones.all()[0]
    fact = f"facts/phone:{first.pk}:number"
    cell = htmx(f"fact-phone-{first.pk}-number", page=renee.get_absolute_url())
    region = ana_in.post(at(renee, fact), {"value": " "}, headers=cell).content.decode()
    assert f"Removed {first}." in region
    assert "is saved" not in region
    raw = {"first_name": "Mateo", "phone": first.typed}
    theirs = actions.add_contact(renee, facts.read_contact(raw), by=ana).phones.get()
    actions.record_consent(theirs, kind="withdrawn", by=ana, channel="call")
    ana_in.post(undo(region))
    back = own.phones.all()[0]
    assert (back.pk, back.call_consent) == (first.pk, "withdrawn")
    assert [phone.position for phone in own.phones.all()] == [0, 1, 2]
    page = ana_in.post(at(renee, fact), {"value": ""}, follow=True).content.decode()
    assert f"Removed {first}." in page
    actions.edit(renee, f"contact:{own.pk}:phone", first.typed, by=ana)
    again = ana_in.post(undo(page), follow=True).content.decode()
    assert f"{first} is there again already" in again
    assert own.phones.count() == 3


def test_an_address_whose_contact_is_gone_waits_for_them(
    ana_in: Client, renee: Customer, ana: User
) -> None:
    raw = {"first_name": "Mateo", "email": "m@lake.example"}
    mateo = actions.add_contact(renee, facts.read_contact(raw), by=ana)
    pk = mateo.emails.get().pk
    gone = actions.edit(renee, f"email:{pk}:address", "", by=ana)
    mateo_gone = actions.remove_contact(mateo, by=ana)
    with pytest.raises(Invalid, match="bring that back first"):
        actions.bring_back(renee, UUID(gone.removed), by=ana)
    actions.bring_back(renee, UUID(mateo_gone), by=ana)
    actions.bring_back(renee, UUID(gone.removed), by=ana)
    assert renee.emails.get(pk=pk).contact.first_name == "Mateo"


def test_a_location_that_comes_back_is_primary_only_if_it_was(
    ana_in: Client, renee: Customer, ana: User
) -> None:
    read = facts.read_location({"city": "Ann Arbor"})
    second = actions.add_location(renee, read, by=ana)
    act = actions.remove_location(second, by=ana)
    actions.bring_back(renee, UUID(act), by=ana)
    assert [p.city for p in renee.locations.all()] == ["Ypsilanti", "Ann Arbor"]
    act = actions.remove_location(renee.locations.get(is_primary=True), by=ana)
    actions.bring_back(renee, UUID(act), by=ana)
    assert [p.city for p in renee.locations.all()] == ["Ypsilanti", "Ann Arbor"]

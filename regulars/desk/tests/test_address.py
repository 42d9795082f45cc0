"""Addresses while they are typed, and what stands beside those that were saved."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from regulars.customers import actions
from regulars.customers.address_check import Checked
from regulars.customers.models import CheckLevel, Customer, Location
from regulars.staff.models import User
from tests.cast import MakeCustomer

SLIP = {"line1": "12 Elm Street", "city": "Troy", "state": "MI", "postal_code": "48804"}


def said(answer: Any) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", answer.content.decode())).split())


def test_while_typing_the_level_and_what_was_meant_are_said(ana_in: Client, htmx: Any) -> None:
    answer = ana_in.get("/customers/address/", SLIP, headers=htmx("address-check"))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.lstrip().startswith('<div id="address-check"')
    assert "Not confirmed . 48804 is Mount Pleasant, MI, not Troy" in said(answer)
    assert "Did you mean Troy, MI 48084 ?" in said(answer)
    (fields,) = re.findall(r'data-fill="([^"]+)"', text)
    assert json.loads(unescape(fields)) == {
        **SLIP,
        "postal_code": "48084",
        "line2": "",
        "country": "",
    }


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, ""),
        ({"country": "US"}, ""),
        ({"line1": "12 Elm", "city": "Troy", "state": "MI"}, "Format OK"),
        ({**SLIP, "postal_code": "48084"}, "ZIP and city agree"),
        ({"line1": "1 Elm", "country": "CA"}, "Not checked outside the US"),
        ({**SLIP, "postal_code": "48084", "country": "U"}, "ZIP and city agree"),
        ({"line1": "x" * 5_000}, ""),
        ({"line1": "<b>\x00", "city": "\ud83d"}, "Not checked"),
    ],
)
def test_half_an_address_is_never_an_error(
    ana_in: Client, htmx: Any, typed: dict[str, str], words: str
) -> None:
    typed = {key: text.encode("utf-8", "replace").decode() for key, text in typed.items()}
    answer = ana_in.get("/customers/address/", typed, headers=htmx("address-check"))
    assert answer.status_code == 200
    assert words in said(answer)
    assert ana_in.get("/customers/address/", typed).status_code == 200


@pytest.fixture
def troy(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Bo Li", owner=ana, locations=[{**SLIP, "kind": "home", "name": "House"}])


def test_a_saved_address_shows_its_level_and_takes_the_suggestion_with_one_click(
    ana_in: Client, troy: Customer
) -> None:
    page = ana_in.get(troy.get_absolute_url())
    assert "Not confirmed . 48804 is Mount Pleasant, MI, not Troy" in said(page)
    text = page.content.decode()
    form = text[text.index('class="meant bad"') :]
    form = form[: form.index("</form>")]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    (action,) = re.findall(r'action="([^"]+)"', text[: text.index(form)][-600:])[-1:] or [""]
    place = troy.locations.get()
    url = action or f"{troy.get_absolute_url()}locations/{place.pk}/"
    answer = ana_in.post(url, {**fields, "csrfmiddlewaretoken": ""})
    assert answer.status_code == 303
    place.refresh_from_db()
    assert (place.postal_code, place.kind, place.name) == ("48084", "home", "House")
    assert (place.check_level, place.is_primary) == (CheckLevel.PLACE, True)
    assert "Did you mean" not in said(ana_in.get(troy.get_absolute_url()))


def test_who_may_only_look_is_shown_the_level_and_no_button(
    signed_in: Any, troy: Customer, omar: User
) -> None:
    page = signed_in(omar).get(troy.get_absolute_url())
    assert "Not confirmed" in said(page)
    assert "Use this address" not in said(page)


def test_what_usps_confirmed_is_no_longer_doubted(ana_in: Client, troy: Customer) -> None:
    actions.mark_checked(troy.locations.get(), Checked(CheckLevel.CONFIRMED), by=None)
    shown = said(ana_in.get(troy.get_absolute_url()))
    assert "Confirmed by USPS" in shown
    assert "Did you mean" not in shown


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (CheckLevel.NO_UNIT, "Confirmed by USPS, but the apartment or suite is missing"),
        (CheckLevel.ODD_UNIT, "Confirmed by USPS, but not its apartment or suite"),
        (CheckLevel.REFUSED, "Not confirmed"),
    ],
)
def test_every_level_is_said_in_words(
    ana_in: Client, troy: Customer, level: CheckLevel, words: str
) -> None:
    actions.mark_checked(troy.locations.get(), Checked(level), by=None)
    assert words in said(ana_in.get(troy.get_absolute_url()))


def test_adding_a_customer_checks_the_address_too(ana_in: Client, ana: User) -> None:
    page = ana_in.get("/customers/new/").content.decode()
    assert '<details class="wide fold">' in page
    assert 'id="address-check"' in page
    body = {"last_name": "Li", "type": "lead", "line2": "Apt 4", **SLIP, "country": "US"}
    assert ana_in.post("/customers/new/", body).status_code == 303
    place = Location.objects.get()
    assert (place.line2, place.check_level) == ("Apt 4", CheckLevel.REFUSED)
    wrong = ana_in.post("/customers/new/", {**body, "last_name": ""})
    assert wrong.status_code == 422
    assert '<details class="wide fold" open>' in wrong.content.decode()


def test_a_foreign_address_is_kept_and_shown_as_its_country_writes_it(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    windsor = {"line1": "1 Elm", "city": "Windsor", "state": "ON", "postal_code": "n9a1a1"}
    bo = make_customer("Bo Li", owner=ana, locations=[{**windsor, "country": "CA"}])
    shown = said(ana_in.get(bo.get_absolute_url()))
    parts = ["1 Elm", "Windsor", "ON", "N9A 1A1", "Canada", "Not checked outside the US"]
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)

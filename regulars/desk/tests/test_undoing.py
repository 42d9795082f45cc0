"""The Undo in the toast: after a log, a resolve, a hand-over, an archiving."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User, happens: Happens) -> Customer:
    customer = make_customer("Renée Castellanos", owner=ana, email="r@lake.example")
    happens(customer, ago=72)
    return customer


def at(customer: Customer, deed: str) -> str:
    return f"{customer.get_absolute_url()}{deed}/"


def way_back(html: str) -> str:
    found = re.search(r'<form method="post" action="([^"]+)" data-undo>', html)
    assert found, "no Undo"
    return unescape(found[1])


@pytest.mark.parametrize(
    ("deed", "form", "said"),
    [
        ("events", {"kind": "call.made", "outcome": "reached"}, "The call is no longer logged."),
        ("events", {"kind": "text.sent"}, "The text is no longer logged."),
        ("events", {"kind": "email.sent"}, "The email is no longer logged."),
        ("events", {"kind": "note.added", "text": "x"}, "The note is taken back"),
        ("resolve", {}, "Renée Castellanos waits again."),
        ("archive", {}, "is back on the lists"),
        ("owner", {"owner": ""}, "is Ana Ferreira’s again."),
    ],
)
def test_what_was_done_is_undone_from_the_toast(
    ana_in: Client, renee: Customer, deed: str, form: dict[str, str], said: str
) -> None:
    before = (renee.waiting_since, renee.unread_count, renee.owner, renee.archived_at)
    page = ana_in.post(at(renee, deed), {**form, "next": "/"}, follow=True).content.decode()
    answer = ana_in.post(way_back(page), {"next": "/"})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert said in ana_in.get("/").content.decode()
    renee.refresh_from_db()
    assert before == (renee.waiting_since, renee.unread_count, renee.owner, renee.archived_at)


def test_what_was_read_before_is_read_after_the_undo(ana_in: Client, renee: Customer) -> None:
    ana_in.get(renee.get_absolute_url())
    page = ana_in.post(at(renee, "resolve"), {"next": "/"}, follow=True).content.decode()
    ana_in.post(way_back(page), {"next": "/"})
    assert 'class="unread"' not in ana_in.get("/customers/").content.decode()


def test_who_gave_a_customer_out_of_sight_can_take_them_back(
    ana_in: Client, ana: User, ben: User, renee: Customer
) -> None:
    ana.role.sees = "store"
    ana.role.save(update_fields=["sees"])
    actions.reassign(renee, to=ben, by=ana)
    Customer.objects.filter(pk=renee.pk).update(store=ben.store)
    event = renee.events.latest("pk")
    assert ana_in.get(renee.get_absolute_url()).status_code == 404
    ana_in.post(at(renee, f"events/{event.pk}/undo"))
    renee.refresh_from_db()
    assert renee.owner == ana


def test_on_its_own_page_the_regions_are_drawn_anew(
    ana_in: Client, ana: User, renee: Customer, htmx: Headers
) -> None:
    event = timeline.resolve(renee, by=ana)
    headers = htmx("timeline", page=renee.get_absolute_url())
    region = ana_in.post(at(renee, f"events/{event.pk}/undo"), headers=headers).content.decode()
    assert "<html" not in region
    assert "waits again" in region
    assert 'hx-target="#record"' in region


def test_what_a_colleague_did_and_what_never_was_are_missing_alike(
    ana_in: Client, mia: User, renee: Customer
) -> None:
    theirs = timeline.record(renee, "text.sent", by=mia)
    for pk in (theirs.pk, 10**9, 2**63):
        assert ana_in.post(at(renee, f"events/{pk}/undo")).status_code == 404
    assert renee.events.filter(pk=theirs.pk).exists()


def test_what_came_too_late_is_said(
    ana_in: Client, ana: User, renee: Customer, happens: Happens
) -> None:
    event = happens(renee, "text.sent", by=ana)
    renee.events.filter(pk=event.pk).update(recorded_at="2026-01-01T00:00:00Z")
    page = ana_in.post(at(renee, f"events/{event.pk}/undo"), follow=True).content.decode()
    assert "Undo is there for ten minutes; nothing was changed." in page
    assert renee.events.filter(pk=event.pk).exists()

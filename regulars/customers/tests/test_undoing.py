"""Undo: for ten minutes what one logged, resolved or handed over is as it was before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.customers.notes.facts import NoteFacts
from regulars.lib import clock
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db
COLUMNS = ("waiting_since", "last_activity_at", "last_inbound_at", "unread_count")


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User, happens: Happens) -> Customer:
    customer = make_customer(
        "Renée Castellanos", owner=ana, created_at=clock.now() - timedelta(days=3)
    )
    happens(customer, ago=72, text="Is the blue one still there?")
    happens(customer, ago=5, text="Hello?")
    return customer


def standing(customer: Customer) -> tuple[Any, ...]:
    customer.refresh_from_db()
    return tuple(getattr(customer, column) for column in COLUMNS)


def lately(customer: Customer) -> Event:
    return customer.events.latest("pk")


@pytest.mark.parametrize("kind", ["call.made", "text.sent", "email.sent"])
def test_what_was_logged_is_gone_and_they_wait_as_before(
    ana: User, renee: Customer, kind: str
) -> None:
    before = standing(renee)
    event = timeline.record(renee, kind, by=ana, data={"text": "Yes"})
    assert standing(renee)[0] is None
    actions.undo(event, by=ana)
    assert standing(renee) == before
    assert renee.events.filter(awaits_answer=True, answered_at=None, answered_by=None).count() == 2
    assert not renee.events.filter(kind=kind).exists()
    said = lately(renee)
    assert (said.actor, said.sentence) == (
        ana, {"call.made": "took back: a call", "text.sent": "took back: a text",
              "email.sent": "took back: an email"}[kind],
    )  # fmt: skip
    assert timeline.rebuild_standing() == 0


def test_what_was_resolved_waits_again_since_when_it_did(ana: User, renee: Customer) -> None:
    before = standing(renee)
    event = timeline.resolve(renee, by=ana, reason="Wrong row")
    assert standing(renee) != before
    actions.undo(event, by=ana)
    timeline.mark_unread(renee, since=None, by=ana)
    assert standing(renee) == before


def test_one_that_was_resolved_alone_waits_again_and_the_other_did_all_along(
    ana: User, renee: Customer
) -> None:
    first = renee.events.get(data__text="Is the blue one still there?")
    event = timeline.resolve(renee, by=ana, event=first)
    assert standing(renee)[0] != first.happened_at
    actions.undo(event, by=ana)
    assert standing(renee)[0] == first.happened_at


def test_whom_a_colleague_answered_meanwhile_does_not_wait_again(
    ana: User, cleo: User, renee: Customer
) -> None:
    event = timeline.record(renee, "call.made", by=ana, data={"outcome": "reached"})
    timeline.record(renee, "text.sent", by=cleo)
    actions.undo(event, by=ana)
    assert standing(renee)[0] is None
    assert set(renee.events.filter(awaits_answer=True).values_list("answered_by", flat=True)) == {
        cleo.pk
    }


def test_who_has_written_since_goes_on_waiting(
    ana: User, renee: Customer, happens: Happens
) -> None:
    event = timeline.resolve(renee, by=ana)
    happens(renee, text="Still there?")
    asked = standing(renee)[0]
    actions.undo(event, by=ana)
    assert standing(renee)[0] < asked


def test_a_note_is_taken_back_and_leaves_its_mark(ana: User, renee: Customer) -> None:
    note = actions.add_note(renee, NoteFacts("Wrong customer"), by=ana)
    actions.undo(note.event, by=ana)
    note.refresh_from_db()
    assert (note.is_retracted, note.text) == (True, "")


def test_a_hand_over_is_given_back_since_when_it_was_theirs(
    ana: User, cleo: User, renee: Customer
) -> None:
    since = clock.now() - timedelta(days=400)
    Customer.objects.filter(pk=renee.pk).update(owned_since=since)
    unread = standing(renee)[3]
    actions.reassign(renee, to=cleo, by=ana, reason="Holiday")
    actions.undo(lately(renee), by=ana)
    renee.refresh_from_db()
    assert (renee.owner, renee.owned_since, renee.unread_count) == (ana, since, unread)
    assert lately(renee).sentence == "handed over from Cleo Marsh to Ana Ferreira: Taken back"


def test_who_was_given_nobodys_customer_gives_them_back_to_nobody(
    ana: User, make_customer: MakeCustomer
) -> None:
    nobodys = make_customer(owner=None)
    actions.reassign(nobodys, to=ana, by=ana)
    actions.undo(lately(nobodys), by=ana)
    nobodys.refresh_from_db()
    assert (nobodys.owner, nobodys.owned_since) == (None, None)


def test_what_went_on_since_stays(ana: User, cleo: User, mia: User, renee: Customer) -> None:
    actions.reassign(renee, to=cleo, by=ana)
    event = lately(renee)
    actions.reassign(renee, to=mia, by=cleo)
    with pytest.raises(Invalid, match="handed on since"):
        actions.undo(event, by=ana)
    renee.refresh_from_db()
    assert renee.owner == mia


def test_only_who_did_it_and_only_for_ten_minutes(
    ana: User, mia: User, renee: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = timeline.record(renee, "call.made", by=ana, data={"outcome": "reached"})
    with pytest.raises(NotAllowed):
        actions.undo(event, by=mia)
    with pytest.raises(Invalid):
        actions.undo(renee.events.filter(kind="message.received")[0], by=ana)
    later = clock.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr("regulars.lib.clock.now", lambda: later)
    with pytest.raises(Invalid, match="ten minutes"):
        actions.undo(event, by=ana)
    assert renee.events.filter(pk=event.pk).exists()

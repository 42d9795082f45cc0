"""What one event does: to what waits, to what is unread, to the customer's place in the list."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.lib.errors import Invalid, Stale
from regulars.staff.models import User
from regulars.timeline import actions
from regulars.timeline.actions import NewEvent
from regulars.timeline.freshness import Freshness, freshness
from regulars.timeline.models import Event
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(owner=ana, created_at=NINE - timedelta(days=600))


def stand(customer: Customer) -> Customer:
    customer.refresh_from_db()
    return customer


def test_a_question_starts_the_clock(renee: Customer) -> None:
    event = actions.record(renee, "message.received", by=None, happened_at=NINE)
    assert event.is_waiting
    assert stand(renee).waiting_since == NINE
    assert renee.last_activity_at == NINE
    assert renee.unread_count == 1


def test_the_oldest_open_question_counts(renee: Customer) -> None:
    for minutes in (20, 0, 40):
        at = NINE + timedelta(minutes=minutes)
        actions.record(renee, "message.received", by=None, happened_at=at)
    assert stand(renee).waiting_since == NINE


def test_a_reply_answers_all_that_was_asked_before_it(renee: Customer, ana: User) -> None:
    first = actions.record(renee, "form.submitted", by=None, happened_at=NINE)
    second = actions.record(
        renee, "message.received", by=None, happened_at=NINE + timedelta(minutes=5)
    )
    actions.record(renee, "text.sent", by=ana, happened_at=NINE + timedelta(minutes=12))
    for event, minutes in ((first, 12), (second, 7)):
        event.refresh_from_db()
        assert event.answered_by == ana
        assert event.response_time == timedelta(minutes=minutes)
    assert stand(renee).waiting_since is None


def test_a_reply_logged_late_leaves_what_came_after_it(renee: Customer, ana: User) -> None:
    actions.record(renee, "message.received", by=None, happened_at=NINE)
    later = NINE + timedelta(minutes=30)
    actions.record(renee, "message.received", by=None, happened_at=later)
    actions.record(renee, "call.made", by=ana, happened_at=NINE + timedelta(minutes=10))
    assert stand(renee).waiting_since == later


def test_a_question_brought_late_waits_though_somebody_spoke_since(
    renee: Customer, ana: User
) -> None:
    actions.record(renee, "call.made", by=ana, happened_at=NINE + timedelta(minutes=10))
    actions.record(renee, "message.received", by=None, happened_at=NINE)
    assert stand(renee).waiting_since == NINE


@pytest.mark.parametrize("kind", ["note.added", "page.visited", "favourite.added"])
def test_what_is_no_reply_leaves_the_clock_running(renee: Customer, ana: User, kind: str) -> None:
    actions.record(renee, "message.received", by=None, happened_at=NINE)
    actions.record(renee, kind, by=ana)
    assert stand(renee).waiting_since == NINE


def test_a_call_that_reached_nobody_leaves_the_clock_running(renee: Customer, ana: User) -> None:
    actions.record(renee, "message.received", by=None, happened_at=NINE)
    data = {"outcome": "no answer", "missed": True}
    missed = actions.record(renee, "call.made", by=ana, data=data)
    assert not missed.answers
    assert stand(renee).waiting_since == NINE


def test_resolving_turns_gray_for_everyone_and_keeps_who_and_when(
    renee: Customer, mia: User
) -> None:
    asked = actions.record(renee, "message.received", by=None, happened_at=NINE)
    with time_machine.travel(NINE + timedelta(minutes=42), tick=False):
        done = actions.resolve(renee, by=mia, reason=" Sold by phone ")
    asked.refresh_from_db()
    assert done.data == {"reason": "Sold by phone"}
    assert asked.answered_by == mia
    assert asked.response_time == timedelta(minutes=42)
    assert stand(renee).waiting_since is None
    for later in (timedelta(0), timedelta(days=900)):
        assert freshness(renee.waiting_since, NINE + later) is Freshness.GRAY
    actions.record(renee, "text.sent", by=mia)
    asked.refresh_from_db()
    assert asked.response_time == timedelta(minutes=42)


def test_resolving_is_no_activity(renee: Customer, ana: User) -> None:
    actions.record(renee, "message.received", by=None, happened_at=NINE)
    actions.resolve(renee, by=ana)
    assert stand(renee).last_activity_at == NINE


def test_only_one_event_can_be_resolved(renee: Customer, ana: User) -> None:
    first = actions.record(renee, "message.received", by=None, happened_at=NINE)
    second = actions.record(
        renee, "form.submitted", by=None, happened_at=NINE + timedelta(minutes=5)
    )
    actions.resolve(renee, by=ana, event=first)
    first.refresh_from_db()
    second.refresh_from_db()
    assert not first.is_waiting
    assert second.is_waiting
    assert stand(renee).waiting_since == second.happened_at


def test_another_customers_event_is_not_answered(
    renee: Customer, make_customer: MakeCustomer, ana: User
) -> None:
    other = make_customer("Omar Bright")
    theirs = actions.record(other, "message.received", by=None, happened_at=NINE)
    actions.resolve(renee, by=ana)
    actions.resolve(renee, by=ana, event=theirs)
    theirs.refresh_from_db()
    assert theirs.is_waiting
    assert stand(other).waiting_since == NINE


def test_who_writes_after_the_answer_waits_again(renee: Customer, ana: User) -> None:
    actions.record(renee, "message.received", by=None, happened_at=NINE)
    actions.record(renee, "text.sent", by=ana, happened_at=NINE + timedelta(minutes=1))
    again = NINE + timedelta(minutes=2)
    actions.record(renee, "message.received", by=None, happened_at=again)
    assert stand(renee).waiting_since == again


# Reading.


def test_the_owners_look_reads_and_a_colleagues_does_not(
    renee: Customer, ana: User, mia: User
) -> None:
    actions.record(renee, "message.received", by=None)
    actions.mark_read(renee, by=mia)
    assert stand(renee).unread_count == 1
    actions.mark_read(renee, by=ana)
    assert stand(renee).unread_count == 0
    assert renee.waiting_since is not None


def test_with_no_owner_anybodys_look_reads(make_customer: MakeCustomer, mia: User) -> None:
    nobodys = make_customer("Omar Bright")
    actions.record(nobodys, "message.received", by=None)
    actions.mark_read(nobodys, by=mia)
    assert stand(nobodys).unread_count == 0


def test_what_we_do_ourselves_wants_no_reading(renee: Customer, ana: User) -> None:
    for kind in ("call.made", "note.added", "email.sent"):
        actions.record(renee, kind, by=ana)
    assert stand(renee).unread_count == 0
    assert renee.last_inbound_at is None


# What is refused.


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("lease.eaten", {}, "kind"),
        ("note.added", {"text": "a\x00b"}, "data"),
        ("note.added", {"text": float("nan")}, "data"),
        ("note.added", {"text": "\ud800"}, "data"),
        ("note.added", {"text": "x" * 32_001}, "data"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    renee: Customer, kind: str, data: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as no:
        actions.record(renee, kind, by=None, data=data)
    assert list(no.value.errors) == [field]
    assert renee.events.count() == 1


def test_a_backslash_before_u0000_is_only_text(renee: Customer) -> None:
    event = actions.record(renee, "note.added", by=None, data={"text": "\\u0000"})
    assert event.data["text"] == "\\u0000"


def test_the_future_is_refused_and_a_clock_a_little_ahead_is_not(renee: Customer) -> None:
    now = clock.now()
    with pytest.raises(Invalid) as no:
        actions.record(renee, "note.added", by=None, happened_at=now + timedelta(minutes=6))
    assert list(no.value.errors) == ["happened_at"]
    actions.record(renee, "note.added", by=None, happened_at=now + timedelta(minutes=4))


# Many at once, and twice.


def new(customer: Customer, kind: str, minutes: int, **more: Any) -> NewEvent:
    return NewEvent(customer.pk, kind, NINE + timedelta(minutes=minutes), **more)


def test_the_same_origin_twice_is_a_no_op(renee: Customer) -> None:
    first = actions.record(renee, "message.received", by=None, origin="sms:1", happened_at=NINE)
    again = actions.record(renee, "message.received", by=None, origin="sms:1")
    assert again == first
    assert stand(renee).unread_count == 1
    assert renee.waiting_since == NINE


def test_the_same_origin_of_two_customers_are_two_events(
    renee: Customer, make_customer: MakeCustomer
) -> None:
    other = make_customer("Omar Bright")
    events = [new(c, "message.received", 0, origin="sms:1") for c in (renee, other)]
    ids = actions.record_many(events)
    assert None not in ids
    assert len(set(ids)) == 2


def test_a_batch_says_which_of_its_events_were_known(renee: Customer) -> None:
    known = new(renee, "message.received", 0, origin="sms:1")
    actions.record_many([known])
    ids = actions.record_many([new(renee, "page.visited", 1), known, new(renee, "note.added", 2)])
    assert [pk is None for pk in ids] == [False, True, False]
    kinds = [Event.objects.get(pk=pk).kind for pk in ids if pk]
    assert kinds == ["page.visited", "note.added"]


def test_one_origin_twice_in_a_batch_is_written_once(renee: Customer) -> None:
    event = new(renee, "message.received", 0, origin="sms:1")
    ids = actions.record_many([event, event])
    assert [pk is None for pk in ids] == [False, True]
    assert stand(renee).unread_count == 1


def test_a_reply_in_the_batch_answers_what_came_before_it(renee: Customer, ana: User) -> None:
    actions.record(renee, "form.submitted", by=None, happened_at=NINE - timedelta(minutes=9))
    actions.record_many(
        [
            new(renee, "message.received", 0),
            new(renee, "text.sent", 3, actor_id=ana.pk),
            new(renee, "message.received", 8),
        ]
    )
    assert stand(renee).waiting_since == NINE + timedelta(minutes=8)
    answered = renee.events.filter(answered_by=ana).order_by("happened_at")
    assert [e.response_time for e in answered] == [timedelta(minutes=12), timedelta(minutes=3)]


def test_the_order_in_a_batch_does_not_matter(renee: Customer, ana: User) -> None:
    actions.record_many(
        [new(renee, "text.sent", 3, actor_id=ana.pk), new(renee, "message.received", 0)]
    )
    assert stand(renee).waiting_since is None


def test_history_starts_no_clock_and_wants_no_reading(renee: Customer) -> None:
    actions.record_many([new(renee, "message.received", 0, history=True)])
    assert stand(renee).waiting_since is None
    assert renee.unread_count == 0
    assert renee.last_inbound_at is None
    assert renee.last_activity_at == NINE


def test_what_was_read_elsewhere_still_waits(renee: Customer) -> None:
    actions.record_many([new(renee, "message.received", 0, read=True)])
    assert stand(renee).waiting_since == NINE
    assert renee.unread_count == 0


def test_more_than_a_batch_is_written_in_order(renee: Customer) -> None:
    ids = actions.record_many(new(renee, "page.visited", n) for n in range(2_100))
    assert len(ids) == 2_100
    assert sorted(pk for pk in ids if pk) == ids


def test_an_older_event_does_not_move_the_customer_down(renee: Customer, happens: Happens) -> None:
    happens(renee, "page.visited", ago=5)
    seen = stand(renee).last_activity_at
    happens(renee, "page.visited", ago=500)
    assert stand(renee).last_activity_at == seen


def test_what_is_known_already_is_found_though_its_customer_became_one_with_another_meanwhile(
    make_customer: MakeCustomer, ada: User
) -> None:
    one, other = make_customer("R. Roe"), make_customer("Renée Roe")
    first = actions.record(one, "call.made", by=ada, origin="phone-1")
    customers.merge(other, [one], by=ada)
    assert actions.record(one, "call.made", by=ada, origin="phone-1") == first
    assert actions.record(one, "call.made", by=ada, origin="phone-2").customer == other


@pytest.mark.parametrize("origin", ["", "phone-1"])
def test_nothing_happens_to_who_was_erased_meanwhile(
    make_customer: MakeCustomer, ada: User, origin: str
) -> None:
    gone, there = make_customer("R. Roe"), make_customer("Renée Roe")
    new = [NewEvent(pk, "call.made", clock.now(), origin=origin) for pk in (gone.pk, there.pk)]
    customers.erase(Customer.objects.get(pk=gone.pk), confirm=gone.name, by=ada)
    with pytest.raises(Stale):
        actions.record(gone, "call.made", by=ada, origin=origin)
    ids = actions.record_many(new)
    assert ids == [None, there.events.get(kind="call.made").pk]

"""What a customer's row says of their timeline is what the timeline says: kept equals rebuilt."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers import actions as customers
from regulars.customers.actions.touched import lock
from regulars.customers.models import Customer, Tagging
from regulars.staff.models import User
from regulars.timeline import actions
from regulars.timeline.actions import NewEvent
from tests.cast import MakeCustomer
from tests.laws import takes

NINE = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
ASKS = ["message.received", "form.submitted"]
REPLIES = ["text.sent", "call.made"]
OTHERS = ["page.visited", "note.added", "customer.changed"]

minutes = st.integers(0, 40)
kinds = st.sampled_from([*ASKS, *REPLIES, *OTHERS])
recorded = st.tuples(kinds, minutes)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("record"), kinds, minutes),
        st.tuples(st.just("missed"), minutes),
        st.tuples(st.just("many"), st.lists(recorded, min_size=1, max_size=6), st.booleans()),
        st.tuples(st.just("resolve")),
        st.tuples(st.just("slip"), kinds, minutes),
        st.tuples(st.just("resolve one"), st.integers(0, 9)),
        st.tuples(st.just("read"), st.sampled_from(["ana", "mia"])),
        st.tuples(st.just("hand over"), st.sampled_from(["ana", "mia", ""])),
        st.tuples(st.just("put"), st.booleans()),
        st.tuples(st.just("tag"), st.sampled_from(["VIP", "Fleet"])),
    ),
    max_size=14,
)


@dataclass
class Told:
    """The same history in plain Python: when each open question was asked."""

    open: list[datetime] = field(default_factory=list)
    active: datetime = NINE - timedelta(days=1)

    def happens(self, kind: str, at: datetime) -> None:
        if kind in ASKS:
            self.open.append(at)
        if kind in REPLIES:
            self.open = [asked for asked in self.open if asked > at]
        if kind != "customer.changed":
            self.active = max(self.active, at)


def at(minute: int) -> datetime:
    return NINE + timedelta(minutes=minute)


def live(customer: Customer, step: tuple[object, ...], told: Told, people: dict[str, User]) -> None:
    """Do one step, to the customer and to the plain history."""
    match step:
        case ("record", str(kind), int(minute)):
            actions.record(customer, kind, by=people["ana"], happened_at=at(minute))
            told.happens(kind, at(minute))
        case ("missed", int(minute)):
            data = {"missed": True}
            actions.record(customer, "call.made", by=None, happened_at=at(minute), data=data)
            told.active = max(told.active, at(minute))
        case ("many", list(batch), bool(history)):
            many(customer, batch, told, history=history)
        case ("resolve",):
            actions.resolve(customer, by=people["mia"])
            told.open = []
        case ("slip", str(kind), int(minute)):
            slip = actions.record(customer, kind, by=people["ana"], happened_at=at(minute))
            actions.take_back(slip, by=people["ana"])
        case ("resolve one", int(number)):
            resolve_one(customer, number, told, people["ana"])
        case ("read", str(who)):
            actions.mark_read(customer, by=people[who])
        case ("hand over", str(who)):
            customers.reassign(customer, to=people.get(who), by=people["mia"])
        case (_, what):
            edit(customer, what, people["mia"])


def resolve_one(customer: Customer, number: int, told: Told, by: User) -> None:
    waiting = list(customer.events.filter(awaits_answer=True, answered_at=None))
    if waiting:
        event = waiting[number % len(waiting)]
        actions.resolve(customer, by=by, event=event)
        told.open.remove(event.happened_at)


def edit(customer: Customer, what: object, by: User) -> None:
    """Put away (true) or back, or turn a tag on or off."""
    if isinstance(what, bool):
        (customers.archive if what else customers.restore)(customer, by=by)
    else:
        there = customer.tags.filter(name=what).exists()
        (customers.untag if there else customers.tag)(customer, str(what), by=by)


def many(customer: Customer, batch: list[tuple[str, int]], told: Told, *, history: bool) -> None:
    actions.record_many(
        NewEvent(customer.pk, kind, at(minute), history=history) for kind, minute in batch
    )
    # Within a batch what happened first comes first; equal moments stay in the order given.
    for kind, minute in sorted(batch, key=lambda one: one[1]):
        if history and kind in ASKS:
            told.active = max(told.active, at(minute))
        else:
            told.happens(kind, at(minute))


@pytest.mark.django_db
@takes(120)
@given(history=steps, from_file=st.booleans())
def test_any_history_leaves_what_rebuilding_would(
    history: list[tuple[object, ...]],
    from_file: bool,
    make_customer: MakeCustomer,
    ana: User,
    mia: User,
) -> None:
    people, told = {"ana": ana, "mia": mia}, Told()
    customer = make_customer(owner=ana, created_at=at(20) if from_file else told.active)
    if from_file:  # being added was no activity: only what happens from now on is
        customer.events.update(is_activity=False)
        told.active = NINE - timedelta(days=9)
    for step in history:
        live(customer, step, told, people)
    assert actions.rebuild_standing() == 0
    customer.refresh_from_db()
    active = told.active if told.active > NINE - timedelta(days=9) else customer.created_at
    assert customer.waiting_since == min(told.open, default=None)
    assert customer.last_activity_at == active
    assert {row.last_activity_at for row in customer.taggings.all()} <= {active}
    customer.delete()


@pytest.mark.django_db
def test_rebuilding_puts_right_what_is_wrong(make_customer: MakeCustomer, ana: User) -> None:
    right = make_customer("Amy Right")
    wrong = make_customer("Ben Wrong", owner=ana)
    for customer in (right, wrong):
        actions.record(customer, "message.received", by=None)
    wrong.refresh_from_db()
    kept = (wrong.waiting_since, wrong.unread_count, wrong.last_activity_at, wrong.last_inbound_at)
    Customer.objects.filter(pk=wrong.pk).update(
        waiting_since=None, unread_count=7, last_activity_at=NINE, last_inbound_at=None
    )
    assert actions.rebuild_standing(batch=1) == 1
    wrong.refresh_from_db()
    assert kept == (
        wrong.waiting_since,
        wrong.unread_count,
        wrong.last_activity_at,
        wrong.last_inbound_at,
    )


@pytest.mark.django_db
def test_rebuilding_puts_the_customers_of_a_tag_in_order(make_customer: MakeCustomer) -> None:
    right, wrong = (make_customer(name, tags=["VIP"]) for name in ("Amy Right", "Ben Wrong"))
    Tagging.objects.filter(customer=wrong).update(last_activity_at=NINE)
    assert actions.rebuild_standing() == 1
    for customer in (right, wrong):
        assert customer.taggings.get().last_activity_at == customer.last_activity_at


@pytest.mark.django_db
def test_the_command_says_what_it_did(
    make_customer: MakeCustomer, capsys: pytest.CaptureFixture[str]
) -> None:
    customer = make_customer()
    call_command("rebuild-standing")
    assert "right already" in capsys.readouterr().out
    Customer.objects.filter(pk=customer.pk).update(unread_count=7)
    call_command("rebuild-standing")
    assert "1 customer put right" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_neither_block_each_other_nor_lose_a_thing(
    make_customer: MakeCustomer, ana: User, mia: User
) -> None:
    shared = [make_customer(f"Customer {n}", owner=ana) for n in range(4)]
    start = threading.Barrier(6)
    problems: list[BaseException] = []

    def work(seed: int) -> None:
        luck = Random(seed)
        start.wait()
        for _ in range(25):
            deed(luck, luck.sample(shared, len(shared)), ana, mia)

    def guarded(seed: int) -> None:
        try:
            work(seed)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    in_threads(guarded, 6)
    assert not problems
    assert actions.rebuild_standing() == 0
    total = sum(customer.events.filter(origin__startswith="batch").count() for customer in shared)
    assert total % len(shared) == 0


@pytest.mark.django_db(transaction=True)
def test_taking_a_tag_off_waits_for_the_customer_before_it_touches_the_tag(
    make_customer: MakeCustomer, ana: User, mia: User
) -> None:
    customer = make_customer("Bakker", owner=ana, tags=["VIP"])
    problems: list[BaseException] = []

    def untag() -> None:
        try:
            customers.untag(customer, "VIP", by=mia)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    other = threading.Thread(target=untag)
    with transaction.atomic():
        lock(customer)
        other.start()
        until_somebody_waits()
        actions.record(customer, "message.received", by=None)
    other.join(60)
    assert not problems
    assert not customer.taggings.exists()


def until_somebody_waits() -> None:
    """Until another transaction waits for ours."""
    waiting = """SELECT 1 FROM pg_locks
      WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"""
    for _ in range(1_000):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone():
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def in_threads(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "two writers wait for each other"


def deed(luck: Random, mixed: list[Customer], ana: User, mia: User) -> None:
    """One thing that people and programs do at the same time, customers in any order."""
    one = mixed[0]
    kind = luck.choice([*ASKS, *REPLIES, *OTHERS])
    match luck.randrange(8):
        case 0 | 1:
            actions.record(one, kind, by=ana)
        case 2 | 3:
            origin = f"batch {luck.randrange(40)}"
            when = NINE + timedelta(minutes=luck.randrange(60))
            actions.record_many(NewEvent(c.pk, kind, when, origin=origin) for c in mixed)
        case 4:
            actions.resolve(one, by=mia)
        case 5:
            actions.mark_read(one, by=luck.choice([ana, mia]))
        case 6:
            customers.reassign(one, to=luck.choice([ana, mia, None]), by=mia)
        case 7:
            luck.choice([customers.tag, customers.untag])(one, "VIP", by=ana)

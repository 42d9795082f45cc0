"""Tasks are added, done, opened again, put away and given away; owners take theirs along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from regulars.audiences import actions as audiences
from regulars.audiences import membership
from regulars.bulk import actions as bulk
from regulars.bulk.models import Receipt
from regulars.bulk.selection import Selection
from regulars.customers import actions as customers
from regulars.customers.facts import clean
from regulars.customers.history import as_of, queries
from regulars.customers.merging import doing
from regulars.customers.models import Customer
from regulars.customers.tests.test_history_replay import observed, same, told
from regulars.customers.tests.test_merging import changed, everything
from regulars.customers.tests.test_merging_laws import taken_back
from regulars.follow_up import actions
from regulars.follow_up.due import Due
from regulars.follow_up.facts import TaskFacts
from regulars.follow_up.models import Kind, State, Task
from regulars.lib.errors import Invalid, Stale
from regulars.staff import actions as staff
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.cast import Happens, MakeCustomer
from tests.laws import takes

pytestmark = pytest.mark.django_db
CALL = TaskFacts("Call about the lease", Kind.CALL, "She asked twice", Due(on=date(2026, 12, 1)))


@pytest.fixture
def rita(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Rita Moss", owner=ana)


@pytest.fixture
def call(rita: Customer, ana: User) -> Task:
    return actions.add(rita, CALL, by=ana)


def now(task: Task) -> Task:
    task.refresh_from_db()
    return task


def last(customer: Customer) -> Event:
    return customer.events.latest("pk")


DEEDS: dict[str, Callable[[Task, User, User], object]] = {
    "task.added": lambda task, by, other: actions.add(task.customer, CALL, by=by),
    "task.changed": lambda task, by, other: actions.change(task, TaskFacts("Else"), by=by),
    "task.reassigned": lambda task, by, other: actions.reassign(task, to=other, by=by),
    "task.done": lambda task, by, other: actions.finish(task, by=by),
    "task.reopened": lambda task, by, other: actions.reopen(actions.finish(task, by=by), by=by),
    "task.archived": lambda task, by, other: actions.archive(task, by=by),
    "task.restored": lambda task, by, other: actions.restore(actions.archive(task, by=by), by=by),
}


@pytest.mark.parametrize("kind", DEEDS)
def test_a_deed_leaves_one_event_that_says_the_task(
    kind: str, call: Task, ana: User, cleo: User
) -> None:
    before = call.customer.events.count()
    DEEDS[kind](call, ana, cleo)
    made = call.customer.events.count() - before
    assert made == (2 if kind in ("task.reopened", "task.restored") else 1)
    event = last(call.customer)
    assert (event.kind, event.actor, event.is_activity) == (kind, ana, False)
    assert event.data["task_id"]


@pytest.mark.parametrize(
    "deed",
    [
        lambda task, by: actions.change(task, TaskFacts.of(task), by=by),
        lambda task, by: actions.reassign(task, to=by, by=by),
        lambda task, by: actions.reopen(task, by=by),
        lambda task, by: actions.restore(task, by=by),
        lambda task, by: actions.finish(actions.finish(task, by=by), by=by),
        lambda task, by: actions.archive(actions.archive(task, by=by), by=by),
    ],
)
def test_nothing_is_told_when_nothing_differs(deed: Any, call: Task, ana: User) -> None:
    before = call.customer.events.count()
    state = call.state
    deed(call, ana)
    assert call.customer.events.count() - before == (now(call).state != state)


def test_a_task_is_for_the_owner_unless_somebody_is_said(
    rita: Customer, make_customer: MakeCustomer, ana: User, cleo: User, mia: User
) -> None:
    assert actions.add(rita, CALL, by=mia).assignee == ana
    assert actions.add(rita, CALL, by=mia, assignee=cleo).assignee == cleo
    assert actions.add(rita, CALL, by=mia, assignee=None).assignee is None
    assert actions.add(make_customer("Bo Li"), CALL, by=mia).assignee is None


def test_nobody_is_asked_who_does_not_see_the_customer_or_left(
    rita: Customer, call: Task, ana: User, ben: User, dora: User
) -> None:
    for nobody, why in ((ben, "does not see"), (dora, "no longer works")):
        with pytest.raises(Invalid, match=why):
            actions.add(rita, CALL, by=ana, assignee=nobody)
        with pytest.raises(Invalid, match=why):
            actions.reassign(call, to=nobody, by=ana)
    assert Task.objects.count() == 1


def test_what_was_done_is_done_when_it_comes_back_from_the_archive(call: Task, ana: User) -> None:
    actions.finish(call, by=ana)
    assert (now(call).state, call.done_by) == (State.DONE, ana)
    actions.archive(call, by=ana)
    assert now(call).state == State.ARCHIVED
    actions.restore(call, by=ana)
    assert (now(call).state, call.done_by) == (State.DONE, ana)
    actions.reopen(call, by=ana)
    assert (now(call).state, call.done_at, call.done_by) == (State.TODO, None, None)


def test_a_task_does_not_answer_whoever_waits(rita: Customer, happens: Happens, ana: User) -> None:
    happens(rita, "message.received", ago=10)
    waiting, active = rita.waiting_since, rita.last_activity_at
    actions.finish(actions.add(rita, CALL, by=ana), by=ana)
    rita.refresh_from_db()
    assert (rita.waiting_since, rita.last_activity_at) == (waiting, active)


def test_an_audience_hears_of_tasks(rita: Customer, ana: User, ada: User) -> None:
    late = audiences.make_audience(name="Late", criteria="task.overdue", by=ada)
    task = actions.add(rita, TaskFacts("Call", due=Due(on=date(2026, 1, 1))), by=ana)
    membership.keep_up()
    assert [member.customer for member in late.member_set.all()] == [rita]
    actions.finish(task, by=ana)
    membership.keep_up()
    assert not late.member_set.exists()


def test_a_task_that_went_with_its_customer_is_stale(call: Task, ada: User) -> None:
    customers.erase(call.customer, confirm="Rita Moss", by=ada)
    with pytest.raises(Stale):
        actions.finish(call, by=ada)


# --- Whose it is


def test_the_owners_tasks_go_to_the_new_owner(
    rita: Customer, call: Task, ana: User, cleo: User, mia: User
) -> None:
    cleos = actions.add(rita, CALL, by=ana, assignee=cleo)
    anybodys = actions.add(rita, CALL, by=ana, assignee=None)
    was_done = actions.finish(actions.add(rita, CALL, by=ana), by=ana)
    customers.reassign(rita, to=mia, by=mia)
    assert [now(t).assignee for t in (call, cleos, anybodys, was_done)] == [mia, cleo, None, ana]
    assert last(rita).kind == "customer.reassigned"
    customers.unassign(rita, by=mia)
    assert now(call).assignee is None


def test_handing_everybody_over_takes_their_tasks_along(
    call: Task, make_customer: MakeCustomer, ana: User, cleo: User, mia: User
) -> None:
    elsewhere = actions.add(make_customer("Bo Li", owner=cleo), CALL, by=mia, assignee=ana)
    assert customers.hand_over(ana, to=cleo, by=mia) == 1
    assert (now(call).assignee, now(elsewhere).assignee) == (cleo, ana)


def test_who_leaves_keeps_no_task_about_customers_of_others(
    call: Task, make_customer: MakeCustomer, ana: User, cleo: User, ada: User
) -> None:
    cleos = actions.add(make_customer("Bo Li", owner=cleo), CALL, by=ada, assignee=ana)
    nobodys = actions.add(make_customer("Cy Ross"), CALL, by=ada, assignee=ana)
    staff.disable(ana, by=ada)
    assert [now(t).assignee for t in (call, cleos, nobodys)] == [ana, cleo, None]
    assert last(cleos.customer).kind == "task.reassigned"


def test_undoing_a_reassignment_of_many_gives_the_tasks_back_too(
    rita: Customer, call: Task, make_customer: MakeCustomer, ana: User, cleo: User, mia: User
) -> None:
    bo = actions.add(make_customer("Bo Li", owner=cleo), CALL, by=mia)
    cleos = actions.add(rita, CALL, by=mia, assignee=cleo)
    receipt = done("reassign", [rita, bo.customer], mia, owner=str(cleo.pk))
    assert [now(t).assignee for t in (call, bo, cleos)] == [cleo, cleo, cleo]
    bulk.take_back(receipt, by=mia)
    assert [now(t).assignee for t in (call, bo, cleos)] == [ana, cleo, cleo]


# --- To many at once


def done(deed: str, who: list[Customer], by: User, **values: Any) -> Receipt:
    chosen = Selection(ids=tuple(str(one.public_id) for one in who))
    made = bulk.fill(bulk.draft(deed, chosen, by=by), values, by=by)
    return bulk.run(bulk.start(made, by=by), by=by)


TOLD = {"title": "Invite to the open house", "kind": "call", "due": "2026-12-05", "time": "17:30"}


def test_a_task_for_many_is_for_each_owner_and_can_be_taken_back(
    rita: Customer, make_customer: MakeCustomer, ana: User, cleo: User, mia: User
) -> None:
    bo, cy = make_customer("Bo Li", owner=cleo), make_customer("Cy Ross", store=mia.store)
    before = everything()["follow_up_task"]
    receipt = done("add_task", [rita, bo, cy], mia, **TOLD)
    assert receipt.label == "Add the task “Invite to the open house” for their owner"
    made = {t.customer: t for t in Task.objects.all()}
    assert [made[c].assignee for c in (rita, bo, cy)] == [ana, cleo, None]
    at = made[rita].due_at
    assert at == datetime.fromisoformat("2026-12-05T17:30-05:00"), "of Mia's own zone"
    assert receipt.changed == 3
    assert last(bo).kind == "task.added"
    bulk.take_back(receipt, by=mia)
    assert everything()["follow_up_task"] == before


def test_who_has_the_task_already_gets_no_second_one(
    rita: Customer, make_customer: MakeCustomer, ana: User, cleo: User, ben: User
) -> None:
    bo = make_customer("Bo Li", owner=ana)
    facts = TaskFacts("Invite", Kind.CALL, due=Due(on=date(2026, 12, 5)))
    ids = [rita.pk, bo.pk]
    assert actions.add_many(ids, facts, by=ana) == ids
    assert actions.add_many(ids, facts, by=ana, assignee=cleo) == []
    actions.finish(bo.tasks.get(), by=ana)
    assert actions.add_many(ids, facts, by=ana) == [bo.pk], "what was done may be due again"
    assert actions.add_many(ids, TaskFacts("Invite", Kind.CALL), by=ana, assignee=ben) == []


def test_the_dry_run_says_who_would_get_it(
    rita: Customer, make_customer: MakeCustomer, ana: User, ben: User, ada: User
) -> None:
    bo = make_customer("Bo Li", owner=ben)
    actions.add(rita, TaskFacts("Invite"), by=ana)
    chosen = Selection(ids=(str(rita.public_id), str(bo.public_id)))
    _, _, dry = bulk.propose("add_task", {"title": "Invite"}, chosen, by=ada)
    assert (dry.changes, [s.reason for s in dry.skipped]) == (1, ["Have this task already"])
    _, _, dry = bulk.propose("add_task", {"title": "Go", "assignee": str(ben.pk)}, chosen, by=ada)
    assert [s.reason for s in dry.skipped] == ["Ben Castillo does not see them"]
    for wrong in ({}, {"title": "Go", "time": "10:00"}, {"title": "Go", "due": "soon"}):
        with pytest.raises(Invalid):
            bulk.propose("add_task", wrong, chosen, by=ada)


# --- Two become one


def test_the_tasks_of_whoever_loses_the_customer_are_the_other_owners(
    rita: Customer, call: Task, make_customer: MakeCustomer, ana: User, cleo: User, mia: User
) -> None:
    twin = make_customer("Rita Moss", owner=cleo)
    cleos = actions.add(twin, CALL, by=mia)
    mias = actions.add(twin, CALL, by=mia, assignee=mia)
    merge = customers.merge(rita, [twin], by=mia)
    assert {t.customer for t in map(now, (call, cleos, mias))} == {rita}
    assert [t.assignee for t in (call, cleos, mias)] == [ana, ana, mia]
    customers.undo_merge(merge, by=mia)
    assert (now(cleos).customer, cleos.assignee) == (twin, cleo)
    picked = {"owner": twin.public_id}
    doing.merge(rita, [twin], by=mia, picks=picked)
    assert [now(t).assignee for t in (call, cleos, mias)] == [cleo, cleo, mia]


@pytest.mark.parametrize("third_first", [True, False])
def test_whoever_gets_three_customers_gets_their_tasks_in_whatever_order_they_came(
    rita: Customer, call: Task, make_customer: MakeCustomer, ana: User, cleo: User, mia: User,
    third_first: bool,
) -> None:  # fmt: skip
    owners = [cleo, mia] if third_first else [mia, cleo]
    one, two = (make_customer("Rita Moss", owner=owner, store=mia.store) for owner in owners)
    tasks = [call, *(actions.add(each, CALL, by=mia) for each in (one, two))]
    third = one if third_first else two
    merge = customers.merge(rita, [one, two], by=mia, picks={"owner": third.public_id})
    assert {now(task).assignee for task in tasks} == {cleo}
    customers.undo_merge(merge, by=mia, only=[str(third.public_id)])
    rita.refresh_from_db()
    assert (rita.owner, now(call).assignee) == (ana, ana)
    customers.undo_merge(merge, by=mia)
    assert [now(task).assignee for task in tasks] == [ana, *owners]


LIVES = st.lists(
    st.tuples(
        st.sampled_from(["ana", "cleo", None]),
        st.lists(st.tuples(st.sampled_from(["ana", "cleo", None]), st.booleans()), max_size=3),
    ),
    min_size=2,
    max_size=4,
)


@takes(15)
@given(lives=LIVES, pick=st.none() | st.integers(0, 3))
def test_undoing_a_merge_gives_every_task_back(
    lives: list[Any],
    pick: int | None,
    make_customer: MakeCustomer,
    ana: User,
    cleo: User,
    mia: User,
) -> None:
    cast: dict[Any, User | None] = {"ana": ana, "cleo": cleo, None: None}
    with taken_back():
        people = []
        for owner, tasks in lives:
            who = make_customer("Rita Moss", owner=cast[owner], store=mia.store)
            people.append(who)
            for assignee, is_done in tasks:
                task = actions.add(who, CALL, by=mia, assignee=cast[assignee])
                if is_done:
                    actions.finish(task, by=mia)
        before = everything()
        picks = {} if pick is None else {"owner": people[pick % len(people)].public_id}
        merge = customers.merge(people[0], people[1:], by=mia, picks=picks)
        assert set(Task.objects.values_list("customer", flat=True)) <= {people[0].pk}
        customers.undo_merge(merge, by=mia)
        assert changed(before, everything()) == {}


# --- What they were


@pytest.mark.django_db(transaction=True)
def test_every_moment_of_a_task_can_be_looked_at_again(ana: User, mia: User) -> None:
    verbs: list[Callable[[Task, int], object]] = [
        lambda task, n: actions.change(task, TaskFacts(f"Call {n}"), by=ana),
        lambda task, n: actions.reassign(task, to=[mia, None][n % 2], by=mia),
        lambda task, n: actions.finish(task, by=ana),
        lambda task, n: actions.reopen(task, by=mia),
        lambda task, n: actions.archive(task, by=ana),
        lambda task, n: actions.restore(task, by=ana),
        lambda task, n: actions.add(task.customer, CALL, by=mia),
    ]
    steps = st.lists(st.tuples(st.sampled_from(verbs), st.integers(0, 9)), max_size=8)

    @takes(10, suppress_health_check=list(HealthCheck))
    @given(steps)
    def holds(steps: list[tuple[Callable[[Task, int], object], int]]) -> None:
        customer = customers.add(clean({"last_name": "Moss"}), owner=ana, by=ana)
        task = actions.add(customer, CALL, by=ana)
        seen = {}
        for deed, n in steps:
            seen[queries.moments(customer, limit=1)[0].at] = observed(customer)
            deed(now(task), n)
        seen[queries.moments(customer, limit=1)[0].at] = observed(customer)
        for at, state in seen.items():
            assert state["task"]
            same(told(as_of.as_of(customer, at).rows, state), state)

    holds()

"""One task: added, changed, done, opened again, put away, given to somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from regulars.customers.actions.rows import rewrite
from regulars.customers.actions.touched import lock, touch
from regulars.customers.history.context import writing
from regulars.follow_up.facts import TaskFacts
from regulars.follow_up.models import State, Task
from regulars.follow_up.said import told
from regulars.lib import clock
from regulars.lib.errors import Stale
from regulars.timeline import actions as timeline

from .whose import check_sees

if TYPE_CHECKING:
    from regulars.customers.models import Customer
    from regulars.staff.models import User


class TheOwner:
    """Stands for whoever owns the customer when the task is added."""


OWNER = TheOwner()
NOTHING: Mapping[str, Any] = MappingProxyType({})


def add(
    customer: Customer,
    facts: TaskFacts,
    *,
    by: User | None,
    assignee: User | TheOwner | None = OWNER,
) -> Task:
    """Something to do about this customer, for their owner unless somebody (or None) is said.

    Raises `Invalid` for an assignee who left or does not see the customer.
    """
    with writing(by):
        customer = lock(customer)
        to = customer.owner if isinstance(assignee, TheOwner) else assignee
        if to is not None and isinstance(assignee, TheOwner) and not to.is_active:
            to = None
        if not isinstance(assignee, TheOwner):
            check_sees(to, customer)
        task = Task.objects.create(
            customer=customer, assignee=to, created_by=by, created_at=clock.now(), **facts.columns
        )
        _tell(task, "task.added", by)
    return task


def change(task: Task, facts: TaskFacts, *, by: User | None) -> Task:
    """Make the task say this. Nothing happens when nothing differs."""
    with _held(task, by) as row:
        if rewrite(row, facts.columns):
            _tell(row, "task.changed", by)
    return row


def reassign(task: Task, *, to: User | None, by: User | None) -> Task:
    """Ask somebody else, or nobody in particular. Raises `Invalid` as `add` does."""
    with _held(task, by) as row:
        before = row.assignee
        if before == to:
            return row
        check_sees(to, row.customer)
        rewrite(row, {"assignee": to})
        _tell(row, "task.reassigned", by, {"from": before.name if before else ""})
    return row


def finish(task: Task, *, by: User | None) -> Task:
    """It is done. Nothing happens when it was."""
    said = {"state": State.DONE, "done_at": clock.now(), "done_by": by}
    return _put(task, said, "task.done", by, unless=(State.DONE,))


def reopen(task: Task, *, by: User | None) -> Task:
    """It is to be done after all. Nothing happens when it was."""
    said = {"state": State.TODO, "done_at": None, "done_by": None}
    return _put(task, said, "task.reopened", by, unless=(State.TODO,))


def archive(task: Task, *, by: User | None) -> Task:
    """Off the lists, done or not; whether it was stays known. Nothing happens when it was."""
    return _put(task, {"state": State.ARCHIVED}, "task.archived", by, unless=(State.ARCHIVED,))


def restore(task: Task, *, by: User | None) -> Task:
    """Back on the lists, done if it was. Nothing happens when it was not put away."""
    return _put(task, {}, "task.restored", by, unless=(State.TODO, State.DONE))


def _put(
    task: Task, said: dict[str, Any], kind: str, by: User | None, *, unless: tuple[State, ...]
) -> Task:
    with _held(task, by) as row:
        if row.state in unless:
            return row
        rewrite(row, said or {"state": State.DONE if row.done_at else State.TODO})
        _tell(row, kind, by)
    return row


def _tell(task: Task, kind: str, by: User | None, more: Mapping[str, Any] = NOTHING) -> None:
    """One event; and the customer's row is touched, which is how audiences hear of it."""
    touch(task.customer)
    timeline.record(task.customer, kind, by=by, data={**told(task), **more})


@contextmanager
def _held(task: Task, by: User | None) -> Iterator[Task]:
    """The task as it is now, under its customer's lock, so that two colleagues take turns."""
    with writing(by):
        rows = Task.objects.select_related("assignee", "done_by", "created_by")
        whose = rows.filter(pk=task.pk).values_list("customer", flat=True).first()
        customer = lock(task.customer) if whose == task.customer_id else None
        row = rows.filter(pk=task.pk).first()
        if customer is None or row is None or row.customer_id != customer.pk:
            raise Stale("This task or its customer was taken away meanwhile; load it again")
        row.customer = customer
        yield row

"""The same task for up to 1,000 customers at once, with a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Q

from regulars.customers.actions.many import held, tell
from regulars.customers.history.context import writing
from regulars.customers.models import Customer
from regulars.follow_up.facts import TaskFacts
from regulars.follow_up.models import Task
from regulars.follow_up.queries import has_already
from regulars.follow_up.said import told
from regulars.lib import clock

from .one import OWNER, TheOwner
from .whose import check

if TYPE_CHECKING:
    from regulars.staff.models import User


def add_many(
    customers: Sequence[int],
    facts: TaskFacts,
    *,
    by: User | None,
    assignee: User | TheOwner | None = OWNER,
) -> list[int]:
    """Add this task to each of these customers; the ids of those who got it.

    Whoever has the same one open already gets no second, nor does one whom the assignee does not
    see. Raises `Invalid` when the assignee no longer works here.
    """
    if not isinstance(assignee, TheOwner):
        check(assignee)
    with writing(by):
        mine = held(customers).filter(~has_already(facts))
        if assignee is not None and not isinstance(assignee, TheOwner):
            mine = mine.filter(Q(pk__in=Customer.objects.visible_to(assignee).values("pk")))
        rows = list(mine.select_related("owner").only("pk", "owner").order_by("pk"))
        now = clock.now()
        tasks = Task.objects.bulk_create(
            Task(
                customer=row,
                assignee=_for(row, assignee),
                created_by=by,
                created_at=now,
                **facts.columns,
            )
            for row in rows
        )
        tell({task.customer_id: told(task) for task in tasks}, "task.added", by=by)
    return [row.pk for row in rows]


def _for(customer: Customer, assignee: User | TheOwner | None) -> User | None:
    if not isinstance(assignee, TheOwner):
        return assignee
    owner = customer.owner
    return owner if owner is not None and owner.is_active else None

"""Whose a task is: who may be asked, and what happens when owners and colleagues go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from regulars.customers.actions.many import tell
from regulars.customers.history.context import writing
from regulars.customers.models import Customer
from regulars.follow_up.models import Task
from regulars.lib.errors import Invalid
from regulars.timeline.actions import BATCH

if TYPE_CHECKING:
    from regulars.staff.models import User


def check(assignee: User | None) -> None:
    """Raises `Invalid` for somebody who no longer works here."""
    if assignee is not None and not assignee.is_active:
        raise Invalid({"assignee": f"{assignee.name} no longer works here"})


def check_sees(assignee: User | None, customer: Customer) -> None:
    """Raises `Invalid` for somebody who could never see the task."""
    check(assignee)
    if assignee is None:
        return
    if not Customer.objects.visible_to(assignee).filter(pk=customer.pk).exists():
        raise Invalid({"assignee": f"{assignee.name} does not see this customer"})


def follow(before: Mapping[int, int], *, to: User | None, by: User | None) -> int:
    """Open tasks of whoever owned these customers before are the new owner's; how many.

    In the transaction that hands them over, whose event says it.
    """
    moved = 0
    of: dict[int, list[int]] = {}
    for customer, owner in before.items():
        of.setdefault(owner, []).append(customer)
    for owner, customers in of.items():
        rows = Task.objects.open().filter(customer__in=customers, assignee=owner)
        moved += rows.update(assignee=to)
    return moved


def release(of: User, *, by: User | None) -> int:
    """Open tasks of a colleague who leaves are the owners', where they are not their own; how many.

    What they have about their own customers stays with these, until somebody takes them over.
    """
    owner = Customer.objects.get_queryset().filter(pk=OuterRef("customer"))
    theirs = Task.objects.open().filter(assignee=of).exclude(customer__owner=of)
    moved = 0
    with writing(by):
        while found := list(theirs.order_by("pk").values_list("pk", "customer")[:BATCH]):
            rows = Task.objects.filter(pk__in=[pk for pk, _ in found])
            active = owner.filter(owner__is_active=True).values("owner")[:1]
            rows.update(assignee=Subquery(active))
            tell({pk: {"from": of.name} for _, pk in found}, "task.reassigned", by=by)
            moved += len(found)
    return moved

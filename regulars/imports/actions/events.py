"""Writing planned history, and the owners that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.imports.models import Outcome
from regulars.imports.plans.plan import EventPlan
from regulars.imports.plans.reach import Reach
from regulars.timeline import actions as timeline
from regulars.timeline.actions import NewEvent
from regulars.timeline.models import Event

if TYPE_CHECKING:
    from regulars.staff.models import User

REASON = "Made the customer's latest order in an imported file"


def write(plans: Sequence[EventPlan], *, by: User | None) -> None:
    """Record what is new, as history: it makes nobody wait and nobody read."""
    new = [plan for plan in plans if plan.outcome == Outcome.ADDED and plan.draft]
    ids = timeline.record_many(
        NewEvent(
            customer_id=plan.customer_id,
            kind=plan.draft.kind,
            happened_at=plan.draft.happened_at,
            actor_id=plan.actor_id,
            data=plan.draft.data,
            origin=plan.draft.origin,
            history=True,
        )
        for plan in new
        if plan.draft
    )
    for plan, pk in zip(new, ids, strict=True):
        if pk is None:
            plan.outcome = Outcome.UNCHANGED


def set_owners(system: str, kind: str, *, by: User | None) -> list[int]:
    """Give the customers without owner to whom their latest imported event was with; their ids.

    Only those `by` sees, and only to whom `by` may hand customers.
    """
    reach = Reach.of(by)
    customers_seen = Customer.objects.visible_to(by) if by else Customer.objects.all()
    latest = (
        Event.objects.filter(
            customer__in=customers_seen.filter(owner=None),
            origin__startswith=f"{system}:{kind}:",
            kind=kind,
            actor__is_active=True,
        )
        .order_by("customer_id", "-happened_at", "-id")
        .distinct("customer_id")
        .select_related("customer", "actor__store")
    )
    given = []
    for event in latest.iterator(chunk_size=500):
        if event.actor is None or not reach.hands_to(event.actor):
            continue
        customers.reassign(event.customer, to=event.actor, by=by, reason=REASON)
        given.append(event.customer_id)
    return given

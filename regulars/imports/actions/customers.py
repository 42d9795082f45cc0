"""Writing planned customers: new ones together, changed ones one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction

from regulars.customers import actions as customers
from regulars.customers.actions.record import NewCustomer
from regulars.imports.models import Outcome
from regulars.imports.plans.plan import CustomerPlan
from regulars.lib import clock, ids
from regulars.lib.errors import Invalid
from regulars.timeline import actions as timeline
from regulars.timeline.actions import NewEvent

if TYPE_CHECKING:
    from regulars.staff.models import User

REASON = "Named in an imported file"


def write(plans: Sequence[CustomerPlan], *, by: User | None) -> None:
    """Carry plans out; one that the database refuses becomes a rejected row, alone."""
    _add([plan for plan in plans if plan.outcome == Outcome.ADDED], by)
    for plan in plans:
        if plan.outcome == Outcome.UPDATED:
            _one(plan, by)
    _notes(plans, by)


def _add(plans: Sequence[CustomerPlan], by: User | None) -> None:
    if not plans:
        return
    try:
        with transaction.atomic():
            found = customers.add_many([_new(plan) for plan in plans], by=by)
    except (Invalid, DatabaseError):
        if len(plans) == 1:
            _alone(plans[0], by)
            return
        middle = len(plans) // 2
        _add(plans[:middle], by)
        _add(plans[middle:], by)
        return
    for plan, customer in zip(plans, found, strict=True):
        plan.customer = customer


def _alone(plan: CustomerPlan, by: User | None) -> None:
    try:
        with transaction.atomic():
            (plan.customer,) = customers.add_many([_new(plan)], by=by)
    except (Invalid, DatabaseError) as error:
        _reject(plan, error)


def _new(plan: CustomerPlan) -> NewCustomer:
    assert plan.draft is not None  # noqa: S101 (narrowing: an added customer has a draft)
    return NewCustomer(
        plan.draft.facts,
        plan.owner,
        plan.store,
        plan.group,
        plan.draft.created_at,
        custom=plan.custom,
        category=plan.category,
        public_id=plan.public_id or ids.uuid7(),
        from_file=True,
    )


def _one(plan: CustomerPlan, by: User | None) -> None:
    if plan.customer is None or plan.facts is None:
        return
    try:
        with transaction.atomic():
            if plan.fields:
                customers.change(
                    plan.customer,
                    plan.facts,
                    by=by,
                    fields=plan.fields,
                    group=plan.group,
                    store=plan.store,
                    category=plan.category,
                )
            customers.put_custom(plan.customer, plan.custom, by=by)
            if plan.owner is not None:
                customers.assign(plan.customer, to=plan.owner, by=by, reason=REASON)
    except (Invalid, DatabaseError) as error:
        _reject(plan, error)


def _reject(plan: CustomerPlan, error: Exception) -> None:
    plan.outcome, plan.customer, plan.note_origin = Outcome.REJECTED, None, ""
    known = isinstance(error, Invalid)
    plan.reason = f"{error}." if known else "The database does not accept what this row says."


def _notes(plans: Sequence[CustomerPlan], by: User | None) -> None:
    now = clock.now()
    timeline.record_many(
        NewEvent(
            customer_id=plan.customer.pk,
            kind="note.added",
            happened_at=plan.draft.created_at or now,
            actor_id=by.pk if by else None,
            data={"text": plan.draft.note},
            origin=plan.note_origin,
            history=True,
            quiet=plan.draft.created_at is None,
        )
        for plan in plans
        if plan.note_origin and plan.draft and plan.customer
    )

"""Whose customer it is: every change says who, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.customers.history.context import writing
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.live import notices
from regulars.timeline import actions as timeline

from .record import check_owner
from .touched import lock, touch

if TYPE_CHECKING:
    from regulars.staff.models import User


def reassign(customer: Customer, *, to: User | None, by: User | None, reason: str = "") -> Customer:
    """Give the customer to `to`, or to nobody; one event when the owner really changes.

    Raises `Invalid` when `to` no longer works here. The store stays: it is where the customer
    belongs, not where the owner sits, and is set only when there was none.
    """
    check_owner(to)
    with writing(by):
        # The owner is read after the lock: joined to it, one who came meanwhile would be nobody.
        row = lock(customer)
        if row.owner_id == (to.pk if to else None):
            return row
        before = row.owner
        row.owner = to
        row.owned_since = clock.now() if to else None
        if row.store_id is None and to is not None:
            row.store_id = to.store_id
        row.save(update_fields=["owner", "owned_since", "store"])
        timeline.count_unread(row)
        touch(row)
        notices.announce([row.pk], moved=True)
        timeline.record(row, "customer.reassigned", by=by, data=_said(before, to, reason))
        row.refresh_from_db()
    return row


def _said(before: User | None, to: User | None, reason: str) -> dict[str, str]:
    data = {
        "from": before.name if before else "",
        "to": to.name if to else "",
        "reason": reason.strip()[:500],
        "from_id": str(before.pk) if before else "",
        "to_id": str(to.pk) if to else "",
        "nobody": "" if to else "nobody",
    }
    return {key: value for key, value in data.items() if value}


def assign(customer: Customer, *, to: User, by: User | None, reason: str = "") -> Customer:
    return reassign(customer, to=to, by=by, reason=reason)


def unassign(customer: Customer, *, by: User | None, reason: str = "") -> Customer:
    return reassign(customer, to=None, by=by, reason=reason)

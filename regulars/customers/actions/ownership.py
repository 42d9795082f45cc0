"""Whose customer it is: every change says who, when and why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from regulars.customers import handed
from regulars.customers.history.context import writing
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.live import notices
from regulars.timeline import actions as timeline
from regulars.timeline.actions import NewEvent

from .record import check_owner
from .touched import lock, touch

if TYPE_CHECKING:
    from regulars.staff.models import User

AT_ONCE = 500


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
        return give(row, to=to, since=clock.now() if to else None, by=by, reason=reason)


def give(
    row: Customer, *, to: User | None, since: datetime | None, by: User | None, reason: str
) -> Customer:
    """Make the customer, who is locked, this owner's since then, with its event."""
    before = row.owner
    row.owner = to
    row.owned_since = since
    if row.store_id is None and to is not None:
        row.store_id = to.store_id
    row.save(update_fields=["owner", "owned_since", "store"])
    handed.tell({row.pk: before.pk if before else None}, to, by)
    timeline.count_unread([row.pk])
    touch(row)
    notices.announce([row.pk], moved=True)
    timeline.record(row, "customer.reassigned", by=by, data=said(before, to, reason))
    row.refresh_from_db()
    return row


def hand_over(of: User, *, to: User | None, by: User, reason: str = "") -> int:
    """Give all customers of one colleague to another, or to nobody; how many.

    Five hundred at a time, each with its event: when it is stopped in the middle, doing it again
    goes on with the rest. Raises `Invalid` when `to` no longer works here or is the same.
    """
    check_owner(to)
    if to is not None and to.pk == of.pk:
        raise Invalid({"to": "Choose somebody else"})
    moved = 0
    while True:
        count = _hand_over_some(of, to, by, reason)
        moved += count
        if count < AT_ONCE:
            return moved


def _hand_over_some(of: User, to: User | None, by: User, reason: str) -> int:
    with writing(by):
        rows = Customer.objects.get_queryset().filter(owner=of).order_by("pk")
        ids = list(rows.select_for_update(no_key=True).values_list("pk", flat=True)[:AT_ONCE])
        mine = Customer.objects.get_queryset().filter(pk__in=ids)
        now = clock.now()
        mine.update(owner=to, owned_since=now if to else None, version=F("version") + 1)
        if to is not None and to.store_id is not None:
            mine.filter(store=None).update(store=to.store_id)
        handed.tell(dict.fromkeys(ids, of.pk), to, by)
        data = said(of, to, reason)
        timeline.record_many(NewEvent(pk, "customer.reassigned", now, by.pk, data) for pk in ids)
        timeline.count_unread(ids)
        notices.announce(ids, moved=True)
    return len(ids)


def said(before: User | None, to: User | None, reason: str) -> dict[str, str]:
    """What the event of a new owner says."""
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

"""Undo, for those who did it and for ten minutes: what was logged, resolved or handed over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from regulars.customers.history.context import writing
from regulars.customers.models import Customer, histories
from regulars.customers.notes.queries import KIND as NOTE
from regulars.customers.queries import HANDED_OVER
from regulars.lib import clock
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff.models import User
from regulars.timeline import actions as timeline

from .notes import retract_note
from .ownership import give
from .touched import lock_for

if TYPE_CHECKING:
    from regulars.timeline.models import Event

WITHIN = timedelta(minutes=10)
LOGGED = {
    "call.made": "a call",
    "text.sent": "a text",
    "email.sent": "an email",
    "customer.resolved": "that it was resolved",
}


def undo(event: Event, *, by: User) -> Customer:
    """What this event did is as it was before; the timeline says that it was taken back.

    Raises `NotAllowed` for what somebody else did, and `Invalid` for what is too long ago or
    cannot be undone.
    """
    _check(event, by)
    if event.kind == HANDED_OVER:
        return _give_back(event, by)
    if event.kind == NOTE:
        return retract_note(event, by=by).customer
    with writing(by):
        row = lock_for(event)
        timeline.take_back(event, by=by)
        timeline.record(row, "customer.put_back", by=by, data={"what": LOGGED[event.kind]})
        row.refresh_from_db()
    return row


def _check(event: Event, by: User) -> None:
    if event.kind not in {*LOGGED, HANDED_OVER, NOTE}:
        raise Invalid({"event": "This cannot be undone"})
    if event.actor_id != by.pk:
        raise NotAllowed("Only who did it can undo it.")
    if event.recorded_at < clock.now() - WITHIN:
        raise Invalid({"event": "Undo is there for ten minutes; nothing was changed"})


def _give_back(event: Event, by: User) -> Customer:
    """To the owner before, since when they had them. Raises `Invalid` when it went on since."""
    with writing(by):
        row = lock_for(event)
        if str(row.owner_id or "") != event.data.get("to_id", ""):
            raise Invalid({"owner": f"{row.name} was handed on since; nothing was changed"})
        before = User.objects.filter(pk=event.data.get("from_id") or 0).first()
        if before is not None and not before.is_active:
            raise Invalid({"owner": f"{before.name} no longer works here"})
        since = _owned_since(event, before)
        return give(row, to=before, since=since, by=by, reason="Taken back")


def _owned_since(event: Event, before: User | None) -> datetime | None:
    """Since when it was theirs, as the row says that the hand-over wrote over."""
    if before is None:
        return None
    rows = _history().filter(pgh_obj_id=event.customer_id).order_by("pgh_id")
    wrote = rows.filter(pgh_context_id=event.act).first() if event.act else None
    was = rows.filter(pgh_id__lt=wrote.pgh_id).last() if wrote else None
    found: datetime | None = was.owned_since if was and was.owner_id == before.pk else None
    return found or clock.now()


def _history() -> Any:
    (found,) = (history for model, history, _ in histories() if model is Customer)
    return found._default_manager

"""Taking a receipt back: exactly those rows, and those changed since are named."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from regulars.bulk.models import Line, Outcome, Receipt, State, Undone
from regulars.customers import actions as customers
from regulars.customers.actions import TakenBack
from regulars.lib import clock

from .keeping import Busy, require

if TYPE_CHECKING:
    from regulars.staff.models import User

log = logging.getLogger("regulars.bulk")

BATCH = 500
STATES = ("undone", "torn")
WROTE = (Outcome.CHANGED, Outcome.ADDED)


def undo(receipt: Receipt, *, by: User, remove_touched: bool = False) -> Receipt:
    """Begin to take it back. Raises `Busy` unless it is over and can be, or `NotAllowed`.

    Customers that the work added are removed; those that somebody changed since stay, unless
    `remove_touched`.
    """
    from regulars.bulk import tasks

    require(receipt, by)
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().get(pk=receipt.pk)
        if receipt.state == State.UNDONE:
            raise Busy("This was taken back already.")
        if not receipt.may_be_undone:
            raise Busy("There is nothing to take back, or it is still running.")
        receipt.state, receipt.undone_by = State.UNDOING, by
        receipt.remove_touched = remove_touched
        receipt.moved_at = clock.now()
        receipt.save(update_fields=["state", "undone_by", "remove_touched", "moved_at"])
        tasks.carry_out.defer(receipt_id=receipt.pk)
    return receipt


AT_ONCE = 1_000


def take_back(receipt: Receipt, *, by: User, remove_touched: bool = False) -> Receipt:
    """Begin to take it back; up to 1,000 customers are put back before this returns."""
    found = undo(receipt, by=by, remove_touched=remove_touched)
    return run_undo(found, by=by) if found.changed <= AT_ONCE else found


def run_undo(receipt: Receipt, *, by: User | None) -> Receipt:
    """Take back what is not taken back yet, batch by batch; goes on where a killed run stopped."""
    while _batch(receipt.pk, by):
        pass
    receipt.refresh_from_db()
    log.info(
        "bulk undone receipt=%s back=%s torn=%s", receipt.pk, receipt.undone, receipt.conflicts
    )
    return receipt


def _batch(pk: int, by: User | None) -> bool:
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().get(pk=pk)
        if receipt.state != State.UNDOING:
            return False
        left = receipt.lines.filter(outcome__in=WROTE, undone=Undone.NOT).order_by("customer")
        lines = list(left[:BATCH])
        if not lines:
            Receipt.objects.filter(pk=pk).update(state=State.UNDONE, undone_at=clock.now())
            return False
        done = customers.take_back(
            {line.customer_id: line.at for line in lines},
            work=receipt.pk,
            since=receipt.started_at or receipt.created_at,
            what=receipt.label,
            acts=receipt.acts,
            by=by,
            remove_touched=receipt.remove_touched,
        )
        _note(receipt, lines, done)
    return True


def _note(receipt: Receipt, lines: list[Line], done: TakenBack) -> None:
    """What became of each; lines of customers who are gone went with them."""
    here = [line for line in lines if line.customer_id not in done.removed]
    for line in here:
        torn = done.torn.get(line.customer_id, [])
        line.torn = [asdict(one) for one in torn]
        if line.customer_id in done.stays:
            line.undone = Undone.STAYS
        else:
            line.undone = Undone.PARTLY if torn else Undone.BACK
    whole = [line.pk for line in here if line.undone == Undone.BACK]
    receipt.lines.filter(pk__in=whole).update(undone=Undone.BACK)
    Line.objects.bulk_update([line for line in here if line.undone != Undone.BACK], STATES)
    torn_count = sum(line.undone != Undone.BACK for line in here)
    Receipt.objects.filter(pk=receipt.pk).update(
        undone=F("undone") + len(lines) - torn_count,
        conflicts=F("conflicts") + torn_count,
        removed=F("removed") + len(done.removed),
        moved_at=clock.now(),
    )

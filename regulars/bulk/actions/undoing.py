"""Taking a receipt back: exactly those rows, and those changed since are named."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from regulars.bulk.models import WROTE, Line, Outcome, Receipt, State, Undone
from regulars.customers import actions as customers
from regulars.customers.actions import TakenBack
from regulars.customers.history import apart
from regulars.lib import clock

from .keeping import Busy, require

if TYPE_CHECKING:
    from regulars.staff.models import User

log = logging.getLogger("regulars.bulk")

BATCH = 500
STATES = ("undone", "torn")
BEGUN = (
    "state", "undone_by", "remove_touched", "moved_at", "conflicts", "merged", "stays",
)  # fmt: skip


def undo(receipt: Receipt, *, by: User, remove_touched: bool = False) -> Receipt:
    """Begin to take it back. Raises `Busy` unless it is over and can be, or `NotAllowed`.

    Customers that the work added are removed; those that somebody changed since stay, unless
    `remove_touched`, which may be said later, too. Those who live on in somebody else wait: once
    they are apart, undo again.
    """
    from regulars.bulk import tasks

    require(receipt, by)
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().get(pk=receipt.pk)
        further = remove_touched and receipt.may_be_undone_further
        if not (receipt.may_be_undone or further):
            if receipt.state == State.UNDONE:
                raise Busy("This was taken back already.")
            raise Busy("There is nothing to take back, or it is still running.")
        written = receipt.lines.filter(outcome__in=WROTE)
        written.filter(undone=Undone.MERGED).update(undone=Undone.NOT)
        receipt.conflicts, receipt.merged = receipt.conflicts - receipt.merged, 0
        if further:
            written.filter(undone=Undone.STAYS).update(undone=Undone.NOT)
            receipt.conflicts, receipt.stays = receipt.conflicts - receipt.stays, 0
        receipt.state, receipt.undone_by = State.UNDOING, by
        receipt.remove_touched = remove_touched
        receipt.moved_at = clock.now()
        receipt.save(update_fields=BEGUN)
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
        left = receipt.lines.filter(outcome__in=WROTE, undone=Undone.NOT)
        lines = list(left.order_by("customer", "whom")[:BATCH])
        if not lines:
            Receipt.objects.filter(pk=pk).update(state=State.UNDONE, undone_at=clock.now())
            return False
        since = receipt.started_at or receipt.created_at
        people = {line.whose: line.customer_id for line in lines}
        waits = apart.waiting(receipt.pk, people, since)
        done = customers.take_back(
            {line.customer_id: line.at for line in lines if not _is_held(line, waits)},
            work=receipt.pk,
            since=since,
            what=receipt.label,
            acts=receipt.acts,
            by=by,
            remove_touched=receipt.remove_touched,
        )
        _note(receipt, lines, waits, done)
    return True


def _is_held(line: Line, waits: Collection[int]) -> bool:
    """Whether nothing is done about them yet: they are no customer by themselves, or would go
    together with whom they hold."""
    return line.whose in waits and (line.whom is not None or line.outcome == Outcome.ADDED)


def _note(receipt: Receipt, lines: list[Line], waits: Collection[int], done: TakenBack) -> None:
    """What became of each; lines of customers who are gone went with them."""
    here = [line for line in lines if line.customer_id not in done.removed]
    by_themselves = {line.customer_id for line in here if line.whom is None}
    for line in here:
        # What stays is told once: with whoever the customer was all along.
        told = line.whom is None or line.customer_id not in by_themselves
        torn = [asdict(one) for one in done.torn.get(line.customer_id, [])] if told else []
        line.torn += [one for one in torn if one not in line.torn]
        line.undone = _became(line, waits, done)
    whole = [line.pk for line in here if line.undone == Undone.BACK]
    receipt.lines.filter(pk__in=whole).update(undone=Undone.BACK)
    Line.objects.bulk_update([line for line in here if line.undone != Undone.BACK], STATES)
    torn_count = sum(line.undone != Undone.BACK for line in here)
    Receipt.objects.filter(pk=receipt.pk).update(
        undone=F("undone") + len(lines) - torn_count,
        conflicts=F("conflicts") + torn_count,
        merged=F("merged") + sum(line.undone == Undone.MERGED for line in here),
        stays=F("stays") + sum(line.undone == Undone.STAYS for line in here),
        removed=F("removed") + len(done.removed),
        moved_at=clock.now(),
    )


def _became(line: Line, waits: Collection[int], done: TakenBack) -> Undone:
    if line.whose in waits:
        return Undone.MERGED
    if line.customer_id in done.stays:
        return Undone.STAYS
    return Undone.PARTLY if line.torn else Undone.BACK

"""Carrying a deed out: fixed when confirmed, a thousand at a time, each batch whole."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Q

from regulars.bulk import choosing
from regulars.bulk.deeds import Deed
from regulars.bulk.models import BUSY, Line, Outcome, Receipt, State
from regulars.bulk.selection import read
from regulars.customers.history.context import because
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.lib.errors import Invalid, NotAllowed

from .drafting import named, values_of
from .keeping import Busy, require

if TYPE_CHECKING:
    from regulars.staff.models import User

log = logging.getLogger("regulars.bulk")

BATCH = 1_000
DRAFTS_KEPT = timedelta(days=2)
RECEIPTS_KEPT = timedelta(days=365)
SILENT = timedelta(seconds=60)

FIX = """
WITH made AS (
  INSERT INTO {table} (receipt_id, customer_id) SELECT %s, chosen.id FROM ({rows}) AS chosen(id)
  RETURNING customer_id
)
SELECT count(*), max(customer_id) FROM made
"""


def start(receipt: Receipt, *, by: User) -> Receipt:
    """Fix who is meant, as of now, and hand the work to the worker.

    The worker writes down who is left of very many, before it does anything to anybody. Raises
    `Invalid` for nobody, `NotAllowed`, and `Busy` when it was started before.
    """
    deed = named(receipt.deed, by=by)
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().get(pk=receipt.pk)
        if receipt.state != State.DRAFT:
            raise Busy("This was started already.")
        values_of(deed, receipt.values, by=by)
        if not _fix(receipt, by):
            raise Invalid({"ids": "Nobody is chosen any more"})
        receipt.by, receipt.state = by, State.QUEUED
        receipt.moved_at = clock.now()
        receipt.save(update_fields=["total", "selection", "by", "state", "moved_at"])
        _hand_over(receipt)
    return receipt


def _fix(receipt: Receipt, by: User) -> int:
    """Write a line for the next of those who are meant; how many. At the end `selection` is {}."""
    most, selection = choosing.LOOKED_AT, read(receipt.selection)
    chosen = choosing.rows(selection, by).order_by("pk").values_list("pk")[:most]
    rows, given = chosen.query.sql_with_params()
    table = connection.ops.quote_name(Line._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(FIX.format(table=table, rows=rows), [receipt.pk, *given])
        count, last = cursor.fetchone()
    receipt.total += count
    receipt.selection = replace(selection, after=last).kept() if count == most else {}
    return int(count)


def _fix_more(pk: int, by: User | None) -> bool:
    """As many again as one statement writes down; False when nobody is left."""
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().get(pk=pk)
        if not receipt.is_being_fixed:
            return False
        _fix(receipt, _working(by))
        receipt.moved_at = clock.now()
        receipt.save(update_fields=["total", "selection", "moved_at"])
    return True


def _working(by: User | None) -> User:
    if by is None or not by.is_active:
        raise NotAllowed("Whoever started this no longer works here.")
    return by


def _hand_over(receipt: Receipt) -> None:
    from regulars.bulk import tasks

    tasks.carry_out.defer(receipt_id=receipt.pk)


def run(receipt: Receipt, *, by: User | None) -> Receipt:
    """Do it to everybody of whom it is not done yet; goes on where a killed run stopped.

    Runs as the one who started it (`by`): whom they may no longer see is passed over, and a right
    taken away meanwhile ends the run. Two at once do nothing twice.
    """
    try:
        while _fix_more(receipt.pk, by):
            pass
        now = clock.now()
        Receipt.objects.filter(pk=receipt.pk, state=State.QUEUED).update(
            state=State.RUNNING, started_at=now, moved_at=now
        )
        while _batch(receipt.pk, by):
            pass
    except (Invalid, NotAllowed) as no:
        said = "; ".join(no.errors.values()) if isinstance(no, Invalid) else str(no)
        _end(receipt.pk, State.FAILED, said)
    receipt.refresh_from_db()
    log.info("bulk ran receipt=%s state=%s changed=%s", receipt.pk, receipt.state, receipt.changed)
    return receipt


def _batch(pk: int, by: User | None) -> bool:
    """One batch in one transaction; False at the end, or when somebody stopped it."""
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().get(pk=pk)
        if receipt.state != State.RUNNING:
            return False
        by = _working(by)
        deed = named(receipt.deed, by=by)
        waiting = receipt.lines.filter(outcome=Outcome.WAITING).order_by("customer")[:BATCH]
        ids = list(waiting.values_list("customer_id", flat=True))
        if not ids:
            _finish(receipt, State.DONE)
            return False
        passed = _passed(deed, receipt, ids, by)
        todo = [pk for pk in ids if pk not in passed]
        with because(how="bulk", receipt=receipt.pk):
            changed = set(deed.apply(todo, receipt.values, by)) if todo else set()
        for pk in todo:
            if pk not in changed:
                passed[pk] = "Nothing to change"
        _note(receipt, changed, passed)
    return True


def _passed(deed: Deed, receipt: Receipt, ids: Collection[int], by: User) -> dict[int, str]:
    """Whom to pass over, and why."""
    seen = Customer.objects.visible_to(by).filter(pk__in=ids)
    left = set(seen.values_list("pk", flat=True))
    passed = dict.fromkeys(set(ids) - left, "No longer yours to see")
    for skip in deed.skips(receipt.values):
        here = Customer.objects.get_queryset().filter(Q(pk__in=left), skip.who)
        for pk in here.values_list("pk", flat=True):
            passed.setdefault(pk, skip.reason)
        left -= passed.keys()
    return passed


def _note(receipt: Receipt, changed: Collection[int], passed: Mapping[int, str]) -> None:
    lines = receipt.lines.filter(outcome=Outcome.WAITING)
    now = clock.now()
    lines.filter(customer__in=changed).update(outcome=Outcome.CHANGED, at=now)
    why: dict[str, list[int]] = {}
    for pk, reason in passed.items():
        why.setdefault(reason, []).append(pk)
    for reason, ids in why.items():
        receipt.passed[reason] = receipt.passed.get(reason, 0) + len(ids)
        lines.filter(customer__in=ids).update(outcome=Outcome.SKIPPED, reason=reason[:200], at=now)
    Receipt.objects.filter(pk=receipt.pk).update(
        done=F("done") + len(changed) + len(passed),
        changed=F("changed") + len(changed),
        skipped=F("skipped") + len(passed),
        passed=receipt.passed,
        moved_at=now,
    )


def _finish(receipt: Receipt, state: State, failure: str = "") -> None:
    Receipt.objects.filter(pk=receipt.pk).update(
        state=state, failure=failure, finished_at=clock.now(), selection={}
    )


def _end(pk: int, state: State, failure: str = "") -> None:
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().get(pk=pk)
        if receipt.state in BUSY:
            _finish(receipt, state, failure)


def stop(receipt: Receipt, *, by: User) -> Receipt:
    """End a run after the batch it is writing; what is done stays done.

    Raises `Busy` for what is not running, `NotAllowed` for who may not do such a thing.
    """
    require(receipt, by)
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().get(pk=receipt.pk)
        if receipt.state not in (State.QUEUED, State.RUNNING) or receipt.what is None:
            raise Busy("This is not running.")
        _finish(receipt, State.STOPPED)
    receipt.refresh_from_db()
    return receipt


def fail(receipt: Receipt, *, by: User | None) -> None:
    """Give up on a run that ended in an error several times; what is done stays done."""
    sentence = "Something went wrong on our side and has been logged. Whole batches are done."
    _end(receipt.pk, State.FAILED, sentence)


def revive(*, by: User | None) -> int:
    """Hand runs whose worker went silent to another one; how many."""
    silent = Receipt.objects.filter(state__in=BUSY, moved_at__lt=clock.now() - SILENT)
    count = 0
    for receipt in silent[:50]:
        receipt.moved_at = clock.now()
        receipt.save(update_fields=["moved_at"])
        _hand_over(receipt)
        count += 1
    return count


def sweep(*, by: User | None) -> int:
    """Forget drafts nobody started and receipts of last year; how many."""
    now = clock.now()
    old = Q(state=State.DRAFT, created_at__lt=now - DRAFTS_KEPT)
    old |= Q(created_at__lt=now - RECEIPTS_KEPT) & ~Q(state__in=BUSY)
    count = 0
    for receipt in Receipt.objects.filter(old):
        receipt.delete()
        count += 1
    return count

"""Running an import: each batch is written with its count, so that nothing is done twice."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from regulars.bulk import actions as bulk
from regulars.bulk import models as bulk_models
from regulars.bulk.models import Receipt
from regulars.customers.history import context
from regulars.customers.history.context import because, writing
from regulars.imports import preview
from regulars.imports.models import Import, ImportRow, Outcome, State
from regulars.imports.plans.plan import CustomerPlan, EventPlan, Plan, Planner, StaffPlan
from regulars.imports.reading.encoding import printable
from regulars.imports.reading.limits import CannotRead
from regulars.imports.reading.table import Record, Table, open_table
from regulars.imports.reading.targets import Kind
from regulars.lib import clock, collecting
from regulars.lib.copying import add_rows

from . import customers, deciding, events, staff
from .deciding import Busy

if TYPE_CHECKING:
    from regulars.staff.models import User

log = logging.getLogger("regulars.imports")

REJECTS_KEPT = 100_000
TEXT_KEPT = 20_000
READING_KEPT = ("rows", "counted", "encoding", "delimiter", "has_header", "is_workbook")
SILENT = timedelta(minutes=2)
UPLOADS_KEPT = timedelta(days=7)
REPORTS_KEPT = timedelta(days=90)
RECEIPT_STATES = {
    State.DONE: bulk_models.State.DONE,
    State.STOPPED: bulk_models.State.STOPPED,
    State.FAILED: bulk_models.State.FAILED,
}
MOVES = ("repaired", "last_number", "expected", "moved_at")
Progress = Callable[[Import], None]


def start(job: Import, *, by: User | None) -> Import:
    """Hand the import to the worker. Raises `Busy`, `Invalid` or `NotAllowed`."""
    from regulars.imports import tasks

    deciding.check_may_run(job, by)
    with transaction.atomic():
        job = Import.objects.select_for_update().get(pk=job.pk)
        if not job.is_open:
            raise Busy("This import has been started already.")
        job.state, job.moved_at = State.QUEUED, clock.now()
        job.save(update_fields=["state", "moved_at"])
        tasks.run_import.configure(lock=f"import-{job.pk}").defer(import_id=job.pk)
    return job


def run(job: Import, *, by: User | None, progress: Progress | None = None) -> Import:
    """Bring every record in and keep the report; goes on where a killed run stopped.

    Raises `Busy` when it is over, `Invalid` or `NotAllowed` when it may not run. A file that can
    no longer be read ends as failed, with the reason.
    """
    deciding.check_may_run(job, by)
    with transaction.atomic():
        job = Import.objects.select_for_update().get(pk=job.pk)
        if job.is_over:
            raise Busy("This import is over. Upload the file again to run it once more.")
        job.state = State.RUNNING
        job.moved_at = clock.now()
        job.started_at = job.started_at or job.moved_at
        if job.receipt is None and job.kind != Kind.STAFF:
            job.receipt = _receipt(job, by)
        job.save(update_fields=["state", "started_at", "moved_at", "receipt"])
    try:
        with because(how="import", batch=job.pk, receipt=job.receipt_id), collecting.seldom():
            _bring_in(job, progress)
    except (CannotRead, FileNotFoundError) as error:
        gone = "The uploaded file is gone. Upload it again."
        _finish(job, State.FAILED, failure=str(error) if isinstance(error, CannotRead) else gone)
    job.refresh_from_db()
    log.info("import ran import=%s state=%s accepted=%s", job.pk, job.state, job.accepted)
    return job


def _receipt(job: Import, by: User | None) -> Receipt:
    label = f"Import of {job.name}"
    return bulk.begin("import", label=label, about=job.get_absolute_url(), by=job.by or by)


def _bring_in(job: Import, progress: Progress | None) -> None:
    how = preview.options_of(job).how
    with open_table(deciding.path_of(job), how=how, limits=preview.limits()) as table:
        if _each_batch(job, table, progress):
            _finish(job, State.DONE, empty=table.empty_rows)


def stop(job: Import, *, by: User | None) -> Import:
    """End a run after the batch it is writing; what is in stays in."""
    deciding.check_may_run(job, by)
    with transaction.atomic():
        job = Import.objects.select_for_update().get(pk=job.pk)
        if not job.is_busy:
            raise Busy("This import is not running.")
        _finish(job, State.STOPPED)
    job.refresh_from_db()
    return job


def fail(job: Import) -> None:
    """Give up on a run that ended in an error several times; what is in stays in."""
    sentence = (
        "Something went wrong on our side and has been logged. "
        "Upload the file again: rows that are in already are recognised."
    )
    _finish(job, State.FAILED, failure=sentence)


def revive() -> int:
    """Hand runs and checks whose worker went silent to another one; how many."""
    from regulars.imports import tasks

    silent = Import.objects.filter(moved_at__lt=clock.now() - SILENT)
    count = 0
    for job in silent.filter(state__in=(State.QUEUED, State.RUNNING))[:50]:
        # Not under the lock of the first job, which its dead worker holds for ever.
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            again = tasks.run_import.configure(queueing_lock=f"import-{job.pk}")
            again.defer(import_id=job.pk)
            count += 1
    for job in silent.filter(state=State.UPLOADED).exclude(reading__complete=True)[:50]:
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            again = tasks.check_import.configure(queueing_lock=f"import-check-{job.pk}")
            again.defer(import_id=job.pk, version=job.version)
            count += 1
    return count


def sweep() -> int:
    """Forget uploads nobody ran and reports nobody needs any more; how many."""
    now = clock.now()
    old = Import.objects.filter(state=State.UPLOADED, created_at__lt=now - UPLOADS_KEPT)
    told = Import.objects.filter(finished_at__lt=now - REPORTS_KEPT)
    count = 0
    for job in [*old, *told]:
        deciding.forget(job, by=None)
        count += 1
    return count


def _each_batch(job: Import, table: Table, progress: Progress | None) -> bool:
    """Whether the end of the file was reached, rather than a stop."""
    planner = preview.planner_of(job)
    records = table.records()
    for batch in preview.batches(records):
        done = [record for record in batch if record.number <= job.last_number]
        if done:
            planner.plan(done)  # an earlier run wrote these: only learn their numbers
        fresh = batch[len(done) :]
        if fresh and not _write(job, planner, fresh, table.header):
            return False
        if progress:
            progress(job)
    return True


def _write(job: Import, planner: Planner, records: Sequence[Record], header: Sequence[str]) -> bool:
    """One batch in one transaction; False when somebody stopped the run or another goes on."""
    with transaction.atomic():
        kept = Import.objects.select_for_update().get(pk=job.pk)
        if kept.state != State.RUNNING or kept.last_number != job.last_number:
            return False
        plans = list(planner.plan(records))
        with writing(job.by):
            _apply(job, plans)
            _receipted(job, plans)
        room = max(0, REJECTS_KEPT - job.rejected)
        add_rows(ImportRow, _rows(job, plans, header, room))
        for outcome in Outcome.values:
            count = sum(plan.outcome == outcome for plan in plans)
            setattr(job, outcome, getattr(job, outcome) + count)
        job.repaired += sum(
            bool(plan.record.repaired) and plan.outcome != Outcome.REJECTED for plan in plans
        )
        job.last_number, job.moved_at = records[-1].number, clock.now()
        job.expected = max(job.expected, job.last_number)
        job.save(update_fields=[*Outcome.values, *MOVES])
    return True


def _apply(job: Import, plans: Sequence[Plan]) -> None:
    customers.write([plan for plan in plans if isinstance(plan, CustomerPlan)], by=job.by)
    staff.write([plan for plan in plans if isinstance(plan, StaffPlan)], by=job.by, job=job)
    events.write([plan for plan in plans if isinstance(plan, EventPlan)], by=job.by)


def _receipted(job: Import, plans: Sequence[Plan]) -> None:
    """Whom this batch added or changed, for the undo."""
    if job.receipt is None:
        return
    done = {
        outcome: [
            pk
            for plan in plans
            if plan.outcome == outcome and (pk := _customer_id(plan)) is not None
        ]
        for outcome in (Outcome.ADDED, Outcome.UPDATED)
    }
    if job.kind == Kind.EVENTS:
        done = {Outcome.ADDED: [], Outcome.UPDATED: done[Outcome.ADDED]}
    if any(done.values()):
        bulk.wrote(
            job.receipt,
            added=done[Outcome.ADDED],
            changed=done[Outcome.UPDATED],
            act=context.act(),
            by=job.by,
        )


def _rows(
    job: Import, plans: Sequence[Plan], header: Sequence[str], room: int
) -> Iterator[ImportRow]:
    for plan in plans:
        rejected = plan.outcome == Outcome.REJECTED
        if plan.outcome == Outcome.UNCHANGED or (rejected and room <= 0):
            continue
        room -= rejected
        found = preview.said(plan, header)
        yield ImportRow(
            of=job,
            number=plan.record.number,
            line=plan.record.line,
            outcome=plan.outcome,
            column=found["column"][:100],
            reason=found["reason"][:500],
            cells=[printable(cell)[:TEXT_KEPT] for cell in plan.record.cells] if rejected else [],
            text=printable(plan.record.text)[:TEXT_KEPT] if rejected else "",
            customer_id=None if rejected else _customer_id(plan),
        )


def _customer_id(plan: Plan) -> int | None:
    if isinstance(plan, EventPlan):
        return plan.customer_id
    return plan.customer.pk if isinstance(plan, CustomerPlan) and plan.customer else None


def _finish(job: Import, state: State, *, empty: int = 0, failure: str = "") -> None:
    """The end: owners that follow from the events, and the file is no longer kept."""
    with transaction.atomic():
        kept = Import.objects.select_for_update().get(pk=job.pk)
        if kept.is_over:
            return
        options = preview.options_of(kept)
        if state == State.DONE and kept.kind == Kind.EVENTS and options.owner_from_events:
            owned = events.set_owners(options.system, options.event_kind, by=kept.by)
            kept.owners_set = len(owned)
            if kept.receipt is not None:
                bulk.wrote(kept.receipt, changed=owned, by=kept.by)
        kept.state, kept.empty, kept.failure = state, empty or kept.empty, failure
        if state == State.DONE:
            kept.expected, kept.reading["counted"] = kept.last_number, True
        kept.finished_at = clock.now()
        kept.reading = {key: kept.reading.get(key) for key in READING_KEPT}
        if kept.receipt is not None:
            bulk.finish(kept.receipt, RECEIPT_STATES[state], failure=failure, by=kept.by)
        file, kept.file = deciding.path_of(kept), ""
        kept.save()
        transaction.on_commit(lambda: file.unlink(missing_ok=True))

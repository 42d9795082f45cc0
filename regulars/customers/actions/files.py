"""Files: attached, renamed, removed; nothing is kept that was not looked at."""

from __future__ import annotations

import logging
from typing import IO, TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Sum

from regulars.customers.files import names, previews, scanners, sniffing, storing
from regulars.customers.history.context import writing
from regulars.customers.models import Attachment, Customer
from regulars.lib import clock, ids
from regulars.lib.errors import Invalid
from regulars.timeline import actions as timeline

from .touched import lock, lock_for

if TYPE_CHECKING:
    from regulars.staff.models import User

log = logging.getLogger("regulars.files")

# One at a time counts what all files take together.
_COUNTING = 7_151_905


def attach(customer: Customer, stream: IO[bytes], *, name: str, by: User) -> Attachment:
    """Keep what the stream holds as a file of the customer's; its type is what it contains.

    Raises `Invalid` for a file that is empty, too large, beyond the quota, or that the scanner
    refuses; its content then lies nowhere.
    """
    measured = storing.measured(stream)
    check_quota(measured.size)
    kind = sniffing.content_type(stream)
    verdict = _scanned(stream, by)
    size = previews.dimensions(stream, kind)
    key = storing.save(stream)
    try:
        with writing(by):
            customer = lock(customer)
            _hold_quota(measured.size)
            public_id, called = ids.uuid7(), names.clean(name)
            event = timeline.record(
                customer, "file.added", by=by, data={"name": called, "file": str(public_id)}
            )
            return Attachment.objects.create(
                customer=customer,
                public_id=public_id,
                event=event,
                name=called,
                size=measured.size,
                content_type=kind,
                sha256=measured.sha256,
                key=key,
                width=size[0] if size else None,
                height=size[1] if size else None,
                uploaded_by=by,
                scanned_at=clock.now() if verdict.by else None,
                verdict=verdict.by,
            )
    except BaseException:
        storing.delete([key])
        raise


def rename_file(attachment: Attachment, name: str, *, by: User) -> Attachment:
    """It is called so from now on; nothing happens when it was."""
    called = names.clean(name)
    if not name.strip():
        raise Invalid({"name": "A file needs a name"})
    with writing(by):
        lock_for(attachment)
        if called != attachment.name:
            data = {"from": attachment.name, "name": called}
            attachment.name = called
            attachment.save(update_fields=["name"])
            timeline.record(attachment.customer, "file.renamed", by=by, data=data)
    return attachment


def remove_file(attachment: Attachment, *, by: User) -> None:
    """Gone from the customer, and with the transaction from the storage."""
    with writing(by):
        lock_for(attachment)
        key, name, customer = attachment.key, attachment.name, attachment.customer
        attachment.delete()
        timeline.record(customer, "file.removed", by=by, data={"name": name})
        transaction.on_commit(lambda: storing.delete([key]))


def drop_preview(attachment: Attachment, *, by: User | None) -> None:
    """What turned out to be no picture is not shown as one again."""
    with writing(by):
        Attachment.objects.filter(pk=attachment.pk).update(width=None, height=None)


def sweep_files(*, by: User | None) -> int:
    """Delete what lies in the storage without a row for more than a day; how many."""
    swept = 0
    for keys in storing.unclaimed(clock.now() - storing.SWEPT_AFTER):
        known = set(Attachment.objects.filter(key__in=keys).values_list("key", flat=True))
        orphans = [key for key in keys if key not in known]
        storing.delete(orphans)
        swept += len(orphans)
    if swept:
        log.info("files without rows swept count=%s", swept)
    return swept


def check_quota(size: int) -> None:
    """Raises `Invalid` when a file of this size has no room among all files."""
    quota = storing.quota()
    if not quota:
        return
    used = Attachment.objects.aggregate(used=Sum("size"))["used"] or 0
    if used + size > quota:
        gigabytes = quota // storing.GIGABYTE
        raise Invalid({"file": f"All files together have {gigabytes:,} GB, and they are full"})


def _hold_quota(size: int) -> None:
    if storing.quota():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTING])
        check_quota(size)


def _scanned(stream: IO[bytes], by: User) -> scanners.Verdict:
    try:
        verdict = scanners.scan(stream)
    except scanners.CannotScan as error:
        log.error("a file could not be scanned: %s", error)
        raise Invalid(
            {"file": "The file could not be checked for viruses; try again in a moment"}
        ) from error
    if not verdict.clean:
        log.warning("a file was refused found=%s user=%s", verdict.found, by.pk)
        raise Invalid({"file": f"The virus scanner refused this file ({verdict.found})"})
    return verdict

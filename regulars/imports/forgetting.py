"""What imports still hold of somebody who was erased: rows that name them, files that wait."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from regulars.customers.erasure import Traces

from .actions.deciding import path_of
from .models import Import, ImportRow, Outcome

ERASED = "Erased: this row named a customer whose data were deleted."
ENCODINGS = ("utf-8", "utf-16", "cp1252")
LISTS = ("first", "problems", "repaired", "others")
MOST = 64 * 1024 * 1024  # of one part of a workbook


def forget(traces: Traces) -> None:
    """Blank rows and previews that name them; delete waiting files that do."""
    rejected = ImportRow.objects.filter(outcome=Outcome.REJECTED).exclude(text="", cells=[])
    named = [
        row.pk
        for row in rejected.only("pk", "cells", "text", "reason").iterator(chunk_size=1_000)
        if traces.are_in("\n".join((row.text, row.reason, *map(str, row.cells))))
    ]
    ImportRow.objects.filter(pk__in=named).update(cells=[], text="", reason=ERASED, column="")
    accepted = ImportRow.objects.exclude(outcome=Outcome.REJECTED).exclude(reason="")
    naming = [
        pk
        for pk, reason in accepted.values_list("pk", "reason").iterator(chunk_size=1_000)
        if traces.are_in(reason)
    ]
    ImportRow.objects.filter(pk__in=naming).update(reason="", column="")
    jobs = Import.objects.exclude(file="", reading={}).order_by("pk")
    for job in jobs.select_for_update().iterator():
        _forget(job, traces)


def _forget(job: Import, traces: Traces) -> None:
    reading = {**job.reading, **{key: _without(job.reading.get(key), traces) for key in LISTS}}
    if alike := job.reading.get("alike"):
        kept = [one for one in alike["first"] if one["customer"] != traces.customer]
        reading["alike"] = {**alike, "first": _without(kept, traces)}
    if reading != job.reading and job.reading:
        job.reading = reading
        job.save(update_fields=["reading"])
    path = path_of(job)
    if job.file and path.exists() and any(traces.are_in(text) for text in _texts(path)):
        # Whoever reads it just now would write down again what was found in it.
        job.version += 1
        job.save(update_fields=["version"])
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _without(rows: Any, traces: Traces) -> list[Any]:
    return [row for row in rows or [] if not traces.are_in(str(row))]


def _texts(path: Path) -> Iterator[str]:
    """Everything the file may say, however it is written."""
    if not zipfile.is_zipfile(path):
        content = path.read_bytes()
        yield from (content.decode(encoding, "replace") for encoding in ENCODINGS)
        return
    with zipfile.ZipFile(path) as book:
        for part in book.namelist():
            if part.endswith(".xml"):
                with book.open(part) as file:
                    yield file.read(MOST).decode("utf-8", "replace")

"""Taking a file in and settling what its columns are."""

from __future__ import annotations

import logging
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any

from django.db import transaction

from regulars.bulk import actions as bulk
from regulars.imports import guessing, preview
from regulars.imports.models import Import
from regulars.imports.options import Options, from_json
from regulars.imports.reading.limits import CannotRead, in_megabytes
from regulars.imports.reading.table import Table, open_table
from regulars.imports.reading.targets import Kind
from regulars.imports.targets import targets as targets_of
from regulars.lib import numbers
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff import permission

if TYPE_CHECKING:
    from regulars.staff.models import User

log = logging.getLogger("regulars.imports")


class Busy(Exception):
    """The import runs, or is over; the text says which."""


def upload(
    stream: IO[bytes],
    *,
    name: str,
    by: User | None,
    kind: Kind | None = None,
    options: Options | None = None,
    check: bool = True,
) -> Import:
    """Keep a file and propose what to do with it, by its first rows; nothing is imported yet.

    The worker looks at the others, unless `check` is false: then it is to run at once. `by` is None
    on the command line. Raises `CannotRead` for what is no readable table, `Invalid`
    for wrong options, `NotAllowed` without the right.
    """
    _may(by, kind)
    path = _kept(stream, name)
    try:
        with open_table(path, how=(options or Options()).how, limits=preview.limits()) as table:
            found = guessing.propose(table, PurePath(name).stem, options or Options(), kind)
            _may(by, found.kind)
            job = Import(
                name=_plain_name(name),
                file=path.name,
                size=path.stat().st_size,
                by=by,
                kind=found.kind,
                options=found.options.to_json(),
            )
            _set_columns(job, found.columns)
            _examined(job, table, found.doubts)
            with transaction.atomic():
                job.save(force_insert=True)
                if check:
                    check_rest(job)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    log.info("import uploaded import=%s kind=%s rows=%s", job.pk, job.kind, job.expected)
    return job


def choose(
    job: Import,
    *,
    by: User | None,
    kind: Kind | None = None,
    columns: Mapping[int, str | None] | None = None,
    options: Mapping[str, Any] | None = None,
    check: bool = True,
) -> Import:
    """Change the kind, the targets of some columns (by index, None skips) or the options.

    Another kind, or another way of reading the file, proposes the mapping anew. What the worker
    found out with the mapping before is dropped; `check` as for `upload`. Raises `Busy`
    once it runs, `Invalid` for targets that do not exist or that two columns claim.
    """
    _may(by, kind or Kind(job.kind))
    with transaction.atomic():
        job = Import.objects.select_for_update().get(pk=job.pk)
        if not job.is_open:
            raise Busy("This import has run already. Upload the file again to change its mapping.")
        before = preview.options_of(job)
        wanted = from_json({**before.to_json(), **(options or {})})
        with open_table(path_of(job), how=wanted.how, limits=preview.limits()) as table:
            doubts: list[str] = job.reading.get("doubts", [])
            anew = wanted.how != before.how or (kind is not None and kind != job.kind)
            if anew:
                fresh = Options(**{**vars(wanted), "date_orders": {}, "event_kind": ""})
                found = guessing.propose(
                    table, PurePath(job.name).stem, fresh, kind or Kind(job.kind)
                )
                job.kind, wanted, doubts = found.kind, found.options, found.doubts
                _set_columns(job, found.columns)
            if columns:
                _set_columns(job, _chosen(job, table, columns))
            wanted = guessing.with_dates(table, preview.columns_of(job), wanted)
            job.options = wanted.to_json()
            _examined(job, table, doubts)
        job.version += 1
        job.save()
        if check:
            check_rest(job)
    return job


def name_columns(
    job: Import, mapping: Mapping[str, str | None], *, by: User | None, check: bool = True
) -> Import:
    """Choose targets by heading, or by the column's number from 1; None or `skip` for nowhere.

    A heading that stands in the first row makes that row the headings. Raises `Invalid` under
    `mapping.<heading>` for a column or a target that does not exist.
    """
    headings = [one["heading"] for one in job.columns]
    first = [cell for row in job.reading["first"][:1] for cell in row["cells"]]
    if not job.reading["has_header"] and any(
        name in first and name not in headings for name in mapping
    ):
        job = choose(job, by=by, options={"has_header": True}, check=check)
        headings = [one["heading"] for one in job.columns]
    targets = targets_of(Kind(job.kind))
    chosen: dict[int, str | None] = {}
    for name, target in mapping.items():
        field = f"mapping.{name[:60]}"
        if name in headings:
            at = headings.index(name)
        elif (number := numbers.whole(name)) and number <= len(headings):
            at = number - 1
        else:
            columns = ", ".join(headings[:50])
            raise Invalid({field: f"There is no column “{name[:60]}”; the file has {columns}"})
        if target not in (None, "skip") and target not in targets:
            choices = ", ".join(targets)
            raise Invalid({field: f"“{target}” is no target; choose one of {choices}, or skip"})
        chosen[at] = None if target == "skip" else target
    return choose(job, by=by, columns=chosen, check=check) if chosen else job


def forget(job: Import, *, by: User | None) -> None:
    """Delete the import's file and report; what it brought in stays."""
    _may(by, None)
    if job.is_busy:
        raise Busy("This import is running. Stop it first.")
    path_of(job).unlink(missing_ok=True)
    if job.receipt is not None:
        bulk.unlink(job.receipt, by=by)
    job.delete()


def path_of(job: Import) -> Path:
    """Where the file lies; a name that no file has when it is gone."""
    return preview.folder() / (job.file or "gone")


def _chosen(job: Import, table: Table, columns: Mapping[int, str | None]) -> list[Any]:
    targets = targets_of(Kind(job.kind))
    for at, target in columns.items():
        if not 0 <= at < table.width:
            raise Invalid({"columns": f"There is no column {at + 1}"})
        if target is not None and target not in targets:
            raise Invalid({"columns": f"“{target}” is not one of {', '.join(targets)}"})
    found = guessing.columns_from(table.header, dict(columns), preview.columns_of(job))
    twice = guessing.repeated(Kind(job.kind), found)
    if twice:
        raise Invalid({"columns": f"Two columns would fill “{twice}”; choose one of them"})
    return found


def check_rest(job: Import) -> None:
    """Leave to the worker what the preview did not look at."""
    from regulars.imports import tasks

    if not job.is_checked:
        later = tasks.check_import.configure(lock=f"import-check-{job.pk}", priority=-1)
        later.defer(import_id=job.pk, version=job.version)


def _set_columns(job: Import, columns: list[Any]) -> None:
    job.columns = [
        {"heading": one.heading, "target": one.target, "label": one.label} for one in columns
    ]


def _examined(job: Import, table: Table, doubts: list[str]) -> None:
    job.reading = {**preview.examine(job, table), "doubts": doubts}
    job.expected = job.reading["rows"]


def _may(by: User | None, kind: Kind | None) -> None:
    """Importing needs its right, and the right to what is brought in."""
    if by is None:
        return
    permission.check(by, "imports")
    if kind is not None:
        permission.check(by, "staff" if kind is Kind.STAFF else "customers")


def _may_give(by: User | None, job: Import) -> None:
    """Owners are given only by who may give them."""
    kind, options = Kind(job.kind), preview.options_of(job)
    gives = kind is Kind.EVENTS and options.owner_from_events
    if kind is Kind.CUSTOMERS:
        gives = any(column.target == "owner" for column in preview.columns_of(job))
    if by is not None and gives:
        permission.check(by, "ownership")


def check_may_run(job: Import, by: User | None) -> None:
    """Raises `NotAllowed` or `Invalid` with what still stands in the way."""
    _may(by, Kind(job.kind))
    _may_give(by, job)
    if job.by_id is not None and by is not None and job.by_id != by.pk and not by.may("staff"):
        raise NotAllowed("This is somebody else's import.")
    missing = guessing.missing(Kind(job.kind), preview.columns_of(job))
    if missing:
        raise Invalid({"columns": missing})


def _kept(stream: IO[bytes], name: str) -> Path:
    """The file under a name of our own; stops copying once it is too big."""
    folder = preview.folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / uuid.uuid4().hex
    most = preview.limits().file_bytes
    try:
        with path.open("xb") as kept:
            path.chmod(0o600)
            size = 0
            while piece := stream.read(1 << 20):
                size += len(piece)
                if size > most:
                    raise CannotRead(
                        f"“{_plain_name(name)}” is larger than {in_megabytes(most)}, the most that "
                        "can be imported at once. Split it and import the parts."
                    )
                kept.write(piece)
    except OSError as error:
        path.unlink(missing_ok=True)
        if shutil.disk_usage(folder).free < most:
            raise CannotRead("There is no room left on the disk for this file.") from error
        raise
    except CannotRead:
        path.unlink(missing_ok=True)
        raise
    return path


def _plain_name(name: str) -> str:
    """What the file was called, without folders and control characters."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(one for one in last if one.isprintable())[:200] or "table"

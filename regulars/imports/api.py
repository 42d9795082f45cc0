"""Imports for programs: send a file, read the preview or the report."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from regulars.bulk import actions as bulk
from regulars.bulk.schemas import BulkOut, shown
from regulars.imports import actions, guessing, preview, report
from regulars.imports.models import Import
from regulars.imports.options import from_json
from regulars.imports.reading.limits import CannotRead
from regulars.imports.reading.targets import Kind
from regulars.imports.schemas import (
    ImportChange,
    ImportOut,
    ImportPage,
    KindName,
    OrderName,
    row,
)
from regulars.lib import cursors
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import check, signed_in
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit
from regulars.wire.problems import Refused

router = Router(tags=["Imports"])

AT_ONCE = 2_000
"""Files of up to so many rows are imported while the caller waits; larger ones by the worker."""

Mapping = Annotated[
    str, Form(max_length=100_000, description='JSON: {"heading or number": "target" or null}')
]
Match = Annotated[
    str, Form(pattern="^((email|phone)(,(email|phone))?)?$", description="email,phone")
]
System = Annotated[str, Form(max_length=60, description="Whose numbers the file's ids are")]
EventKind = Annotated[str, Form(max_length=60, description="What every row is")]
RemoveChanged = Annotated[
    bool, Query(description="Also remove added customers who were changed since")
]
Run = Annotated[bool, Form(description="False: only propose a mapping and a preview")]


@router.get("/imports", response=ImportPage, summary="Imports, newest first")
def imports(request: HttpRequest, limit: Limit = PAGE, cursor: Cursor = None) -> HttpResponse:
    user = _may(request, Level.VIEW)
    found = Import.objects.visible_to(user).select_related("receipt").order_by("-pk")
    if cursor is not None:
        found = found.filter(pk__lt=cursors.row(cursor))
    jobs = list(found[: limit + 1])
    following = str(jobs[limit - 1].pk) if len(jobs) > limit else None
    return answer(
        {"items": [row(job, user, rows=False) for job in jobs[:limit]], "next": following}
    )


@router.post("/imports", response={201: ImportOut}, summary="Import a CSV or Excel file")
def upload(
    request: HttpRequest,
    file: File[UploadedFile],
    kind: Annotated[KindName | None, Form()] = None,
    mapping: Mapping = "",
    match: Match = "",
    system: System = "",
    event_kind: EventKind = "",
    owner_from_events: Annotated[bool | None, Form()] = None,
    dates: Annotated[OrderName | None, Form()] = None,
    run: Run = True,
) -> HttpResponse:
    """Kind and mapping are guessed unless given. Up to 2,000 rows are imported before the answer,
    which then holds the report; more are queued: read the import again until `state` is `done`."""
    user = _may(request)
    given = {
        "match": [one for one in match.split(",") if one],
        "system": system or None,
        "event_kind": event_kind or None,
    }
    try:
        job = actions.upload(
            file.file or file,
            name=file.name or "table",
            by=user,
            kind=Kind(kind) if kind else None,
            options=from_json(given),
            check=not run,
        )
    except CannotRead as error:
        raise Invalid({"file": str(error)}) from error
    try:
        wanted = {} if owner_from_events is None else {"owner_from_events": owner_from_events}
        job = _chosen(job, user, _mapping(mapping), wanted, dates, check=not run)
        if run:
            job = _run(job, user)
    except (Invalid, NotAllowed, Refused):
        actions.forget(job, by=user)
        raise
    answered = answer(row(job, user), status=201)
    answered["Location"] = f"/api/v1/imports/{job.public_id}"
    return answered


@router.get("/imports/{import_id}", response=ImportOut, summary="One import")
def one_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """While it waits: mapping and preview; the worker goes on checking rows until the preview is
    `complete`. Once over: the report."""
    user = _may(request, Level.VIEW)
    return answer(row(_seen(user, import_id), user))


@router.patch("/imports/{import_id}", response=ImportOut, summary="Change mapping or options")
def change(request: HttpRequest, import_id: UUID, body: ImportChange) -> HttpResponse:
    """Answers with the preview of the new mapping; 409 once it has run."""
    user = _may(request)
    job = _seen(user, import_id)
    try:
        if body.kind and body.kind != job.kind:
            job = actions.choose(job, by=user, kind=Kind(body.kind))
        job = _chosen(job, user, body.mapping, body.options(), body.dates)
    except actions.Busy as error:
        raise Refused(409, str(error)) from error
    except CannotRead as error:
        raise Invalid({"file": str(error)}) from error
    return answer(row(job, user))


@router.post("/imports/{import_id}/run", response=ImportOut, summary="Run an import")
def run(request: HttpRequest, import_id: UUID) -> HttpResponse:
    user = _may(request)
    return answer(row(_run(_seen(user, import_id), user), user))


@router.post("/imports/{import_id}/stop", response=ImportOut, summary="Stop a running import")
def stop(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What is in stays in; whole batches only."""
    user = _may(request)
    try:
        job = actions.stop(_seen(user, import_id), by=user)
    except actions.Busy as error:
        raise Refused(409, str(error)) from error
    return answer(row(job, user))


@router.post(
    "/imports/{import_id}/undo", response=BulkOut | ImportOut, summary="Take an import back"
)
def undo(
    request: HttpRequest, import_id: UUID, remove_changed: RemoveChanged = False
) -> HttpResponse:
    """Removes the customers it added, unless somebody changed them since, and puts back what it
    changed; the same as `DELETE /bulk/{receipt}`. Of colleagues it answers with the import."""
    user = _may(request)
    job = _seen(user, import_id)
    if job.kind == Kind.STAFF:
        try:
            return answer(row(actions.take_back(job, by=user), user))
        except actions.Busy as error:
            raise Refused(409, str(error)) from error
    if job.receipt is None:
        raise Refused(409, "This import wrote no customers, or was not run.")
    try:
        return answer(shown(bulk.take_back(job.receipt, by=user, remove_touched=remove_changed)))
    except bulk.Busy as error:
        raise Refused(409, str(error)) from error


@router.delete("/imports/{import_id}", response={204: None}, summary="Forget an import")
def forget(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Deletes its file and report; the customers stay."""
    user = _may(request)
    try:
        actions.forget(_seen(user, import_id), by=user)
    except actions.Busy as error:
        raise Refused(409, str(error)) from error
    return HttpResponse(status=204)


@router.get(
    "/imports/{import_id}/rejects",
    response=None,
    summary="The rejected rows as CSV",
    url_name="import_rejects",
    openapi_extra={
        "responses": {
            200: {
                "description": "Problem and line, then the cells as they were",
                "content": {"text/csv": {"schema": {"type": "string"}}},
            }
        }
    },
)
def rejects(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Fix the cells and send the file again: rows that are in are recognised."""
    job = _seen(_may(request, Level.VIEW), import_id)
    return HttpResponse("".join(report.rejects(job)), content_type="text/csv; charset=utf-8")


def _may(request: HttpRequest, level: Level = Level.EDIT) -> User:
    user = signed_in(request)
    check(user, "imports", level)
    return user


def _seen(user: User, public_id: UUID) -> Import:
    found = (
        Import.objects.visible_to(user)
        .select_related("by__role", "by__store", "receipt")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _mapping(text: str) -> dict[str, str | None]:
    if not text:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid({"mapping": "This is not JSON"}) from None
    if not isinstance(found, dict) or not all(
        value is None or isinstance(value, str) for value in found.values()
    ):
        raise Invalid({"mapping": "This must be an object of headings and targets"})
    return found


def _chosen(
    job: Import,
    user: User,
    mapping: dict[str, str | None],
    options: dict[str, Any],
    dates: OrderName | None,
    *,
    check: bool = True,
) -> Import:
    job = actions.name_columns(job, mapping, by=user, check=check)
    if dates:
        options["date_orders"] = {one["column"]: dates for one in job.reading["dates"]}
    return actions.choose(job, by=user, options=options, check=check) if options else job


def _run(job: Import, user: User) -> Import:
    try:
        missing = guessing.missing(Kind(job.kind), preview.columns_of(job))
        if missing:
            raise Invalid({"mapping": missing})
        if job.is_open and job.is_counted and job.expected <= AT_ONCE:
            return actions.run(job, by=user)
        return actions.start(job, by=user)
    except actions.Busy as error:
        raise Refused(409, str(error)) from error

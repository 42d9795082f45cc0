"""Work on many customers, for programs: dry run, run, look, take back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.bulk import actions, choosing, queries
from regulars.bulk.deeds import offered
from regulars.bulk.models import Receipt, State
from regulars.bulk.schemas import (
    ActionList,
    BulkIn,
    BulkOut,
    BulkPage,
    DryRunOut,
    LinePage,
    OutcomeName,
    line,
    proposed,
    shown,
)
from regulars.bulk.selection import Selection
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import check, signed_in
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit
from regulars.wire.problems import Refused

router = Router(tags=["Bulk"])

AT_ONCE = 1_000
"""Up to so many customers are done while the caller waits; more by the worker."""

Remove = Annotated[bool, Query(description="Also remove added customers who were changed since")]
Wanted = Annotated[OutcomeName | None, Query(description="Only these")]


@router.get("/bulk/actions", response=ActionList, summary="What can be done to many")
def possible(request: HttpRequest) -> HttpResponse:
    """The actions your role may use, and what each needs in `values`."""
    user = _may(request)
    items = []
    for deed in {d.key: d for a in (False, True) for d in offered(user, archived=a)}.values():
        if deed.page:
            continue
        fields = deed.form(user).base_fields
        items.append(
            {
                "key": deed.key,
                "label": deed.label,
                "can_undo": deed.undo,
                "fields": [
                    {
                        "name": name,
                        "label": str(field.label or name),
                        "required": field.required,
                        "choices": [str(value) for value, _ in field.choices if value]
                        if hasattr(field, "choices")
                        else None,
                    }
                    for name, field in fields.items()
                ],
            }
        )
    return answer({"items": items, "next": None})


@router.post(
    "/bulk",
    response={200: DryRunOut, 201: BulkOut},
    summary="Do something to many customers",
)
def begin(request: HttpRequest, body: BulkIn) -> HttpResponse:
    """With `dry_run` the answer (200) says what would happen and nothing is written. Otherwise the
    customers are fixed as of now and the work begins (201): up to 1,000 are done before the answer,
    more by the worker: read it again until `state` is `done`."""
    user = _may(request)
    selection = _selection(body)
    given = {key: "" if value is None else str(value) for key, value in body.values.items()}
    try:
        deed, _, run = actions.propose(body.action, given, selection, by=user)
        if body.dry_run:
            return answer(proposed(deed.key, run))
        made = actions.draft(deed.key, selection, by=user)
    except Invalid as error:
        raise _by_path(error) from None
    made = actions.start(actions.fill(made, given, by=user), by=user)
    if made.total <= AT_ONCE:
        made = actions.run(made, by=user)
    answered = answer(shown(made), status=201)
    answered["Location"] = f"/api/v1/bulk/{made.public_id}"
    return answered


@router.get("/bulk", response=BulkPage, summary="Work on many, newest first")
def receipts(request: HttpRequest, limit: Limit = PAGE, cursor: Cursor = None) -> HttpResponse:
    """Bulk actions and imports: your own, or everybody's when you see all customers."""
    found, following = queries.recent(_may(request), cursor=cursor or "", limit=limit)
    return answer({"items": [shown(one) for one in found], "next": following or None})


@router.get("/bulk/{bulk_id}", response=BulkOut, summary="One piece of work")
def one(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    return answer(shown(_seen(_may(request), bulk_id)))


@router.get("/bulk/{bulk_id}/customers", response=LinePage, summary="What became of whom")
def lines(
    request: HttpRequest,
    bulk_id: UUID,
    outcome: Wanted = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> HttpResponse:
    """The customers you may see; after an undo with what had been changed since."""
    user = _may(request)
    found, following = queries.lines(
        _seen(user, bulk_id), user, outcome=outcome or "", cursor=cursor, limit=limit
    )
    return answer({"items": [line(row) for row in found], "next": following})


@router.post("/bulk/{bulk_id}/stop", response=BulkOut, summary="Stop a running piece of work")
def stop(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """What is done stays done; whole batches only."""
    user = _may(request)
    try:
        return answer(shown(actions.stop(_seen(user, bulk_id), by=user)))
    except actions.Busy as error:
        raise Refused(409, str(error)) from error


@router.delete("/bulk/{bulk_id}", response=BulkOut, summary="Take a piece of work back")
def undo(request: HttpRequest, bulk_id: UUID, remove_changed: Remove = False) -> HttpResponse:
    """Puts back exactly what it changed; what somebody changed since stays and is listed with both
    values. Up to 1,000 customers are put back before the answer."""
    user = _may(request)
    try:
        found = actions.take_back(_seen(user, bulk_id), by=user, remove_touched=remove_changed)
    except actions.Busy as error:
        raise Refused(409, str(error)) from error
    return answer(shown(found))


def _selection(body: BulkIn) -> Selection:
    if (body.ids is None) == (body.filter is None):
        raise Invalid({"filter": "Say which customers: either ids or a filter (“” is everybody)"})
    if body.ids is not None:
        return Selection(ids=choosing.ids_of(body.ids))
    return Selection(
        all_of_them=True,
        filter=body.filter or "",
        q=body.q.replace("\x00", ""),
        archived=body.archived,
        but=choosing.ids_of(body.but, "but"),
    )


def _by_path(error: Invalid) -> Invalid:
    """The fields of the deed's form stand in `values`."""
    ours = ("ids", "filter", "q", "action", "but")
    return Invalid(
        {
            key if key.split(".")[0] in ours else f"values.{key}": said
            for key, said in error.errors.items()
        }
    )


def _may(request: HttpRequest) -> User:
    user = signed_in(request)
    check(user, "customers", Level.VIEW)
    return user


def _seen(user: User, public_id: UUID) -> Receipt:
    found = queries.one(user, public_id)
    if found is None or found.state == State.DRAFT:
        raise Http404
    return found

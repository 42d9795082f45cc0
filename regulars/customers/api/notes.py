"""Notes for programs: read, write, change, pin, take back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query, Router

from regulars.customers import actions
from regulars.customers.models import Customer, Note
from regulars.customers.notes import queries
from regulars.customers.notes.details import offers
from regulars.customers.notes.facts import read
from regulars.customers.notes.schemas import (
    NoteIn,
    NotePage,
    NotePatch,
    NoteRow,
    NoteTypePage,
    row,
)
from regulars.staff.models import User
from regulars.timeline import pages
from regulars.timeline.models import Event
from regulars.timeline.schemas import cursor_after, place_of
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

from .gate import reader, seen, writer

router = Router()

NoteId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Pinned = Annotated[bool, Query(description="Only the pinned ones")]


@router.get("/note-types", response=NoteTypePage, summary="Types of notes")
def note_types(request: HttpRequest) -> HttpResponse:
    """What a note may be about, in the company's own words."""
    reader(request)
    items = [{"id": kind.pk, "name": kind.name} for kind in queries.types()]
    return answer({"items": items, "next": None})


@router.get("/customers/{customer_id}/notes", response=NotePage, summary="Notes")
def notes(
    request: HttpRequest,
    customer_id: UUID,
    pinned: Pinned = False,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    """Newest first."""
    user = reader(request)
    customer = seen(user, customer_id)
    if pinned:
        found = queries.notes(customer, [])
        rows = [(note.event, note) for note in queries.pinned(found)]
        return answer({"items": _rows(user, rows), "next": None})
    page = pages.page(
        customer, kind=queries.KIND, after=place_of(cursor) if cursor else None, limit=limit
    )
    known = queries.by_event(customer, page.items)
    return answer(
        {
            "items": _rows(user, [(event, known.get(event.pk)) for event in page.items]),
            "next": cursor_after(page.last) if page.last else None,
        }
    )


@router.post(
    "/customers/{customer_id}/notes",
    response={200: NoteRow, 201: NoteRow},
    summary="Write a note",
)
def add_note(request: HttpRequest, customer_id: UUID, body: NoteIn) -> HttpResponse:
    """201 when written; 200 with the note there is when its `origin` is already known."""
    user = writer(request)
    customer = seen(user, customer_id)
    facts = read(body.model_dump(exclude_unset=True), by=user, about=customer)
    origin = f"api:{body.origin}" if body.origin else ""
    known = bool(origin) and customer.events.filter(origin=origin).exists()
    note = actions.add_note(
        customer,
        facts,
        by=user,
        pinned=body.pinned,
        happened_at=body.happened_at,
        origin=origin,
    )
    return _shown(user, customer, note.event_id, status=200 if known else 201)


@router.get("/customers/{customer_id}/notes/{note_id}", response=NoteRow, summary="One note")
def note(request: HttpRequest, customer_id: UUID, note_id: NoteId) -> HttpResponse:
    user = reader(request)
    return _shown(user, seen(user, customer_id), note_id)


@router.patch("/customers/{customer_id}/notes/{note_id}", response=NoteRow, summary="Change a note")
def edit_note(
    request: HttpRequest, customer_id: UUID, note_id: NoteId, body: NotePatch
) -> HttpResponse:
    """Change one's own note, pin or unpin any, take one's own back."""
    user = writer(request)
    customer = seen(user, customer_id)
    event = _event(customer, note_id)
    with transaction.atomic():
        said = body.says()
        if said:
            of = actions.row_of(event, by=user)
            actions.edit_note(event, read(said, by=user, of=of), by=user)
        if body.retracted:
            actions.retract_note(event, by=user)
        elif body.pinned is not None:
            (actions.pin_note if body.pinned else actions.unpin_note)(event, by=user)
    return _shown(user, customer, note_id)


def _event(customer: Customer, pk: int) -> Event:
    rows = customer.events.filter(kind=queries.KIND).select_related("actor", "customer__owner")
    event = rows.filter(pk=pk).first()
    if event is None:
        raise Http404
    return event


def _shown(user: User, customer: Customer, pk: int, *, status: int = 200) -> HttpResponse:
    event = _event(customer, pk)
    known = queries.by_event(customer, [event])
    (shown,) = _rows(user, [(event, known.get(pk))])
    return answer(shown, status=status)


def _rows(user: User, found: Sequence[tuple[Event, Note | None]]) -> list[NoteRow]:
    asked = offers(user)
    return [row(event, note, asked) for event, note in found]

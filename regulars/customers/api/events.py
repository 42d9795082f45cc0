"""What happened with customers: read one timeline, record one event or a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import pydantic
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query, Router

from regulars.customers import actions
from regulars.customers.merging import came_by, telling
from regulars.customers.models import Customer, ExternalId, FormerExternalId
from regulars.customers.notes import queries
from regulars.customers.notes.details import offers
from regulars.customers.notes.facts import LONGEST, read
from regulars.customers.queries import HANDED_OVER, own_event
from regulars.customers.schemas.events import (
    EventResult,
    EventResults,
    EventsIn,
    ExternalRef,
    ManyEventIn,
)
from regulars.customers.visibility import known_as
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import check
from regulars.timeline import actions as timeline
from regulars.timeline import pages
from regulars.timeline.actions import NewEvent
from regulars.timeline.kinds import Shelf, kind_of
from regulars.timeline.models import Event
from regulars.timeline.schemas import (
    EventIn,
    EventPage,
    EventRow,
    ShelfName,
    cursor_after,
    place_of,
    row,
)
from regulars.wire import problems, sentences
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

from .gate import reader, seen, writer

router = Router()

Key = str | tuple[str, str]


@router.get("/customers/{customer_id}/events", response=EventPage, summary="A timeline")
def events(
    request: HttpRequest,
    customer_id: UUID,
    shelf: ShelfName | None = None,
    kind: Annotated[str, Query(max_length=60, description="One kind of event")] = "",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    """Newest first."""
    user = reader(request)
    found = pages.page(
        seen(user, customer_id),
        shelf=Shelf(shelf) if shelf else None,
        kind=kind,
        after=place_of(cursor) if cursor else None,
        limit=limit,
    )
    telling.name(found.items, user)
    return answer(
        {
            "items": [row(event) for event in found.items],
            "next": cursor_after(found.last) if found.last else None,
        }
    )


@router.post(
    "/customers/{customer_id}/events",
    response={200: EventRow, 201: EventRow},
    summary="Record an event",
)
def record(request: HttpRequest, customer_id: UUID, body: EventIn) -> HttpResponse:
    """201 when recorded; 200 with the event there is when its `origin` is already known."""
    user = writer(request)
    customer = seen(user, customer_id)
    refused = _by_itself(body.kind)
    if refused:
        raise Invalid(refused)
    if customer.public_id != customer_id:
        body.data = came_by.noted(body.data, id=str(customer_id))
    origin = _origin(body)
    known = bool(origin) and customer.events.filter(origin=origin).exists()
    event = _noted(customer, body, origin, user) or timeline.record(
        customer,
        body.kind,
        by=user,
        data=body.data,
        happened_at=body.happened_at,
        origin=origin,
    )
    return answer(row(event), status=200 if known else 201)


EventId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post(
    "/customers/{customer_id}/events/{event_id}/undo", response={204: None}, summary="Undo"
)
def undo(request: HttpRequest, customer_id: UUID, event_id: EventId) -> HttpResponse:
    """Within ten minutes, for what one logged, wrote, resolved or handed over oneself."""
    user = writer(request)
    event = own_event(user, customer_id, event_id)
    if event is None:
        raise Http404
    if event.kind == HANDED_OVER:
        check(user, "ownership", Level.EDIT)
    actions.undo(event, by=user)
    return HttpResponse(status=204)


def _noted(customer: Customer, body: EventIn, origin: str, user: User) -> Event | None:
    """A note gets its row too, when its data hold the words of one."""
    text = body.data.get("text")
    if (
        body.kind != queries.KIND
        or not isinstance(text, str)
        or not 0 < len(text.strip()) <= LONGEST
    ):
        return None
    errors = timeline.check(body.kind, body.data, body.happened_at, clock.now())
    if errors:
        raise Invalid(errors)
    asked = [offer.key for offer in offers(user, customer) if offer.choices]
    details = {key: body.data[key] for key in asked if key in body.data}
    try:
        facts = read({**body.data, "details": details}, by=user, about=customer)
    except Invalid as no:
        raise Invalid({f"data.{key}": said for key, said in no.errors.items()}) from None
    besides = {key: value for key, value in body.data.items() if key != "mentions"}
    note = actions.add_note(
        customer, facts, by=user, happened_at=body.happened_at, origin=origin, besides=besides
    )
    return Event.objects.select_related("actor", "answered_by").get(pk=note.event_id)


def _by_itself(kind: str) -> dict[str, str]:
    """Nobody can say that a customer was reassigned; they can only reassign."""
    if kind_of(kind).by_hand:
        return {}
    return {"kind": f"“{kind}” is recorded by Regulars itself when it happens"}


def _origin(given: EventIn) -> str:
    """Apart from the origins that rooms of our own use."""
    return f"api:{given.origin}" if given.origin else ""


@router.post("/events", response=EventResults, summary="Record up to 1,000 events")
def record_many(request: HttpRequest, body: EventsIn) -> HttpResponse:
    """Each is answered in its place: created, duplicate (its `origin` is known), or error."""
    user = writer(request)
    given = [_read(raw) for raw in body.root]
    customers = _customers(user, [g for g in given if isinstance(g, ManyEventIn)])
    holding = came_by.holding_others(customers.values())
    checked = [_checked(g, customers, holding, user) for g in given]
    wanted = [c for c in checked if isinstance(c, NewEvent)]
    ids = iter(timeline.record_many(wanted))
    known = _known(wanted)
    results: list[EventResult] = []
    for index, each in enumerate(checked):
        if isinstance(each, NewEvent):
            results.append(_recorded(index, each, next(ids), known))
        else:
            errors = problems.fields(each)
            results.append({"index": index, "status": "error", "id": None, "errors": errors})
    return answer({"items": results, **_counted(results)})


def _counted(results: Sequence[EventResult]) -> dict[str, int]:
    said = [result["status"] for result in results]
    return {
        "created": said.count("created"),
        "duplicates": said.count("duplicate"),
        "failed": said.count("error"),
    }


def _read(raw: Any) -> ManyEventIn | dict[str, str]:
    try:
        return ManyEventIn.model_validate(raw)
    except pydantic.ValidationError as wrong:
        errors: dict[str, str] = {}
        for error in wrong.errors(include_url=False):
            place = sentences.place(("row", *error["loc"]))
            errors.setdefault(place.partition(".")[0], sentences.sentence(error))
        return errors


def _key(given: ManyEventIn) -> Key:
    said = given.customer
    if isinstance(said, ExternalRef):
        return said.system, said.id
    try:
        return str(UUID(said))
    except ValueError:
        return ""


def _customers(user: User, given: Sequence[ManyEventIn]) -> dict[Key, int]:
    """Row ids of the customers named, as far as this user may see them; two statements."""
    keys = {_key(g) for g in given}
    ids = [UUID(key) for key in keys if isinstance(key, str) and key]
    pairs = [key for key in keys if isinstance(key, tuple)]
    visible = Customer.objects.visible_to(user)
    found: dict[Key, int] = {str(one): pk for one, pk in known_as(user, ids).items()}
    for model in (FormerExternalId, ExternalId) if pairs else ():
        named = model.objects.filter(
            value__in={value for _, value in pairs},
            system__in={system for system, _ in pairs},
            customer__in=visible,
        ).values_list("system", "value", "customer_id")
        found |= {(system, value): pk for system, value, pk in named}
    return found


def _checked(
    given: ManyEventIn | dict[str, str], customers: dict[Key, int], holding: set[int], user: User
) -> NewEvent | dict[str, str]:
    if isinstance(given, dict):
        return given
    now = clock.now()
    errors = timeline.check(given.kind, given.data, given.happened_at, now)
    errors = errors or _by_itself(given.kind)
    pk = customers.get(_key(given))
    if pk is None:
        errors = {"customer": problems.MISSING, **errors}
    if pk is None or errors:
        return errors
    return NewEvent(
        customer_id=pk,
        kind=given.kind,
        happened_at=given.happened_at or now,
        actor_id=user.pk,
        data=_came_by(given) if pk in holding else given.data,
        origin=_origin(given),
    )


def _came_by(given: ManyEventIn) -> dict[str, Any]:
    key = _key(given)
    if isinstance(key, tuple):
        return came_by.noted(given.data, system=key[0], id=key[1])
    return came_by.noted(given.data, id=key)


def _known(wanted: Sequence[NewEvent]) -> dict[tuple[int, str], int]:
    """The events that stand under these origins by now."""
    origins = {event.origin for event in wanted if event.origin}
    if not origins:
        return {}
    rows = Event.objects.filter(
        customer__in={event.customer_id for event in wanted}, origin__in=origins
    ).values_list("customer_id", "origin", "pk")
    return {(customer, origin): pk for customer, origin, pk in rows}


def _recorded(
    index: int, event: NewEvent, pk: int | None, known: dict[tuple[int, str], int]
) -> EventResult:
    if pk is not None:
        return {"index": index, "status": "created", "id": pk, "errors": []}
    there = known.get((event.customer_id, event.origin))
    return {"index": index, "status": "duplicate", "id": there, "errors": []}

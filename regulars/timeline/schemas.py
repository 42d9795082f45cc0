"""How events look to programs, and how programs say what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainValidator, WithJsonSchema
from typing_extensions import TypedDict

from regulars.lib.cursors import decode, encode

from .kinds import EventKind
from .models import Event

ShelfName = Literal["customer", "appointments", "orders", "email", "website"]
EARLIEST, LATEST = 1900, 2200


class ColleagueRef(TypedDict):
    id: int
    name: str


class EventRow(TypedDict):
    """One entry of a timeline; `sentence` is what the page says, `data` what was given."""

    id: int
    kind: str
    label: str
    sentence: str
    shelf: ShelfName
    happened_at: datetime
    recorded_at: datetime
    actor: ColleagueRef | None
    data: dict[str, Any]
    waiting: bool
    answered_at: datetime | None
    answered_by: ColleagueRef | None
    response_seconds: int | None


class EventPage(TypedDict):
    items: list[EventRow]
    next: str | None


class KindRow(TypedDict):
    """A kind of event: whether the customer then waits, or has been answered."""

    key: str
    label: str
    shelf: ShelfName
    side: Literal["customer", "us", "automatic"]
    awaits_answer: bool
    answers: bool
    recordable: bool


class KindPage(TypedDict):
    items: list[KindRow]
    next: str | None


def _time(value: object) -> datetime:
    """RFC 3339 with its zone; anything that could not be given back is refused."""
    if isinstance(value, str) and len(value) <= 40:
        try:
            at = datetime.fromisoformat(value.upper())
            if at.tzinfo is not None and EARLIEST <= at.year <= LATEST:
                return at.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise ValueError("This must be a time with its zone, such as 2026-11-23T09:30:00Z")


Time = Annotated[
    datetime,
    PlainValidator(_time),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class EventIn(BaseModel):
    """What happened; `origin` is its id where it comes from: the same one is kept once."""

    kind: str = Field(max_length=60)
    happened_at: Time | None = None
    data: dict[str, Any] = Field(default_factory=dict)
    origin: str = Field("", max_length=190)


def row(event: Event) -> EventRow:
    kind, waited = event.what, event.response_time
    return {
        "id": event.pk,
        "kind": event.kind,
        "label": kind.label,
        "sentence": kind.say(event.data),
        "shelf": kind.shelf.value,
        "happened_at": event.happened_at,
        "recorded_at": event.recorded_at,
        "actor": _ref(event.actor),
        "data": event.data,
        "waiting": event.is_waiting,
        "answered_at": event.answered_at,
        "answered_by": _ref(event.answered_by),
        "response_seconds": None if waited is None else int(waited.total_seconds()),
    }


def _ref(person: Any) -> ColleagueRef | None:
    return {"id": person.pk, "name": person.name} if person else None


def kind_row(kind: EventKind) -> KindRow:
    return {
        "key": kind.key,
        "label": kind.label,
        "shelf": kind.shelf.value,
        "side": kind.side.value,
        "awaits_answer": kind.awaits_answer,
        "answers": kind.answers,
        "recordable": kind.by_hand,
    }


def cursor_after(event: Event) -> str:
    return encode(event.happened_at, event.pk)


def place_of(cursor: str) -> tuple[datetime, int]:
    """Where the page before ended; raises `Invalid`."""
    at, pk = decode(cursor, datetime, int)
    return at, pk

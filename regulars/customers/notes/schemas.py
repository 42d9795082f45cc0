"""How notes look to programs, and how programs write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictBool
from typing_extensions import TypedDict

from regulars.customers.models import Note
from regulars.timeline.models import Event
from regulars.timeline.schemas import ColleagueRef, Time

from .details import Offer, labels

CallStatusName = Literal[
    "", "reached", "left_message", "no_answer", "busy", "call_back", "wrong_number"
]


class NoteRow(TypedDict):
    """`id` is its event's; `details` are what packs ask for, such as the season."""

    id: int
    text: str
    type: str | None
    call_status: CallStatusName
    details: dict[str, str]
    mentions: list[ColleagueRef]
    author: ColleagueRef | None
    happened_at: datetime
    pinned_at: datetime | None
    pinned_by: ColleagueRef | None
    edited_at: datetime | None
    edited_by: ColleagueRef | None
    retracted_at: datetime | None
    retracted_by: ColleagueRef | None


class NotePage(TypedDict):
    items: list[NoteRow]
    next: str | None


class NoteTypeRow(TypedDict):
    id: int
    name: str


class NoteTypePage(TypedDict):
    items: list[NoteTypeRow]
    next: str | None


_TYPE = Field(None, max_length=60, description="Name or id; see GET /note-types")
_DETAILS = Field(None, max_length=20, description="What packs ask for: key to value or label")
Detail = Annotated[str, Field(max_length=100)]
Key = Annotated[str, Field(max_length=60)]


class NoteIn(BaseModel):
    """`text` is Markdown; `@` before a colleague's full name asks them to look."""

    text: str = Field(max_length=8_000)
    type: str | None = _TYPE
    call_status: CallStatusName | None = None
    details: dict[Key, Detail | None] | None = _DETAILS
    pinned: StrictBool = False
    happened_at: Time | None = None
    origin: str = Field("", max_length=190)


class NotePatch(BaseModel):
    """Only what is given changes; `retracted` true takes the words back for good."""

    text: str | None = Field(None, max_length=8_000)
    type: str | None = _TYPE
    call_status: CallStatusName | None = None
    details: dict[Key, Detail | None] | None = _DETAILS
    pinned: StrictBool | None = None
    retracted: Literal[True] | None = None

    def says(self) -> dict[str, Any]:
        """What of the note itself was given."""
        given = self.model_dump(exclude_unset=True, exclude={"pinned", "retracted"})
        return {k: v for k, v in given.items() if not (k in ("text", "details") and v is None)}


def row(event: Event, note: Note | None, asked: list[Offer]) -> NoteRow:
    """The note as it reads now, or what its event says where it has no row yet."""
    text = note.text if note else event.data.get("text")
    return {
        "id": event.pk,
        "text": text if isinstance(text, str) else "",
        "type": note.type.name if note and note.type else None,
        "call_status": note.call_status if note else "",  # type: ignore[typeddict-item]
        "details": _details(event, note, asked),
        "mentions": _mentions(event.data),
        "author": _ref(event.actor),
        "happened_at": event.happened_at,
        "pinned_at": note.pinned_at if note else None,
        "pinned_by": _ref(note.pinned_by if note else None),
        "edited_at": note.edited_at if note else None,
        "edited_by": _ref(note.edited_by if note else None),
        "retracted_at": note.retracted_at if note else None,
        "retracted_by": _ref(note.retracted_by if note else None),
    }


def _details(event: Event, note: Note | None, asked: list[Offer]) -> dict[str, str]:
    values = note.details if note else {}
    kept = {key: str(event.data[key]) for key in values if event.data.get(key)}
    return {**kept, **labels(asked, values)}


def _mentions(data: Mapping[str, Any]) -> list[ColleagueRef]:
    """What a program put there itself is no mention."""
    said = data.get("mentions")
    if not isinstance(said, list):
        return []
    return [
        {"id": each["id"], "name": each["name"]}
        for each in said
        if isinstance(each, dict)
        and type(each.get("id")) is int
        and isinstance(each.get("name"), str)
    ]


def _ref(person: Any) -> ColleagueRef | None:
    return {"id": person.pk, "name": person.name} if person else None

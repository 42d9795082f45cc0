"""How a note is drawn: its words, what it is about, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from markupsafe import Markup

from regulars.customers.models import CallStatus
from regulars.customers.notes.details import note_details
from regulars.customers.notes.facts import may_change
from regulars.customers.notes.queries import KIND
from regulars.lib import markdown

if TYPE_CHECKING:
    from regulars.customers.models import Note
    from regulars.customers.notes.onpage import Pinned
    from regulars.staff.models import User
    from regulars.timeline.models import Event

STATUS = dict(CallStatus.choices)
LONG = 900
SHORT = 700


@dataclass(frozen=True)
class Edit:
    """That somebody changed or took it back, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Noted:
    """One note for its reader; `about` are the few words that stand beside it."""

    event: int
    text: str
    data: Mapping[str, Any]
    about: Sequence[str]
    pinned: bool = False
    theirs: bool = False
    edited: Edit | None = None
    retracted: Edit | None = None

    @cached_property
    def drawn(self) -> Markup:
        return markdown.render(self.text, _names(self.data))

    @property
    def is_long(self) -> bool:
        return len(self.text) > LONG

    @property
    def start(self) -> str:
        """The first words, without their marks."""
        return " ".join(self.drawn.striptags().split())[:SHORT]


@dataclass(frozen=True)
class Above:
    """A pinned note as it stands above the timeline."""

    noted: Noted
    who: str
    happened_at: datetime


def noted(events: Iterable[Event], reader: User) -> dict[int, Noted]:
    """The notes among these events, by event."""
    return {event.pk: _one(event, reader) for event in events if event.kind == KIND}


def _one(event: Event, reader: User) -> Noted:
    note: Note | None = getattr(event, "note", None)
    author = note.author if note else event.actor
    return Noted(
        event.pk,
        note.text if note else event.quote,
        event.data,
        about(event.data),
        pinned=bool(note and note.is_pinned),
        theirs=may_change(author, reader),
        edited=_edit(note, "edited", reader),
        retracted=_edit(note, "retracted", reader),
    )


def _edit(note: Note | None, what: str, reader: User) -> Edit | None:
    at = getattr(note, f"{what}_at", None)
    if at is None:
        return None
    by = getattr(note, f"{what}_by")
    return Edit("you" if by == reader else by.name if by else "", at)


def above(pinned: Iterable[Pinned], reader: User) -> list[Above]:
    return [
        Above(
            Noted(note.event, note.text, note.data, about(note.data), pinned=True),
            "You" if note.author_id == reader.pk else note.author or "",
            note.happened_at,
        )
        for note in pinned
    ]


@dataclass(frozen=True)
class Asking:
    """A colleague asks one to look: who, at whom, and their words on one line."""

    customer: str
    url: str
    at: datetime
    who: str
    words: str


def asked(rows: Iterable[Mapping[str, Any]]) -> list[Asking]:
    """What Now shows of the rows that `notes.queries.mentioning` found."""
    return [_asking(**row) for row in rows]


def _asking(
    at: str, event: int, data: Mapping[str, Any], who: str | None, customer: str, public_id: str
) -> Asking:
    drawn = markdown.render(str(data.get("text", ""))[:SHORT], _names(data))
    return Asking(
        customer,
        f"{reverse('desk:customer', args=[public_id])}#event-{event}",
        datetime.fromisoformat(at),
        who or "",
        " ".join(drawn.striptags().split()),
    )


def about(data: Mapping[str, Any]) -> list[str]:
    """Type, how the call went, and what packs ask for, as the event has them."""
    said = [data.get("type"), STATUS.get(str(data.get("call_status", "")) or "-")]
    said += [data.get(detail.key) for detail in note_details]
    return [text for text in said if isinstance(text, str) and text]


def _names(data: Mapping[str, Any]) -> list[str]:
    """Who was mentioned, as they were called when the note was written."""
    said = data.get("mentions")
    rows = said if isinstance(said, list) else []
    found = [row.get("name") for row in rows if isinstance(row, dict)]
    return [name for name in found if isinstance(name, str) and name]

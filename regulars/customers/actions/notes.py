"""Notes: written, edited, pinned and taken back; the event on the timeline says the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from regulars.customers.history.context import writing
from regulars.customers.models import Customer, Note
from regulars.customers.notes import queries
from regulars.customers.notes.facts import LONGEST, NoteFacts, may_change
from regulars.customers.notes.mentions import mentioned
from regulars.lib import clock, names
from regulars.lib.errors import Invalid, NotAllowed
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event

from .rows import rewrite
from .touched import lock, lock_for

if TYPE_CHECKING:
    from regulars.staff.models import User


def add_note(
    customer: Customer,
    facts: NoteFacts,
    *,
    by: User,
    pinned: bool = False,
    happened_at: datetime | None = None,
    origin: str = "",
    besides: Mapping[str, Any] | None = None,
) -> Note:
    """A note and its event; whoever it mentions is asked to look.

    `besides` are further data of the event; the same `origin` is kept once. Raises `Invalid`.
    """
    with writing(by):
        customer = lock(customer)
        known = customer.events.filter(origin=origin).first() if origin else None
        if known is not None:
            return row_of(known, by=by)
        if pinned:
            _check_room(customer)
        told = _named(facts.text, customer, by)
        event = timeline.record(
            customer,
            queries.KIND,
            by=by,
            data={**(besides or {}), **facts.data(), **_said(told)},
            happened_at=happened_at,
            origin=origin,
        )
        note = Note.objects.create(
            event=event,
            customer=customer,
            author=by,
            type=facts.type,
            call_status=facts.call_status,
            details=dict(facts.details),
            text=facts.text,
            pinned_at=clock.now() if pinned else None,
            pinned_by=by if pinned else None,
        )
        timeline.mention(event, told, by=by)
    return note


def edit_note(event: Event, facts: NoteFacts, *, by: User) -> Note:
    """Make the note say this; what it said before stays in its history.

    Nothing happens when nothing differs. Raises `NotAllowed` for a colleague's note, `Invalid`
    for one that was taken back.
    """
    with _held(event, by) as note:
        _check_theirs(note, by)
        if note.is_retracted:
            raise Invalid({"text": "This note was taken back; write a new one"})
        wanted = {
            "text": facts.text,
            "type": facts.type,
            "call_status": facts.call_status,
            "details": dict(facts.details),
        }
        if all(getattr(note, key) == value for key, value in wanted.items()):
            return note
        rewrite(note, {**wanted, "edited_at": clock.now(), "edited_by": by})
        told = _named(facts.text, note.customer, by)
        ours = {"text", "type", "call_status", "mentions", *note.details, *facts.said}
        kept = {key: value for key, value in note.event.data.items() if key not in ours}
        timeline.reword(note.event, data={**kept, **facts.data(), **_said(told)}, by=by)
        timeline.mention(note.event, told, by=by)
        timeline.record(note.customer, "note.edited", by=by)
    return note


def pin_note(event: Event, *, by: User) -> Note:
    """Keep the note above the timeline; nothing happens when it is there. Raises `Invalid`."""
    with _held(event, by) as note:
        if note.is_retracted:
            raise Invalid({"pinned": "This note was taken back"})
        if not note.is_pinned:
            _check_room(note.customer)
            rewrite(note, {"pinned_at": clock.now(), "pinned_by": by})
            timeline.record(note.customer, "note.pinned", by=by)
    return note


def unpin_note(event: Event, *, by: User) -> Note:
    """Back among the others; nothing happens when it is not pinned."""
    with _held(event, by) as note:
        if rewrite(note, {"pinned_at": None, "pinned_by": None}):
            timeline.record(note.customer, "note.unpinned", by=by)
    return note


def retract_note(event: Event, *, by: User) -> Note:
    """Take the words back: a mark stays, and nobody reads them any more, in its history either.

    The table of the history keeps them until the customer is erased. Nothing happens when they
    were. Raises `NotAllowed` for a colleague's note.
    """
    with _held(event, by) as note:
        _check_theirs(note, by)
        if not note.is_retracted:
            gone: dict[str, Any] = {
                "text": "",
                "details": {},
                "pinned_at": None,
                "pinned_by": None,
            }
            rewrite(note, {**gone, "retracted_at": clock.now(), "retracted_by": by})
            note.event.mentions.all().delete()
            timeline.reword(note.event, data={"retracted": True}, by=by)
            timeline.record(note.customer, "note.retracted", by=by)
    return note


def row_of(event: Event, *, by: User) -> Note:
    """The note's row, made from what its event says where it has none yet."""
    found = (
        Note.objects.filter(event=event)
        .select_related("event", "customer__owner", "type", "author")
        .first()
    )
    if found is not None:
        return found
    text = event.data.get("text")
    with writing(by):
        return Note.objects.create(
            event=event,
            customer=event.customer,
            author=event.actor,
            text=(names.lines(text, LONGEST) or text[:LONGEST]) if isinstance(text, str) else "",
        )


@contextmanager
def _held(event: Event, by: User) -> Iterator[Note]:
    """The note under its customer's lock, so that two colleagues take turns."""
    with writing(by):
        lock_for(event)
        yield row_of(event, by=by)


def _check_theirs(note: Note, by: User) -> None:
    if not may_change(note.author, by):
        whose = note.author.name if note.author else "its author"
        raise NotAllowed(f"Only {whose} can change this note.")


def _check_room(customer: Customer) -> None:
    if customer.notes.filter(pinned_at__isnull=False).count() >= queries.PINNED:
        raise Invalid({"pinned": f"{queries.PINNED} notes are pinned already: unpin one first"})


def _named(text: str, customer: Customer, by: User) -> list[User]:
    return mentioned(text, queries.mentionable(by, customer)) if "@" in text else []


def _said(told: Sequence[User]) -> dict[str, Any]:
    if not told:
        return {}
    return {"mentions": [{"id": person.pk, "name": person.name} for person in told]}

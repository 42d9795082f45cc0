"""Reads about notes: those on a page, the pinned ones, what may be chosen, who is asked to look."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, JSONObject

from regulars.customers.models import Customer, Note, NoteType
from regulars.customers.visibility import seers
from regulars.staff.queries import colleagues
from regulars.timeline.models import Event, Mention

if TYPE_CHECKING:
    from regulars.staff.models import User

KIND = "note.added"
PINNED = 5
MENTIONS = 10


def notes(customer: Customer, events: Collection[int], *, pinned: bool = True) -> list[Note]:
    """The rows of these events' notes and, with them, the pinned ones; one statement."""
    wanted = Q(event__in=events)
    if pinned:
        wanted |= Q(pinned_at__isnull=False)
    return list(
        Note.objects.filter(wanted, customer=customer)
        .select_related("event__actor", "type", "author", "pinned_by", "edited_by", "retracted_by")
        .order_by("-pinned_at", "-pk")
    )


def by_event(customer: Customer, events: Iterable[Event]) -> dict[int, Note]:
    """The rows of these events' notes, by event."""
    found = notes(customer, [event.pk for event in events], pinned=False)
    return {note.event_id: note for note in found}


def pinned(found: Iterable[Note]) -> list[Note]:
    """The pinned ones of `notes`, those pinned last first."""
    return [note for note in found if note.is_pinned][:PINNED]


def types() -> list[NoteType]:
    """What a new note may be about."""
    return list(NoteType.objects.filter(retired_at=None))


def mentionable(user: User, customer: Customer) -> list[User]:
    """The colleagues `user` may mention here: those of theirs who see the customer too."""
    people = colleagues(user).filter(pk__in=seers(customer).values("pk"))
    return list(people.exclude(pk=user.pk).select_related(None)[:500])


def mentions(user: User) -> QuerySet[Mention]:
    """What `user` is asked to look at, newest first, as far as they see the customer."""
    seen = Customer.objects.visible_to(user).current()
    return Mention.objects.filter(user=user, seen_at=None, customer__in=seen).order_by("-pk")


def mentioning(user: User) -> Any:
    """The same as rows for a union: id, since when, "asked", and what Now shows of it."""
    said = JSONObject(
        at=Cast("at", CharField()),
        event="event_id",
        data="event__data",
        who="event__actor__name",
        customer="customer__name",
        public_id="customer__public_id",
    )
    named = mentions(user).annotate(part=Value("asked"), said=said)
    return named.values_list("pk", "at", "part", "said")[:MENTIONS]

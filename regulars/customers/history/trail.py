"""A customer's history page: what happened and what was written, told together, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from regulars.customers.merging import telling
from regulars.timeline import pages
from regulars.timeline.kinds import Shelf
from regulars.timeline.models import Event

from . import queries
from .changes import Act, Names, Written, acts
from .parts import parts
from .queries import Asked, Place

if TYPE_CHECKING:
    from regulars.customers.models import Customer
    from regulars.staff.models import User

# What the writing itself tells better: each stands as the heading of its act.
TOLD = (
    "customer.created",
    "customer.changed",
    "customer.tagged",
    "customer.reassigned",
    "customer.archived",
    "customer.restored",
    "customer.merged",
    "customer.unmerged",
)
EVENTS = -1  # where events stand among the parts written at the same moment


@dataclass(frozen=True)
class Entry:
    """An act of writing with the event that tells it, or an event by itself."""

    at: datetime
    event: Event | None = None
    act: Act | None = None

    @property
    def user(self) -> int | None:
        if self.act is not None and self.act.user is not None:
            return self.act.user
        return self.event.actor_id if self.event else None


@dataclass(frozen=True)
class Trail:
    """`last` is where the next page begins, None at the end; `people` wrote at any time."""

    entries: Sequence[Entry]
    last: Place | None
    people: Sequence[int]
    names: Names


def trail(
    customer: Customer,
    viewer: User,
    *,
    shelf: Shelf | None = None,
    part: str = "",
    user: int | None = None,
    after: Place | None = None,
    limit: int = queries.PAGE,
) -> Trail:
    """One page: of a shelf, of one part of the record, or of what one colleague did.

    Four statements, and one or two more for names of other customers; the caller has passed the
    gate.
    """
    keys = [p.key for p in parts().values() if shelf in (None, p.shelf) and part in ("", p.key)]
    written, more = queries.whole(
        customer, Asked(keys, user, after=after, viewer=viewer), limit=limit
    )
    events = [] if part else _events(customer, shelf, user, after, limit)
    telling.name(events, viewer)
    items: list[tuple[Written | Event, Place]] = [
        *written,
        *((event, _place(event)) for event in events[:limit]),
    ]
    items.sort(key=lambda item: _order(item[1]), reverse=True)
    # Behind the last of either there may be more of it: what is older waits for the next page.
    edges = [written[-1][1]] if more else []
    edges += [_place(events[limit - 1])] if len(events) > limit else []
    edge = max(map(_order, edges), default=None)
    kept = [item for item in items if edge is None or _order(item[1]) >= edge]
    written_here = [item for item, _ in kept if isinstance(item, Written)]
    names, people = queries.names_and_people(viewer, written_here, customer)
    entries = _entries(customer, viewer, [item for item, _ in kept], names)
    return Trail(entries, kept[-1][1] if edge else None, people, names)


def _order(place: Place) -> tuple[datetime, int, int]:
    return place.at, place.part, place.row


def _place(event: Event) -> Place:
    return Place(event.happened_at, EVENTS, event.pk)


def _events(
    customer: Customer, shelf: Shelf | None, user: int | None, after: Place | None, limit: int
) -> list[Event]:
    where = ~Q(kind__in=TOLD, act__isnull=False)
    if user is not None:
        where &= Q(actor=user)
    behind = (after.at, after.row if after.part == EVENTS else 2**63 - 1) if after else None
    found = pages.page(customer, shelf=shelf, where=where, after=behind, limit=limit + 1)
    return list(found.items)


def _entries(
    customer: Customer, viewer: User, items: Sequence[Written | Event], names: Names
) -> list[Entry]:
    found = acts([item for item in items if isinstance(item, Written)], parts(), names)
    headings = _headings(customer, found)
    telling.name(headings.values(), viewer)
    spoken = {event.pk for event in headings.values()}
    entries = [Entry(act.at, headings.get(act.key), act) for act in found]
    entries += [
        Entry(item.happened_at, item)
        for item in items
        if isinstance(item, Event) and item.pk not in spoken
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _headings(customer: Customer, found: Iterable[Act]) -> dict[str, Event]:
    """For each act the event that tells it: the record's own, or the only one there is."""
    keys = [act.key for act in found if act.key]
    if not keys:
        return {}
    by_act: dict[str, list[Event]] = {}
    rows = Event.objects.filter(customer=customer, act__in=keys).order_by("pk")
    for event in rows.select_related("actor")[: queries.MOST]:
        by_act.setdefault(str(event.act), []).append(event)
    headings = {}
    for key, events in by_act.items():
        told = [event for event in events if event.kind in TOLD]
        if told or len(events) == 1:
            headings[key] = (told or events)[0]
    return headings

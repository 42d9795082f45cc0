"""Reads of one customer's log: newest first, by shelf or kind, a bounded page at a time."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from regulars.lib.errors import Invalid

from .kinds import Shelf, event_kinds, kind_of
from .models import Event

if TYPE_CHECKING:
    from regulars.customers.models import Customer

PAGE = 50
MOST = 200


class BadCursor(Invalid):
    def __init__(self) -> None:
        super().__init__({"cursor": "This cursor is not one of ours; start from the first page"})


@dataclass(frozen=True)
class EventPage:
    """Events newest first; `next` is the cursor of the older ones, None at the beginning."""

    items: list[Event]
    next: str | None


def page(
    customer: Customer,
    *,
    shelf: str = "",
    kind: str = "",
    cursor: str | None = None,
    down_to: str | None = None,
    limit: int = PAGE,
) -> EventPage:
    """One statement: events older than `cursor`, of one `shelf` or `kind` where given.

    With `down_to` (a cursor too) everything newer than it and itself, so that a page that is
    fetched again still ends where it ended. Raises `Invalid` for an unknown shelf or a cursor
    that is not ours.
    """
    limit = min(max(limit, 1), MOST)
    where = on_shelf(shelf) if shelf else Q()
    if kind:
        where &= Q(kind=kind)
    if cursor:
        at, pk = _read(cursor)
        where &= Q(happened_at__lte=at) & (Q(happened_at__lt=at) | Q(id__lt=pk))
    if down_to:
        at, pk = _read(down_to)
        where &= Q(happened_at__gte=at) & (Q(happened_at__gt=at) | Q(id__gte=pk))
        limit = MOST
    rows = list(
        Event.objects.filter(where, customer=customer)
        .select_related("actor", "answered_by")
        .order_by("-happened_at", "-id")[: limit + 1]
    )
    items = rows[:limit]
    more = len(rows) > limit or (down_to is not None and bool(items))
    return EventPage(items, cursor_of(items[-1]) if more else None)


def on_shelf(shelf: str) -> Q:
    """The kinds of one shelf; one whose pack is gone stands with the customer's."""
    if shelf not in list(Shelf):
        raise Invalid({"shelf": "One of " + ", ".join(Shelf)})
    if shelf == Shelf.CUSTOMER:
        return ~Q(kind__in=[k.key for k in event_kinds if k.shelf != Shelf.CUSTOMER])
    return Q(kind__in=[k.key for k in event_kinds if k.shelf == shelf])


def shelves(kinds: Iterable[str]) -> Mapping[Shelf, int]:
    """How many events of these kinds stand on each shelf."""
    return Counter(kind_of(key).shelf for key in kinds)


def cursor_of(event: Event) -> str:
    raw = json.dumps([event.happened_at.isoformat(), event.pk])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def place_of(cursor: str) -> datetime:
    """When the event behind the cursor happened."""
    return _read(cursor)[0]


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        text, pk = json.loads(raw)
        if not isinstance(text, str) or type(pk) is not int or not 0 < pk < 2**63:
            raise BadCursor
        at = datetime.fromisoformat(text)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise BadCursor from None
    if at.tzinfo is None:
        raise BadCursor
    return at, pk

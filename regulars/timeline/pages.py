"""One page of a customer's timeline, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from .kinds import Shelf, event_kinds, kind_of
from .models import Event

if TYPE_CHECKING:
    from regulars.customers.models import Customer


@dataclass(frozen=True)
class EventPage:
    """`last` is where the next page begins, None at the end."""

    items: Sequence[Event]
    last: Event | None


def page(
    customer: Customer,
    *,
    shelf: Shelf | None = None,
    kind: str = "",
    where: Q | None = None,
    after: tuple[datetime, int] | None = None,
    down_to: tuple[datetime, int] | None = None,
    limit: int = 50,
    beside: Sequence[str] = (),
) -> EventPage:
    """Events with who did and who answered them; one statement. `after` names the last one seen.

    `down_to` names the oldest one wanted, so that what is drawn again ends where it ended.
    `beside` are rows that other rooms keep with an event (`note`), fetched along.
    """
    wanted = Q(customer=customer) & (where or Q())
    if shelf is not None:
        wanted &= on_shelf(shelf)
    if kind:
        wanted &= Q(kind=kind)
    if after is not None:
        at, pk = after
        wanted &= Q(happened_at__lte=at) & (Q(happened_at__lt=at) | Q(pk__lt=pk))
    if down_to is not None:
        at, pk = down_to
        wanted &= Q(happened_at__gte=at) & (Q(happened_at__gt=at) | Q(pk__gte=pk))
    rows = (
        Event.objects.filter(wanted)
        .select_related("actor", "answered_by", *beside)
        .order_by("-happened_at", "-pk")
    )
    found = list(rows[: limit + 1])
    items = found[:limit]
    more = len(found) > limit or (down_to is not None and items)
    return EventPage(items, items[-1] if more else None)


def on_shelf(shelf: Shelf) -> Q:
    """Kinds of packs no longer installed stand on the customer shelf."""
    if shelf is Shelf.CUSTOMER:
        return ~Q(kind__in=[k.key for k in event_kinds if k.shelf is not shelf])
    return Q(kind__in=[k.key for k in event_kinds if k.shelf is shelf])


def shelves(kinds: Iterable[str]) -> Mapping[Shelf, int]:
    """How many events of these kinds stand on each shelf."""
    return Counter(kind_of(key).shelf for key in kinds)

"""Lists and searches of customers: bounded, in one order, starting from the gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import CharField, OuterRef, Q, Subquery
from django.db.models.functions import Cast, JSONObject

from regulars.criteria.sql import Parts
from regulars.timeline.models import Event

from . import walk, ways
from .cards import Card
from .deck import cards as cards
from .finding import MOST as MOST
from .finding import PAGE as PAGE
from .finding import Found as Found
from .finding import find as find
from .finding import parted
from .models import Customer
from .order import order_named
from .searching import Hits as Hits
from .searching import alike as alike
from .searching import search as search
from .spelling import pieces as pieces

if TYPE_CHECKING:
    from regulars.staff.models import User

COUNTED = 1_000


@dataclass(frozen=True)
class Page:
    """One page of cards; `next` is the cursor of the following one, None at the end."""

    items: list[Card]
    next: str | None


def page(
    user: User,
    *,
    where: Q | Parts | None = None,
    sort: str = "recent",
    cursor: str | None = None,
    limit: int = PAGE,
    q: str = "",
    archived: bool = False,
) -> Page:
    """Cards of what `user` may see, fits `where` and the search words `q`, in the order `sort`.

    A fixed number of statements whatever the size. Raises `Invalid` for an unknown sort or a
    foreign cursor.
    """
    here = find(user, where=where, sort=sort, cursor=cursor, limit=limit, q=q, archived=archived)
    return Page(cards(user, here.ids), here.next)


def glance_at(condition: Q) -> Subquery:
    """The latest event that fits, as a card knows it."""
    return Subquery(
        Event.objects.filter(condition, customer=OuterRef("pk"))
        .order_by("-happened_at", "-id")
        .values(
            json=JSONObject(
                id="id",
                kind="kind",
                data="data",
                happened_at=Cast("happened_at", CharField()),
                actor="actor__name",
            )
        )[:1]
    )


@dataclass(frozen=True)
class Count:
    """How many a list holds; `more` when there are, or may be, others that were not looked at."""

    number: int
    more: bool = False


def count(user: User, *, where: Q | Parts | None = None, archived: bool = False) -> Count:
    """Counted to 1,000 at the most, among the rows that one page may look at."""
    order = order_named("recent")
    paths = ways.paths(user, parted(where), order, archived=archived)
    if not paths:
        return Count(0)
    seen = walk.along(paths, order, COUNTED + 1)
    return Count(min(len(seen.rows), COUNTED), more=seen.edge is not None)


def waiting(user: User, *, limit: int = PAGE) -> list[Card]:
    """Cards of everyone who waits and whom `user` may see, the longest first."""
    return page(user, sort="waiting", limit=limit).items


HANDED_OVER = "customer.reassigned"


def own_event(user: User, public_id: UUID, pk: int) -> Event | None:
    """What this colleague did with this customer; whoever has just given them away need not see
    them now."""
    known = Customer.objects.visible_to(user).known_as(public_id).values("pk")
    given = Q(customer__public_id=public_id, kind=HANDED_OVER)
    rows = Event.objects.filter(Q(customer__in=known) | given, actor=user, pk=pk)
    return rows.select_related("customer", "actor").first() if pk < 2**63 else None

"""Lists and searches of customers: bounded, in one order, starting from the gate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import CharField, OuterRef, Q, Subquery
from django.db.models.functions import Cast, JSONObject

from regulars.criteria.sql import Part, Parts
from regulars.timeline.models import Event

from . import found, walk, ways
from .cards import Card
from .deck import cards as cards
from .order import Order, cursor_after, order_named
from .walk import Seen

if TYPE_CHECKING:
    from regulars.staff.models import User

PAGE = 50
MOST = 200
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


@dataclass(frozen=True)
class Found:
    """Row ids of one page in order; `next` is the cursor of the following one."""

    ids: list[int]
    next: str | None


def find(
    user: User,
    *,
    where: Q | Parts | None = None,
    sort: str = "recent",
    cursor: str | None = None,
    limit: int = PAGE,
    q: str = "",
    archived: bool = False,
) -> Found:
    """What `page` shows, as row ids.

    One index is read in order, a bounded number of rows at a time, and what else is asked is
    asked of each row: a page may be short, even empty, and still have a next one. Words that a
    thousand customers or fewer are found by become a list of ids instead.
    """
    order = order_named(sort)
    limit = min(max(limit, 1), MOST)
    wanted = _parts(where)
    if q.strip():
        few = found.by(q)
        if few is not None:
            return _page(_among(user, few, wanted, order, archived, cursor, limit), order, limit)
        wanted = Parts((*wanted.all, Part(found.condition(q))))
    paths = ways.paths(user, wanted, order, archived=archived, cursor=cursor)
    return _page(walk.along(paths, order, limit + 1), order, limit) if paths else Found([], None)


def _parts(where: Q | Parts | None) -> Parts:
    if isinstance(where, Parts):
        return where
    return Parts((Part(where),)) if where else Parts()


def _among(
    user: User,
    ids: Collection[int],
    wanted: Parts,
    order: Order,
    archived: bool,
    cursor: str | None,
    limit: int,
) -> Seen:
    """Those of these ids that are seen and wanted: every one of them looked at."""
    rest = ways.rest(user, wanted, order, archived=archived, cursor=cursor)
    if not ids or rest is None:
        return Seen([])
    return walk.among(ids, rest, order, limit + 1)


def _page(seen: Seen, order: Order, limit: int) -> Found:
    rows = seen.rows[:limit]
    if len(seen.rows) > limit:
        return Found([pk for pk, _ in rows], cursor_after(order, *rows[-1]))
    following = cursor_after(order, *seen.edge) if seen.edge else None
    return Found([pk for pk, _ in rows], following)


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
    paths = ways.paths(user, _parts(where), order, archived=archived)
    if not paths:
        return Count(0)
    seen = walk.along(paths, order, COUNTED + 1)
    return Count(min(len(seen.rows), COUNTED), more=seen.edge is not None)


def waiting(user: User, *, limit: int = PAGE) -> list[Card]:
    """Cards of everyone who waits and whom `user` may see, the longest first."""
    return page(user, sort="waiting", limit=limit).items


def search(user: User, q: str, *, limit: int = 20) -> list[Card]:
    """The customers that `q` finds, newest activity first, visible ones only.

    `q` is a name in any order and with or without accents, an email or its domain, or at least
    four digits that a number begins or ends with.
    """
    if not found.ranges(q):
        return []
    return page(user, q=q, limit=limit).items

"""Lists and searches of customers: bounded, in one order, starting from the gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, JSONObject

from regulars.timeline.models import Event

from . import found
from .cards import Card
from .deck import cards as cards
from .models import Customer
from .order import Order, after, cursor_after, order_named
from .visibility import scopes

if TYPE_CHECKING:
    from regulars.staff.models import User

PAGE = 50
MOST = 200
COUNTED = 1_000
STEPS = (100, 400, 800)  # looked up at a time
WALKED = 2_500  # rows in one statement, over all scopes

Rows = list[tuple[int, Any]]


@dataclass(frozen=True)
class Page:
    """One page of cards; `next` is the cursor of the following one, None at the end."""

    items: list[Card]
    next: str | None


def page(
    user: User,
    *,
    where: Q | None = None,
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
    where: Q | None = None,
    sort: str = "recent",
    cursor: str | None = None,
    limit: int = PAGE,
    q: str = "",
    archived: bool = False,
) -> Found:
    """What `page` shows, as row ids.

    Words that a thousand customers or fewer are found by become a list of ids. More of them are
    looked for along the recency index, a bounded number of rows at a time: a page may then be
    short (even empty) and still have a next one.
    """
    order = order_named(sort)
    limit = min(max(limit, 1), MOST)
    condition = order.needs & (where or Q()) & Q(archived_at__isnull=not archived)
    if cursor:
        condition &= after(order, cursor)
    if q.strip():
        few = found.by(q)
        if few is None:
            return _walk(user, condition, order, limit, q)
        condition &= Q(pk__in=few)
    rows = _rows(user, condition, order, limit + 1)
    return _found(rows[:limit], order, more=len(rows) > limit)


def _found(rows: Rows, order: Order, *, more: bool) -> Found:
    return Found([pk for pk, _ in rows], cursor_after(order, *rows[-1]) if more else None)


def _walk(user: User, condition: Q, order: Order, limit: int, q: str) -> Found:
    """Rows in order, kept when the words find them, until the page is full or enough were seen."""
    kept: Rows = []
    seen: Rows = []
    share = 1.0
    each = WALKED // len(scopes(user) or [None])
    for step in STEPS:
        behind = after(order, cursor_after(order, *seen[-1])) if seen else Q()
        count = min(ceil(step * share), each)
        seen, more = _ahead(user, condition & behind, order, count)
        # Several scopes give more than was asked of each: ask less of them the next time.
        share = count / max(len(seen), count)
        seen, cut = seen[: STEPS[-1]], len(seen) > STEPS[-1]
        hits = found.among([pk for pk, _ in seen], q, most=limit + 1 - len(kept))
        kept += [row for row in seen if row[0] in hits]
        if len(kept) > limit:
            return _found(kept[:limit], order, more=True)
        if not (more or cut):
            return _found(kept, order, more=False)
    return Found([pk for pk, _ in kept], cursor_after(order, *seen[-1]))


def _rows(user: User, condition: Q, order: Order, count: int) -> Rows:
    """The first `count` rows' ids with their place in the order."""
    return _ahead(user, condition, order, count)[0][:count]


def _ahead(user: User, condition: Q, order: Order, count: int) -> tuple[Rows, bool]:
    """The first rows, and whether there are more: `count` at least, where there are as many.

    Each scope is read along its own index as far as `count`; where one of them ended so, the rest
    of the others is not known to come next, and is left out.
    """
    by = [("-" if order.descending else "") + order.column, "-id" if order.descending else "id"]
    conditions = scopes(user)
    rows = Customer.objects.get_queryset().filter(condition).order_by(*by)
    if conditions is not None and not conditions:
        return [], False
    if conditions is None or len(conditions) == 1 or not order.by_scope:
        rows = rows if conditions is None else rows.filter(_any(conditions))
        plain = list(rows.values_list("pk", order.column)[:count])
        return plain, len(plain) == count
    # Sorted here: asked to merge sorted parts, the planner reads a part's whole order rather than
    # sort the few rows that its own index finds.
    parts = [
        rows.filter(c).annotate(scope=Value(n)).values_list("pk", order.column, "scope")[:count]
        for n, c in enumerate(conditions)
    ]
    merged = sorted(
        parts[0].union(*parts[1:], all=True),
        key=lambda row: (row[1], row[0]),
        reverse=order.descending,
    )
    return _sure(merged, count)


def _sure(merged: Sequence[tuple[int, Any, int]], count: int) -> tuple[Rows, bool]:
    """The rows up to where the first scope has given its `count`th."""
    given: Counter[int] = Counter()
    for place, (_, _, scope) in enumerate(merged, 1):
        given[scope] += 1
        if given[scope] == count:
            return [(pk, at) for pk, at, _ in merged[:place]], True
    return [(pk, at) for pk, at, _ in merged], False


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


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


def count(user: User, *, where: Q | None = None, archived: bool = False) -> int:
    """How many the list holds, counted to 1,001 at the most."""
    conditions = scopes(user)
    rows = Customer.objects.get_queryset().filter(
        (where or Q()) & Q(archived_at__isnull=not archived)
    )
    if conditions is not None:
        rows = rows.filter(_any(conditions))
    return rows.order_by()[: COUNTED + 1].count()


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

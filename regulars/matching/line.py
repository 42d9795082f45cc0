"""The line of what is to be decided, the surest first: pairs, and clusters of more than two.

A cluster stands where its weakest link does, and its other pairs do not stand there by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.lib import cursors

from . import queries
from .clusters import Cluster
from .models import Pair
from .relations import Relation
from .webs import Web, web

if TYPE_CHECKING:
    from regulars.staff.models import User

JOINED = (Relation.DUPLICATE, Relation.REVIEW)
READ = 40  # pairs read at once, more than nine of a cluster have
ENDS = ("customer", "other")
ROUNDS = 8  # how often, where none is shown


@dataclass(frozen=True)
class Item:
    """A pair, or the cluster it holds together as its weakest link."""

    pair: Pair
    cluster: Cluster | None = None


@dataclass
class Line:
    """`next` is the cursor behind the last item, None at the end; there may be fewer than asked."""

    kind: str
    items: list[Item] = field(default_factory=list)
    next: str | None = None
    web: Web | None = None


def line(
    user: User, *, kind: str, cursor: str | None = None, limit: int, only_clusters: bool = False
) -> Line:
    """Of one kind; two statements. Raises `BadCursor`."""
    found = Line(kind)
    among = Q(Exists(_neighbours())) if only_clusters else Q()
    for _ in range(ROUNDS):
        page = queries.page(user, relation=kind, among=among, cursor=cursor, limit=READ + limit)
        _fill(found, user, page, limit, only_clusters=only_clusters)
        cursor = found.next
        if found.items or cursor is None:
            break
    return found


def line_from(user: User, pk: int, *, alone: bool, limit: int) -> Line:
    """The same from one pair on, or from the cluster it is in unless it is asked for alone."""
    page = queries.page_from(user, pk, limit=READ + limit)
    first = page.items[0] if page.items else None
    if first is None:
        return Line("")
    found = Line(queries.kind_of(first))
    _fill(found, user, page, limit, first=first, alone=alone)
    return found


def _neighbours() -> QuerySet[Pair]:
    """Pairs of one kind that share a record: others are in no cluster."""
    ends = [Q(**{f"{here}_id": OuterRef(f"{there}_id")}) for here in ENDS for there in ENDS]
    rows = Pair.objects.filter(relation=OuterRef("relation")).exclude(pk=OuterRef("pk"))
    return rows.filter(ends[0] | ends[1] | ends[2] | ends[3]).order_by()


def _fill(
    found: Line, user: User, page: queries.Page, limit: int, *,
    first: Pair | None = None, alone: bool = False, only_clusters: bool = False,
) -> None:  # fmt: skip
    if found.kind in JOINED:
        found.web = web(user, found.kind, page.items)
    for item in _items(found.web, page.items, first, alone=alone):
        if only_clusters and item.cluster is None:
            continue
        if len(found.items) == limit:
            last = found.items[-1].pair
            found.next = cursors.encode(repr(last.score), last.pk)
            return
        found.items.append(item)
    found.next = page.next


def _items(
    found: Web | None, pairs: list[Pair], first: Pair | None, *, alone: bool
) -> Iterator[Item]:
    told: Cluster | None = None
    for pair in pairs:
        cluster = found.around(pair) if found else None
        if pair == first:
            told = None if alone else cluster
            yield Item(pair, told)
        elif cluster is None:
            yield Item(pair)
        elif cluster.weakest.id == pair.pk and cluster is not told:
            yield Item(pair, cluster)

"""Which customers stand on a page of a list: row ids in order, bounded, starting from the gate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from regulars.criteria.sql import Part, Parts

from . import found, walk, ways
from .order import Order, cursor_after, order_named, place
from .walk import Seen

if TYPE_CHECKING:
    from regulars.staff.models import User

PAGE = 50
MOST = 200


@dataclass(frozen=True)
class Found:
    """Row ids of one page in order; `next` is the cursor of the following one.

    `spelled` are the names anybody bears that have a piece in common with the words looked for.
    """

    ids: list[int]
    next: str | None
    spelled: Sequence[str] = ()


def find(
    user: User,
    *,
    where: Q | Parts | None = None,
    sort: str = "recent",
    cursor: str | None = None,
    limit: int = PAGE,
    q: str = "",
    pieces: Sequence[str] = (),
    archived: bool = False,
) -> Found:
    """What `page` shows, as row ids; with the `pieces` of `q` also what is spelled like it.

    One index is read in order, a bounded number of rows at a time, and what else is asked is
    asked of each row: a page may be short, even empty, and still have a next one. Words that few
    are found by become a list of ids instead.
    """
    order = order_named(sort)
    limit = min(max(limit, 1), MOST)
    asked = Asked(user, parted(where), order, archived, cursor, limit)
    if not q.strip():
        return page_of(walked(asked), asked)
    ranges = found.ranges(q)
    looked = found.look(ranges, pieces)
    return replace(page_of(_searched(asked, ranges, looked), asked), spelled=looked.spelled)


@dataclass(frozen=True)
class Asked:
    """One page of a list."""

    user: User
    wanted: Parts
    order: Order
    archived: bool = False
    cursor: str | None = None
    limit: int = PAGE

    def also(self, condition: Q) -> Asked:
        return replace(self, wanted=Parts((*self.wanted.all, Part(condition))))


def walked(asked: Asked) -> Seen:
    order = asked.order
    paths = ways.paths(
        asked.user, asked.wanted, order, archived=asked.archived, cursor=asked.cursor
    )
    return walk.along(paths, order, asked.limit + 1) if paths else Seen([])


def _searched(asked: Asked, ranges: found.Ranges, looked: found.Looked) -> Seen:
    """A few are looked at one by one, else the lately active, and what lies behind is walked."""
    if looked.few is not None:
        return among(asked, looked.few)
    if looked.hot is not None and _is_before(asked, looked.since):
        seen = hot(asked, looked)
        return seen if len(seen.rows) > asked.limit else Seen(seen.rows, (0, looked.since))
    return walked(asked.also(found.condition(ranges)))


def _is_before(asked: Asked, since: datetime | None) -> bool:
    """Whether the page begins among the lately active."""
    if asked.order.key != "recent" or since is None:
        return False
    return not asked.cursor or place(asked.order, asked.cursor)[0] > since


def hot(asked: Asked, looked: found.Looked) -> Seen:
    return among(asked.also(Q(last_activity_at__gte=looked.since)), looked.hot or ())


def parted(where: Q | Parts | None) -> Parts:
    if isinstance(where, Parts):
        return where
    return Parts((Part(where),)) if where else Parts()


def among(asked: Asked, ids: Collection[int]) -> Seen:
    """Those of these ids that are seen and wanted: every one of them looked at.

    Asked even when there is none: the time it takes must not tell of those who are not seen.
    """
    rest = ways.rest(
        asked.user, asked.wanted, asked.order, archived=asked.archived, cursor=asked.cursor
    )
    if rest is None:
        return Seen([])
    return walk.among(ids, rest, asked.order, asked.limit + 1)


def page_of(seen: Seen, asked: Asked) -> Found:
    rows = seen.rows[: asked.limit]
    if len(seen.rows) > asked.limit:
        return Found([pk for pk, _ in rows], cursor_after(asked.order, *rows[-1]))
    following = cursor_after(asked.order, *seen.edge) if seen.edge else None
    return Found([pk for pk, _ in rows], following)

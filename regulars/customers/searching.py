"""The search box: whom the words find, newest activity first, and whom they may have meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Q

from regulars.criteria.sql import Parts
from regulars.lib import names
from regulars.lib.cursors import BadCursor

from . import found, spelling, walk, ways
from .cards import Card
from .deck import cards
from .finding import Asked, Found, among, hot, page_of, parted
from .order import order_named
from .walk import Seen

if TYPE_CHECKING:
    from regulars.staff.models import User

HITS = 20
WALKED = 4_000  # rows looked at for one box, where what is looked for is common


@dataclass(frozen=True)
class Hits:
    """`alike` are the words that were meant, when what was typed finds nobody.

    With fewer items than asked for and a `next`, others lie further back.
    """

    items: list[Card]
    next: str | None = None
    alike: Sequence[str] = ()


def search(user: User, q: str, *, limit: int = HITS, cursor: str | None = None) -> Hits:
    """The customers that `q` finds, newest activity first, visible ones only.

    `q` is a name in any order and with or without accents, an email or its domain, or at least
    four digits that a number begins or ends with. Raises `BadCursor`.
    """
    asked = Asked(user, Parts(), order_named("recent"), limit=limit, cursor=cursor)
    ranges = found.ranges(q)
    if not ranges:
        return Hits([])
    if cursor:
        here = _further(asked, ranges)
        return Hits(cards(user, here.ids, marked=False), here.next)
    looked = found.look(ranges, spelling.pieces(q))
    here = _nearest(asked, ranges, looked)
    if here.ids or here.next:
        return Hits(cards(user, here.ids, marked=False), here.next)
    return _meant(asked, q, looked.spelled)


def alike(
    user: User,
    q: str,
    spelled: Sequence[str],
    *,
    where: Q | Parts | None = None,
    archived: bool = False,
) -> Sequence[str]:
    """The words that were meant, when `q` finds nobody in a list: names of customers in it.

    `spelled` is what `find` found with the `pieces` of `q`.
    """
    asked = Asked(user, parted(where), order_named("recent"), archived, limit=HITS)
    return _meant(asked, q, spelled).alike


def _meant(asked: Asked, q: str, spelled: Sequence[str]) -> Hits:
    # Asked in any case: how long it takes must not tell of words that only others' customers bear.
    alike = spelling.corrected(q, spelled)
    ranges = found.by_name(alike) or found.ranges(q)
    here = _nearest(asked, ranges, found.look(ranges))
    near = cards(asked.user, here.ids, marked=False)
    borne = _borne(alike, near)
    return Hits(near if borne else [], None, borne)


def _borne(alike: Sequence[str], near: Sequence[Card]) -> Sequence[str]:
    """Those that are names of these customers: any other may be of somebody unseen."""
    if len(alike) < 2:
        return alike if near else ()
    borne = [
        f" {names.fold(card.customer.name)} {names.fold(card.customer.company)}" for card in near
    ]
    return [
        said for said in alike if any(all(f" {w}" in name for w in said.split()) for name in borne)
    ]


def _nearest(asked: Asked, ranges: found.Ranges, looked: found.Looked) -> Found:
    if looked.few is not None:
        return page_of(among(asked, looked.few), asked)
    if looked.hot is not None and looked.since is not None:
        here = page_of(hot(asked, looked), asked)
        return here if here.next else Found(here.ids, found.Place(looked.since).cursor())
    return _along(asked, ranges)


def _further(asked: Asked, ranges: found.Ranges) -> Found:
    """What lies behind the lately active, or behind what was walked."""
    try:
        place = found.place(asked.cursor or "")
    except BadCursor:
        return _along(asked, ranges)
    ids, end = found.further(ranges, place)
    cold = replace(asked, cursor=None).also(Q(last_activity_at__lt=place.since))
    here = page_of(among(cold, ids), cold)
    return Found(here.ids, end.cursor() if end else None)


def _along(asked: Asked, ranges: found.Ranges) -> Found:
    """The lists of whoever asks, each row looked at."""
    common = asked.also(found.condition(ranges))
    paths = ways.paths(asked.user, common.wanted, asked.order, cursor=asked.cursor)
    wide = [replace(path, walked=WALKED) for path in paths]
    return page_of(walk.along(wide, asked.order, asked.limit + 1) if wide else Seen([]), asked)

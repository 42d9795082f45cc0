"""How many wait for whoever is asking: asked once for a page, by the rail or by the page itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.http import HttpRequest

from regulars.follow_up import pressing
from regulars.lib import clock
from regulars.staff.models import User
from regulars.timeline.thresholds import ageing

from . import queries
from .queries import Counted, Facts

SHOWN = 99  # the rail says no larger number
_known: WeakKeyDictionary[HttpRequest, Tally] = WeakKeyDictionary()


@dataclass(frozen=True)
class Tally:
    """`waiting` for this user (theirs and nobody's); `late` when one of them waits too long."""

    waiting: int
    late: bool


def know(request: HttpRequest, tally: Tally) -> None:
    """The page has found out by itself; the rail need not ask."""
    _known[request] = tally


def tally(request: HttpRequest, user: User) -> Tally:
    if request not in _known:
        with_counts(request, user, {})
    return _known[request]


def with_counts(
    request: HttpRequest,
    user: User,
    asked: Mapping[str, Counted],
    *,
    beside: Sequence[tuple[str, str, list[Any]]] = (),
) -> dict[str, Any]:
    """The page's own counts and the rail's, and what is asked beside them, in one statement.

    The rail also counts tasks: whoever asks for one asks for both.
    """
    late_before = clock.now() - ageing().orange_for
    mine: list[Facts] = [{"owner": user.pk}, {"owner": None}]
    found = queries.counts(
        user,
        {
            **asked,
            "_waiting": Counted([{**facts, "waits": True} for facts in mine], SHOWN),
            "_late": Counted([{**facts, "late_before": late_before} for facts in mine], 0),
        },
        beside=[*beside, *([] if pressing.is_known(request) else [pressing.asked(user)])],
    )
    if pressing.NAME in found:
        pressing.know(request, found.pop(pressing.NAME))
    know(request, Tally(found.pop("_waiting"), found.pop("_late") > 0))
    return found

"""The pairs to decide, as a colleague may see them: both or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from regulars.customers.models import Customer
from regulars.lib import clock, cursors

from .models import Pair, Run

if TYPE_CHECKING:
    from regulars.staff.models import User


def visible(user: User) -> QuerySet[Pair]:
    """Undecided pairs of customers in use that `user` may see, the surest first."""
    seen = Customer.objects.visible_to(user).current()
    now = clock.now()
    return (
        Pair.objects.filter(customer__in=seen, other__in=seen)
        .filter(Q(later_until=None) | Q(later_until__lte=now))
        .order_by("-score", "-id")
    )


MOST = 100


def certain(user: User) -> QuerySet[Pair]:
    """Those beyond doubt."""
    return visible(user).filter(certain=True)


def last_search() -> datetime | None:
    """When everything was looked through last, or what changed."""
    ended = Run.objects.exclude(ended_at=None).order_by("-ended_at")
    return ended.values_list("ended_at", flat=True).first()


@dataclass(frozen=True)
class Page:
    """`next` is the cursor of the page behind this one, None on the last."""

    items: list[Pair]
    next: str | None


def page(
    user: User,
    *,
    least: float | None = None,
    relation: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """One page of pairs by falling score. Raises `BadCursor`."""
    found = visible(user).select_related("customer", "other")
    if least is not None:
        found = found.filter(score__gte=least)
    if relation:
        found = found.filter(relation=relation)
    if cursor:
        score, pk = cursors.decode(cursor, str, int)
        try:
            at = float(score)
        except ValueError:
            raise cursors.BadCursor from None
        found = found.filter(score__lte=at).filter(Q(score__lt=at) | Q(pk__lt=pk))
    rows = list(found[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, cursors.encode(repr(rows[-1].score), rows[-1].pk) if more else None)

"""Households and what was done about them, as a colleague may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from regulars.lib import cursors

from .models import Customer, Household, HouseholdChange, HouseholdMove

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST = 10


def homes_seen(user: User) -> QuerySet[Household]:
    """Households in which the user sees somebody."""
    seen = Customer.objects.visible_to(user).filter(household=OuterRef("pk"))
    return Household.objects.filter(Exists(seen))


def changes_seen(user: User) -> QuerySet[HouseholdChange]:
    """What was done to somebody the user sees, the newest first; with those of its lines."""
    lines = _lines(user)
    found = HouseholdChange.objects.filter(Exists(lines.filter(change=OuterRef("pk"))))
    told: Any = Prefetch("moves", lines.select_related("customer"), "seen")
    return found.select_related("by", "undone_by").prefetch_related(told).order_by("-pk")


def _lines(user: User) -> QuerySet[HouseholdMove]:
    return HouseholdMove.objects.filter(customer__in=Customer.objects.visible_to(user))


def of_customer(user: User, customer: Customer) -> list[HouseholdChange]:
    """The latest about this customer, whom the user sees; at most ten, in two statements."""
    return list(changes_seen(user).filter(moves__customer=customer).distinct()[:MOST])


@dataclass(frozen=True)
class Page:
    items: list[HouseholdChange]
    next: str | None


def page(user: User, *, customer: UUID | None, cursor: str | None, limit: int) -> Page:
    """What was done, the newest first. Raises `BadCursor`."""
    found = changes_seen(user)
    if customer is not None:
        of = Customer.objects.visible_to(user).known_as(customer)
        found = found.filter(pk__in=_lines(user).filter(customer__in=of).values("change"))
    if cursor:
        (pk,) = cursors.decode(cursor, int)
        found = found.filter(pk__lt=pk)
    rows = list(found[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    return Page(rows, cursors.encode(rows[-1].pk) if more else None)


def moved(change: HouseholdChange) -> list[Customer]:
    """Who of those the reader sees lives elsewhere by it, or whom it was about."""
    lines = change.seen
    return [one.customer for one in lines if one.before != one.after] or [
        one.customer for one in lines
    ]


def living_in(user: User, households: Sequence[int]) -> dict[int, list[Customer]]:
    """Who of those the user sees lives in these; one statement."""
    found: dict[int, list[Customer]] = {pk: [] for pk in households}
    rows = Customer.objects.visible_to(user).filter(Q(household__in=households)).order_by("pk")
    for row in rows.select_related("household") if households else ():
        found[row.household_id or 0].append(row)
    return found

"""Reads about colleagues that several faces share."""

from datetime import datetime
from typing import TypeVar

from django.db.models import Count, Prefetch, Q, QuerySet

from regulars.lib import cursors

from .models import ONLINE_FOR, Sees, Store, Team, User

Row = TypeVar("Row", User, Store, Team)


def colleagues(user: User) -> QuerySet[User]:
    """The active colleagues a user may hand customers to: their store's, or everybody's."""
    people = User.objects.filter(is_active=True).select_related("role", "team", "store")
    if user.role.sees != Sees.ALL and user.store_id:
        people = people.filter(store=user.store_id)
    return people.order_by("name", "pk")


def everybody() -> QuerySet[User]:
    """All colleagues, the disabled ones last."""
    return User.objects.select_related("role", "team", "store").order_by("-is_active", "name", "pk")


def online(now: datetime) -> QuerySet[User]:
    return User.objects.filter(is_active=True, last_seen_at__gte=now - ONLINE_FOR).order_by("name")


def demo_people() -> QuerySet[User]:
    """Whom the sign-in page offers in demo mode."""
    return (
        User.objects.filter(is_active=True, email__endswith="@demo.example")
        .select_related("role", "team", "store")
        .order_by("pk")
    )


def stores_with_teams() -> QuerySet[Store]:
    """Stores with their teams and how many active people each has (`people`)."""
    working = Count("users", filter=Q(users__is_active=True))
    teams = Team.objects.annotate(people=working).order_by("name")
    return (
        Store.objects.annotate(people=working)
        .prefetch_related(Prefetch("teams", queryset=teams))
        .order_by("name")
    )


def after(rows: QuerySet[Row], cursor: str | None, limit: int) -> tuple[list[Row], str | None]:
    """A page of rows in the order they were added, and the cursor of the next one.

    Raises `BadCursor` for one that is not ours.
    """
    if cursor:
        rows = rows.filter(pk__gt=cursors.row(cursor.removeprefix("after-")))
    found = list(rows.order_by("pk")[: limit + 1])
    items = found[:limit]
    return items, f"after-{items[-1].pk}" if len(found) > limit else None

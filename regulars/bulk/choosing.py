"""The customers of a selection, as of now, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from psycopg.errors import QueryCanceled

from regulars.criteria import english, sql, url
from regulars.criteria.fields import Asking
from regulars.criteria.language import CriteriaError
from regulars.customers import found
from regulars.customers.models import Customer, SearchTerm
from regulars.customers.visibility import CustomerQuerySet
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff.time_zones import zone_of

from .selection import Selection

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST_IDS = 10_000
LOOKED_AT = 200_000
"""So many are looked at, or written down, while somebody waits."""
COUNTING = "2s"


def ids_of(given: Sequence[str], field: str = "ids") -> tuple[str, ...]:
    """Public ids, each once. Raises `Invalid` for more than ten thousand, or what is no id."""
    if len(given) > MOST_IDS:
        raise Invalid({field: f"At most {MOST_IDS:,} customers by id; use a filter for more"})
    wanted = []
    for n, one in enumerate(given):
        try:
            wanted.append(str(UUID(one)))
        except ValueError:
            raise Invalid({f"{field}.{n}": "This is not the id of a customer"}) from None
    return tuple(dict.fromkeys(wanted))


def asking_of(user: User) -> Asking:
    """What `me` and `today` mean for this colleague, as on the list they chose from."""
    return Asking(user, clock.now(), zone_of(user))


def rows(selection: Selection, user: User) -> CustomerQuerySet:
    """The customers chosen that `user` may see. Raises `Invalid` for an unreadable filter."""
    seen = Customer.objects.visible_to(user)
    if not selection.all_of_them:
        return seen.among(selection.ids)
    asking = asking_of(user)
    try:
        read, q = url.read_both(selection.filter, selection.q, asking)
        where = sql.q(read, asking)
    except CriteriaError as error:
        raise Invalid({error.parameter or "filter": str(error.placed(error.at))}) from None
    chosen = seen.filter(where, archived_at__isnull=not selection.archived)
    if selection.after:
        chosen = chosen.filter(pk__gt=selection.after)
    if q.strip():
        chosen = chosen.filter(pk__in=_found_by(q))
    return chosen.exclude(public_id__in=selection.but) if selection.but else chosen


@dataclass(frozen=True)
class Count:
    """How many; `more` says that there are more still, which would take too long to count."""

    of: int
    more: bool = False


def count(selection: Selection, user: User) -> Count:
    """How many are chosen: exactly up to `LOOKED_AT`, and as far as two seconds go beyond."""
    chosen = rows(selection, user).order_by()
    few = chosen.values("pk")[: LOOKED_AT + 1].count()
    return Count(few) if few <= LOOKED_AT else count_many(chosen)


def count_many(chosen: CustomerQuerySet) -> Count:
    """The same of those of whom there are more than `LOOKED_AT`."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [COUNTING])
            counted = chosen.count()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return Count(LOOKED_AT, more=True)
        raise
    return Count(counted)


def _found_by(q: str) -> Any:
    within = Q(pk__in=[])
    for low, high in found.ranges(q):
        within |= Q(term__gte=low, term__lt=high)
    return SearchTerm.objects.filter(within).values("customer_id")


def said(selection: Selection, user: User) -> str:
    """In words: “All that are waiting, owner me”; "" for those that were ticked."""
    if not selection.all_of_them:
        return ""
    asking = asking_of(user)
    try:
        read, q = url.read_both(selection.filter, selection.q, asking)
        words = english.sentence(read, asking)
    except CriteriaError:
        return ""
    more = f", found by “{q.strip()}”" if q.strip() else ""
    put_away = ", archived" if selection.archived else ""
    return f"{words}{more}{put_away}"[:500]

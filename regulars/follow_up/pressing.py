"""How many of one's own tasks are due by tonight: for the rail, in the statement it asks anyway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from regulars.customers import limits
from regulars.customers.models import Customer
from regulars.customers.visibility import scopes
from regulars.lib import clock
from regulars.staff.models import User

from .due import OVER_AFTER

if TYPE_CHECKING:
    from django.db.models import Q

COUNTED = 99  # the rail says no larger number
NAME = "_pressing"
_known: WeakKeyDictionary[HttpRequest, Pressing] = WeakKeyDictionary()

# Written by hand: it stands in every page, and composing it took longer than asking it. What is
# due by tonight is overdue or due today; one number, negative when something is overdue.
PRESSING = """(
  SELECT count(*) * CASE WHEN bool_or(due_at < %s OR due_on < %s) THEN -1 ELSE 1 END FROM (
    SELECT t.due_at, t.due_on FROM follow_up_task t
    JOIN customers_customer c ON c.id = t.customer_id
    WHERE t.assignee_id = %s AND t.state = 'todo' AND t.due_by < %s
      AND (t.due_at < %s OR t.due_on <= %s) AND c.archived_at IS NULL AND {seen}
    ORDER BY t.due_by LIMIT {most}
  ) due
)"""
COLUMNS = {"owner": "c.owner_id", "store": "c.store_id"}


@dataclass(frozen=True)
class Pressing:
    """`count` goes to 99; `late` when one of them is overdue."""

    count: int
    late: bool


def asked(user: User) -> tuple[str, str, list[Any]]:
    """What to ask of the database beside something else: a name, an expression, its values."""
    now, zone = clock.now(), timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    tonight = datetime.combine(today + timedelta(days=1), time(), zone).astimezone(UTC)
    seen, values = _seen(user)
    expression = PRESSING.format(seen=seen, most=COUNTED)
    latest = tonight + OVER_AFTER
    return NAME, expression, [now, today, user.pk, latest, tonight, today, *values]


def _seen(user: User) -> tuple[str, list[Any]]:
    """The one gate, `visible_to`, about the customer `c`."""
    if limits.parts_of(user).q:
        sql, params = Customer.objects.visible_to(user).values("pk").query.sql_with_params()
        return f"c.id IN ({sql})", list(params)
    conditions = scopes(user)
    if conditions is None:
        return "true", []
    values: list[Any] = []
    parts = [_said(scope, values) for scope in conditions]
    return f"({' OR '.join(parts)})" if parts else "false", values


def _said(scope: Q, values: list[Any]) -> str:
    """One scope: an owner and a store, or nobody's."""
    tests = []
    for child in scope.children:
        column, value = child  # type: ignore[misc]
        tests.append(f"{COLUMNS[str(column)]} {'IS NULL' if value is None else '= %s'}")
        values += [] if value is None else [value]
    return f"({' AND '.join(tests)})"


def know(request: HttpRequest, found: int) -> None:
    """What the database said to `asked`."""
    _known[request] = Pressing(abs(found), found < 0)


def is_known(request: HttpRequest) -> bool:
    return request in _known


def pressing(request: HttpRequest, user: User) -> Pressing:
    if request not in _known:
        _, expression, values = asked(user)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {expression}", values)
            know(request, cursor.fetchone()[0])
    return _known[request]

"""What is due and for whom: lists of tasks, each a bounded page along an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q

from regulars.lib import cursors

from .due import OVER_AFTER, When
from .facts import TaskFacts
from .models import State, Task, TaskQuerySet

if TYPE_CHECKING:
    from regulars.customers.models import Customer
    from regulars.staff.models import User

EACH = 25  # of one section where all of them stand
PAGE = 50
UNDATED = "undated-"  # where a cursor goes on among those without a date
RELATED = ("customer", "customer__owner", "assignee", "done_by", "created_by")


class Whose(StrEnum):
    MINE = "mine"
    TEAM = "team"
    ALL = "all"


def has_already(facts: TaskFacts) -> Q:
    """Customers who have this very task open."""
    same = {
        "title": facts.title,
        "kind": facts.kind,
        "due_on": facts.due.on,
        "due_at": facts.due.at,
    }
    there = Task.objects.open().filter(customer=OuterRef("pk"))
    said = {k: v for k, v in same.items() if v is not None}
    empty = {f"{k}__isnull": True for k, v in same.items() if v is None}
    return Q(Exists(there.filter(**said, **empty)))


def standing(when: When, now: datetime, zone: tzinfo) -> Q:
    """Tasks whose `Due` stands like this; the bounds of `due_by` are there for its index."""
    if when is When.NO_DATE:
        return Q(due_by=None)
    today = now.astimezone(zone).date()
    tomorrow = datetime.combine(today + timedelta(days=1), time(), zone).astimezone(UTC)
    last = max(now, tomorrow) + OVER_AFTER
    if when is When.OVERDUE:
        return Q(due_by__lt=last) & (Q(due_at__lt=now) | Q(due_on__lt=today))
    if when is When.TODAY:
        moment = Q(due_at__gte=now, due_at__lt=tomorrow)
        return Q(due_by__gte=now, due_by__lt=last) & (moment | Q(due_on=today))
    return Q(due_by__gte=now) & (Q(due_at__gte=tomorrow) | Q(due_on__gt=today))


@dataclass(frozen=True)
class Asked:
    """Which tasks: whose, in which state, of one customer, of one section; from where on."""

    whose: Whose = Whose.ALL
    state: str = State.TODO
    customer: Customer | None = None
    when: When | None = None
    cursor: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_one_list(self) -> bool:
        return self.when is not None or self.state != State.TODO


def asked_for(user: User, asked: Asked) -> TaskQuerySet:
    """All of them, in no order. Those of customers who were put away do not press anybody."""
    rows = Task.objects.visible_to(user).filter(state=asked.state, **asked.more)
    if asked.customer is not None:
        return rows.filter(customer=asked.customer)
    rows = rows.filter(customer__archived_at=None)
    if asked.whose is Whose.MINE:
        return rows.filter(assignee=user)
    if asked.whose is Whose.TEAM:
        return rows.filter(Q(assignee__in=mates(user)) | Q(assignee=None))
    return rows


def mates(user: User) -> list[int]:
    known: list[int] = getattr(user, "team_ids", None) or []
    return sorted({user.pk, *known})


def sections(user: User, asked: Asked, now: datetime, zone: tzinfo) -> dict[When, list[Task]]:
    """The first tasks of every section, one more than are shown; in one statement."""
    rows = asked_for(user, asked)
    parts = [
        rows.filter(standing(when, now, zone)).order_by("due_by", "pk").values("pk")[: EACH + 1]
        for when in When
    ]
    ids = parts[0].union(*parts[1:], all=True)
    tasks = Task.objects.filter(pk__in=ids).select_related(*RELATED)
    found: dict[When, list[Task]] = {when: [] for when in When}
    for task in tasks.order_by("due_by", "pk"):
        found[task.due.stands(now, zone)].append(task)
    return found


def one_list(
    user: User, asked: Asked, now: datetime, zone: tzinfo, limit: int = PAGE
) -> tuple[list[Task], str]:
    """A page of one section, or of what is done or put away; and the cursor of the next page.

    Raises `BadCursor`.
    """
    rows = asked_for(user, asked).select_related(*RELATED)
    if asked.state == State.TODO:
        if asked.when is not None:
            rows = rows.filter(standing(asked.when, now, zone))
        return _by_due(rows, asked, limit)
    if asked.state == State.DONE:
        return _by_done(rows, asked.cursor, limit)
    return _newest(rows, asked.cursor, limit)


def _by_due(rows: TaskQuerySet, asked: Asked, limit: int) -> tuple[list[Task], str]:
    """What has a date first, by it; then what has none."""
    dated = rows.filter(due_by__isnull=False)
    undated = rows.filter(due_by=None)
    found: list[Task] = []
    if asked.cursor.startswith(UNDATED):
        undated = undated.filter(pk__gt=cursors.decode(asked.cursor.removeprefix(UNDATED), int)[0])
    elif asked.cursor and asked.when is When.NO_DATE:
        raise cursors.BadCursor
    elif asked.when is not When.NO_DATE:
        if asked.cursor:
            at, pk = cursors.decode(asked.cursor, datetime, int)
            dated = dated.filter(Q(due_by__gte=at) & (Q(due_by__gt=at) | Q(pk__gt=pk)))
        found = list(dated.order_by("due_by", "pk")[: limit + 1])
    if len(found) <= limit and asked.when in (None, When.NO_DATE):
        found += undated.order_by("pk")[: limit + 1 - len(found)]
    if len(found) <= limit:
        return found, ""
    last = found[limit - 1]
    if last.due_by is None:
        return found[:limit], UNDATED + cursors.encode(last.pk)
    return found[:limit], cursors.encode(last.due_by, last.pk)


def _by_done(rows: TaskQuerySet, cursor: str, limit: int) -> tuple[list[Task], str]:
    if cursor:
        at, pk = cursors.decode(cursor, datetime, int)
        rows = rows.filter(Q(done_at__lte=at) & (Q(done_at__lt=at) | Q(pk__lt=pk)))
    found = list(rows.order_by(F("done_at").desc(), "-pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], cursors.encode(last.done_at, last.pk) if last and last.done_at else ""


def _newest(rows: TaskQuerySet, cursor: str, limit: int) -> tuple[list[Task], str]:
    if cursor:
        rows = rows.filter(pk__lt=cursors.decode(cursor, int)[0])
    found = list(rows.order_by("-pk")[: limit + 1])
    return found[:limit], cursors.encode(found[limit - 1].pk) if len(found) > limit else ""

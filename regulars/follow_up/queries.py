"""What is due and for whom: lists of tasks, each a bounded page along an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from regulars.lib import cursors

from .due import OVER_AFTER, When
from .facts import TaskFacts
from .models import State, Task, TaskQuerySet
from .reading import Line, along, whom

if TYPE_CHECKING:
    from regulars.customers.models import Customer
    from regulars.staff.models import User

EACH = 25  # of one section where all of them stand
PAGE = 50
LOOKED_AT = 1_600  # tasks in one request
MATES = 24  # whose lists are each read by themselves
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
    bounds = _bounds(when, now, zone)
    today, tomorrow = _days(now, zone)
    if when is When.OVERDUE:
        return bounds & (Q(due_at__lt=now) | Q(due_on__lt=today))
    if when is When.TODAY:
        return bounds & (Q(due_at__gte=now, due_at__lt=tomorrow) | Q(due_on=today))
    if when is When.UPCOMING:
        return bounds & (Q(due_at__gte=tomorrow) | Q(due_on__gt=today))
    return bounds


def _bounds(when: When, now: datetime, zone: tzinfo) -> Q:
    """Where in the index of `due_by` all of them are, with a few others."""
    if when is When.NO_DATE:
        return Q(due_by=None)
    last = max(now, _days(now, zone)[1]) + OVER_AFTER
    if when is When.OVERDUE:
        return Q(due_by__lt=last)
    return Q(due_by__gte=now, due_by__lt=last) if when is When.TODAY else Q(due_by__gte=now)


def _days(now: datetime, zone: tzinfo) -> tuple[date, datetime]:
    """Today, and when it ends."""
    today = now.astimezone(zone).date()
    return today, datetime.combine(today + timedelta(days=1), time(), zone).astimezone(UTC)


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


def lines(asked: Asked, user: User) -> list[TaskQuerySet]:
    """All of them in parts that an index serves; whoever may not see them sees none of it."""
    rows = Task.objects.get_queryset().filter(state=asked.state, **asked.more)
    if asked.customer is not None:
        return [rows.filter(customer=asked.customer)]
    if asked.whose is Whose.MINE:
        return [rows.filter(assignee=user)]
    if asked.whose is Whose.TEAM:
        if _is_large_team(asked, user):
            return [rows]
        return [rows.filter(assignee=mate) for mate in (*mates(user), None)]
    return [rows]


def _is_large_team(asked: Asked, user: User) -> bool:
    return asked.customer is None and asked.whose is Whose.TEAM and len(mates(user)) > MATES


def _theirs(asked: Asked, user: User) -> Q:
    """What is asked of each of the `lines`: whose it is, where the team is large.

    A list for each of a hundred colleagues takes the database longer to plan than to read.
    """
    if not _is_large_team(asked, user):
        return Q()
    return Q(assignee__in=mates(user)) | Q(assignee=None)


def mates(user: User) -> list[int]:
    known: list[int] = getattr(user, "team_ids", None) or []
    return sorted({user.pk, *known})


@dataclass(frozen=True)
class Section:
    """The first tasks of a section; `goes_on` when there are, or may be, others."""

    tasks: list[Task]
    goes_on: bool = False


def sections(user: User, asked: Asked, now: datetime, zone: tzinfo) -> dict[When, Section]:
    """The beginning of every section."""
    parts, theirs = lines(asked, user), _theirs(asked, user)
    each = [
        Line(
            [p.filter(_bounds(w, now, zone)) for p in parts],
            "due_by",
            stands=standing(w, now, zone) & theirs,
        )
        for w in When
    ]
    found = along(each, _whom(user, asked), EACH + 1, LOOKED_AT // len(each))
    tasks = _tasks([pk for seen in found for pk in seen.ids])
    return {
        when: Section(
            [tasks[pk] for pk in seen.first(EACH).ids if pk in tasks], seen.edge is not None
        )
        for when, seen in zip(When, found, strict=True)
    }


def _whom(user: User, asked: Asked) -> Q | None:
    """Those of customers who were put away do not press anybody."""
    return whom(user, archived=asked.customer is not None)


def _tasks(ids: Sequence[int]) -> dict[int, Task]:
    return Task.objects.get_queryset().select_related(*RELATED).in_bulk(ids) if ids else {}


def one_list(
    user: User, asked: Asked, now: datetime, zone: tzinfo, limit: int = PAGE
) -> tuple[list[Task], str]:
    """A page of one section, or of what is done or put away; and the cursor of the next page.

    A page may hold less than `limit`, or nothing, and still go on. Raises `BadCursor`.
    """
    if asked.state == State.TODO:
        ids, after = _by_due(user, asked, now, zone, limit)
    elif asked.state == State.DONE:
        ids, after = _by_done(user, asked, limit)
    else:
        ids, after = _newest(user, asked, limit)
    tasks = _tasks(ids)
    return [tasks[pk] for pk in ids if pk in tasks], after


def _page(
    user: User, asked: Asked, line: Line, limit: int
) -> tuple[list[int], tuple[Any, int] | None]:
    """The ids of a page, and the row it ends with when there are, or may be, others."""
    (seen,) = along([line], _whom(user, asked), limit + 1, LOOKED_AT)
    page = seen.first(limit)
    return page.ids, page.edge


def _by_due(
    user: User, asked: Asked, now: datetime, zone: tzinfo, limit: int
) -> tuple[list[int], str]:
    """What has a date first, by it; then what has none."""
    parts, theirs = lines(asked, user), _theirs(asked, user)
    found: list[int] = []
    of_undated = asked.cursor.startswith(UNDATED)
    is_undated = asked.when is When.NO_DATE or of_undated
    if asked.cursor and asked.when is not None and of_undated != (asked.when is When.NO_DATE):
        raise cursors.BadCursor
    if not is_undated:
        behind = Q(due_by__isnull=False)
        if asked.when is not None:
            behind &= _bounds(asked.when, now, zone)
        if asked.cursor:
            at, pk = cursors.decode(asked.cursor, datetime, int)
            behind &= Q(due_by__gte=at) & (Q(due_by__gt=at) | Q(pk__gt=pk))
        stands = standing(asked.when, now, zone) if asked.when is not None else Q()
        dated = Line([part.filter(behind) for part in parts], "due_by", stands=stands & theirs)
        found, edge = _page(user, asked, dated, limit)
        if edge is not None:
            return found, cursors.encode(*edge)
        if asked.when is not None:
            return found, ""
    behind = Q(due_by=None)
    if is_undated and asked.cursor:
        behind &= Q(pk__gt=cursors.decode(asked.cursor.removeprefix(UNDATED), int)[0])
    rest = Line([part.filter(behind) for part in parts], "due_by", stands=theirs)
    if len(found) == limit:
        more, edge = _page(user, asked, rest, 1)
        return found, UNDATED + cursors.encode(0) if more or edge else ""
    more, edge = _page(user, asked, rest, limit - len(found))
    return [*found, *more], UNDATED + cursors.encode(edge[1]) if edge else ""


def _by_done(user: User, asked: Asked, limit: int) -> tuple[list[int], str]:
    behind = Q()
    if asked.cursor:
        at, pk = cursors.decode(asked.cursor, datetime, int)
        behind = Q(done_at__lte=at) & (Q(done_at__lt=at) | Q(pk__lt=pk))
    parts = [part.filter(behind) for part in lines(asked, user)]
    ids, edge = _page(
        user, asked, Line(parts, "done_at", descending=True, stands=_theirs(asked, user)), limit
    )
    return ids, cursors.encode(*edge) if edge else ""


def _newest(user: User, asked: Asked, limit: int) -> tuple[list[int], str]:
    behind = Q(pk__lt=cursors.decode(asked.cursor, int)[0]) if asked.cursor else Q()
    parts = [part.filter(behind) for part in lines(asked, user)]
    ids, edge = _page(
        user, asked, Line(parts, "id", descending=True, stands=_theirs(asked, user)), limit
    )
    return ids, cursors.encode(edge[1]) if edge else ""

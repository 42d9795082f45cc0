"""Reading tasks along an index, a bounded number at a time, keeping those of customers one sees.

Which customers are seen is asked of each task by itself, as `customers.walk` does: joined as a
whole, a page of fifty reads every task there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Q, Value, When

from regulars.customers import limits, walk
from regulars.customers.visibility import any_of, scopes

from .models import TaskQuerySet

if TYPE_CHECKING:
    from regulars.staff.models import User

ALONG = """(SELECT {part} AS part, n, task, key, fits FROM (
  SELECT w.task, w.key, w.stands AND f.fits AS fits, row_number() OVER () AS n
  FROM ({rows}) w(task, key, id, stands), LATERAL ({check}) f(fits)
) r WHERE fits OR n = {most} LIMIT {count})"""

# Each part is ordered already: of every one no more is read than is looked at of all.
MERGED = (
    "SELECT * FROM ({parts}) m(task, key, id, stands) ORDER BY key {way}, task {way} LIMIT {most}"
)


@dataclass(frozen=True)
class Line:
    """One list: `parts` follow an index in the order of `by` and the id, and do not overlap.

    `stands` must still hold of each task.
    """

    parts: Sequence[TaskQuerySet]
    by: str
    descending: bool = False
    stands: Q = Q()  # noqa: RUF009 - nobody changes it


@dataclass(frozen=True)
class Seen:
    """Those that fit, as (key, id) in order; `edge` is where it goes on, None at the end of all."""

    rows: list[tuple[Any, int]]
    edge: tuple[Any, int] | None = None

    @property
    def ids(self) -> list[int]:
        return [pk for _, pk in self.rows]

    def first(self, count: int) -> Seen:
        """The first of them; the last of those is where it goes on."""
        return Seen(self.rows[:count], self.rows[count - 1]) if len(self.rows) > count else self


def whom(user: User, *, archived: bool) -> Q | None:
    """What must hold of the customer of each task; None where `user` sees nobody."""
    allowed = scopes(user)
    if allowed is not None and not allowed:
        return None
    among = any_of(allowed) if allowed else Q()
    return among & limits.parts_of(user).q & (Q() if archived else Q(archived_at=None))


def along(lines: Sequence[Line], seen: Q | None, count: int, most: int) -> list[Seen]:
    """The first `count` of each line, among the first `most` tasks of it. One statement."""
    if seen is None:
        return [Seen([])] * len(lines)
    most = walk.bounded(seen, most)
    try:
        check, checked = walk.look(seen)
    except EmptyResultSet:
        return [Seen([])] * len(lines)
    texts: list[str] = []
    given: list[Any] = []
    for n, line in enumerate(lines):
        rows, params = _rows(line, most)
        texts.append(ALONG.format(part=n, rows=rows, check=check, most=most, count=count))
        given += [*params, *checked]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), given)
        found = cursor.fetchall()
    return [
        _seen([row[1:] for row in found if row[0] == n], most, count) for n in range(len(lines))
    ]


def _rows(line: Line, most: int) -> tuple[str, list[Any]]:
    way = "-" if line.descending else ""
    fits = Case(When(line.stands, then=Value(True)), default=Value(False)) if line.stands else (
        Value(True)
    )  # fmt: skip
    texts: list[str] = []
    given: list[Any] = []
    for part in line.parts:
        rows = part.order_by(way + line.by, f"{way}id").annotate(stands=fits)
        columns = rows.values_list("pk", line.by, "customer_id", "stands")
        text, params = columns[:most].query.sql_with_params()
        texts.append(text)
        given += params
    if len(texts) == 1:
        return texts[0], given
    parts = " UNION ALL ".join(f"({text})" for text in texts)
    return MERGED.format(parts=parts, way="DESC" if line.descending else "ASC", most=most), given


def _seen(rows: Sequence[tuple[int, int, Any, bool]], most: int, count: int) -> Seen:
    """From rows of (how many before, task, key, fits)."""
    if not rows:
        return Seen([])
    n, task, key, _ = rows[-1]
    goes_on = n == most or len(rows) == count
    return Seen([(key, pk) for _, pk, key, fits in rows if fits], (key, task) if goes_on else None)

"""Reading customers along an index, a bounded number of rows at a time, keeping those who fit.

What fits is asked of each row by itself, whatever the planner thinks of the numbers: joined to a
large table as a whole, the same condition reads a hundred thousand rows for a page of fifty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Exists, Q, QuerySet, Value, When
from django.db.models.expressions import NegatedExpression, RawSQL

from regulars.timeline.models import Event

from .models import Customer
from .order import Order
from .visibility import owner_of

WALKED = 1_500  # rows looked at in one request, over all indexes that are read
LONGER = 3  # so many times fewer where several rows are read for each of them
FEW = 400  # rows of an index that are read whole rather than in order

Rows = list[tuple[int, Any]]

# Numbered as they come, so that the last row looked at is answered too, whether it fits or not.
ALONG = """(SELECT {path} AS path, n, id, key, fits FROM (
  SELECT w.id, w.key, {fits} AS fits, row_number() OVER () AS n FROM {rows}
) r WHERE fits OR n = {most} LIMIT {count})"""

# Each part is ordered already: of every one no more is read than stands on the page.
MERGED = "SELECT * FROM ({parts}) m(id, key{fits}) ORDER BY key {way}, id {way}"

WITHIN = """(SELECT {path} AS path, 0::bigint AS n, id, key, fits FROM (
  SELECT f.id, f.key, f.fits FROM {rows} OFFSET 0
) r WHERE fits ORDER BY key {way}, id {way} LIMIT {count})"""

# Each index says how far back its first rows reach; only the best of them is then read.
BEST = """WITH reach AS MATERIALIZED (SELECT {reaches}), best AS MATERIALIZED (
  SELECT CASE {best} END AS path FROM reach
) """
CHOSEN = "(SELECT * FROM {rows} s WHERE (SELECT path FROM best) = {n})"
EDGE = "(SELECT key FROM ({rows}) e(id, key) OFFSET {n})"


@dataclass(frozen=True)
class Path:
    """Where to look: `parts` are querysets of (customer id, sort key), each with an index in the
    list's order; they do not overlap.

    `own` when the rows are customers, and not of a table that leads to them; `rest` must still
    hold of every row. `whole` when the one part is in no order, and read to its end. `walked` is
    how many rows are looked at where that is not the usual number.
    """

    parts: Sequence[QuerySet[Any, Any]]
    rest: Q = field(default_factory=Q)
    own: bool = True
    whole: bool = False
    walked: int = 0

    @property
    def most(self) -> int:
        """Rows looked at."""
        return self.walked or bounded(self.rest)


@dataclass(frozen=True)
class Seen:
    """Rows that fit, in order; `edge` is the last place looked at, None at the end of all."""

    rows: Rows
    edge: tuple[int, Any] | None = None


class Row(NamedTuple):
    """One row as the statements answer it; `n` counts what was looked at before it."""

    path: int
    n: int
    id: int
    key: Any
    fits: bool


class Each(RawSQL):
    """One of several owners: `written` says the statement once for each, compiled only once."""

    def __init__(self, owners: Sequence[int]) -> None:
        super().__init__("%s", (self,))
        self.owners = owners


def together(scopes: Sequence[Q]) -> list[Q]:
    """The same conditions, those that name an owner said as one."""
    owners = [pk for pk in map(owner_of, scopes) if pk is not None]
    if len(owners) < 2:
        return [*scopes]
    return [Q(owner=Each(owners)), *(scope for scope in scopes if owner_of(scope) is None)]


def written(rows: QuerySet[Any, Any]) -> Iterator[tuple[str, list[Any]]]:
    """The statement with its parameters; as many as there are owners for conditions `together`."""
    text, params = rows.query.sql_with_params()
    each = next((value for value in params if isinstance(value, Each)), None)
    for owner in [None] if each is None else each.owners:
        yield text, [owner if value is each else value for value in params]


def along(paths: Sequence[Path], order: Order, count: int) -> Seen:
    """The first `count` rows that fit among the first `WALKED` of the best path.

    The last path is the one that always serves; the others stand before it when they have fewer
    than `FEW` rows, or give way to the one whose rows reach back furthest. One statement.
    """
    try:
        text, given = _chosen(paths, order, count)
    except EmptyResultSet:  # something that must hold can hold for nobody
        return Seen([])
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        rows = [Row(*row) for row in cursor.fetchall()]
    return _seen(rows, paths[rows[0].path].most, count) if rows else Seen([])


def _chosen(paths: Sequence[Path], order: Order, count: int) -> tuple[str, list[Any]]:
    each = [_statement(path, order, count, n) for n, path in enumerate(paths)]
    if len(each) == 1:
        return each[0]
    text, given = _best(paths, order)
    text += " UNION ALL ".join(CHOSEN.format(rows=one, n=n) for n, (one, _) in enumerate(each))
    return text, [*given, *(value for _, params in each for value in params)]


def _best(paths: Sequence[Path], order: Order) -> tuple[str, list[Any]]:
    reaches: list[str] = []
    given: list[Any] = []
    for n, path in enumerate(paths):
        rows, params = _rows(path, order, FEW)
        reaches.append(f"{EDGE.format(rows=rows, n=FEW - 1)} AS r{n}")
        given += params
    best = [f"WHEN r{n} IS NULL THEN {n}" for n in range(len(paths))]
    ordered = [f"r{n}" for n, path in enumerate(paths) if not path.whole]
    far = "least" if order.descending else "greatest"
    best += [f"WHEN {r} = {far}({', '.join(ordered)}) THEN {r[1:]}" for r in ordered]
    text = BEST.format(reaches=", ".join(reaches), best=" ".join(best))
    return text, given


def _statement(path: Path, order: Order, count: int, number: int) -> tuple[str, list[Any]]:
    if path.whole:
        (part,) = path.parts
        inner, params = part[:WALKED].query.sql_with_params()
        return _within(f"({inner})", list(params), path.rest, order, count, number)
    fits = _fits(path.rest)
    if path.own:
        inner, given = _rows(path, order, path.most, fits)
        rows, said = f"({inner}) w(id, key, fits)", "w.fits"
    else:
        inner, given = _rows(path, order, path.most)
        check, more = _one(fits)
        rows, said = f"({inner}) w(id, key), LATERAL ({check}) f(fits)", "f.fits"
        given += more
    text = ALONG.format(path=number, fits=said, rows=rows, most=path.most, count=count)
    return text, given


def _rows(path: Path, order: Order, most: int, fits: Case | None = None) -> tuple[str, list[Any]]:
    """The first rows of all parts, in order."""
    texts: list[str] = []
    given: list[Any] = []
    for part in path.parts:
        rows = part.annotate(fits=fits) if fits else part
        for text, params in written(rows[:most]):
            texts.append(text)
            given += params
    if len(texts) == 1:
        return texts[0], given
    parts = " UNION ALL ".join(f"({text})" for text in texts)
    way = "DESC" if order.descending else "ASC"
    text = MERGED.format(parts=parts, fits=", fits" if fits else "", way=way)
    return f"{text} LIMIT {most}", given


def among(ids: Collection[int], rest: Q, order: Order, count: int) -> Seen:
    """The first `count` that fit of all these customers."""
    try:
        text, given = _within("unnest(%s::bigint[])", [list(ids)], rest, order, count, 0)
    except EmptyResultSet:
        return Seen([])
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        rows = [Row(*row) for row in cursor.fetchall()]
    return _seen(rows, WALKED, count)


def _within(
    ids: str, params: list[Any], rest: Q, order: Order, count: int, number: int
) -> tuple[str, list[Any]]:
    check, more = _one(_fits(rest), "pk", order.column)
    rows = f"{ids} w(id), LATERAL ({check}) f(id, key, fits)"
    way = "DESC" if order.descending else "ASC"
    return WITHIN.format(path=number, rows=rows, way=way, count=count), [*params, *more]


def bounded(rest: Q, usual: int = 0) -> int:
    """How many rows are looked at where `rest` is asked of each."""
    return max((usual or WALKED) // (LONGER if _reads_on(rest) else 1), 1)


def look(rest: Q) -> tuple[str, list[Any]]:
    """A look at the customer of whom `w.id` is the id: whether `rest` holds."""
    return _one(_fits(rest))


def _one(fits: Case, *columns: str) -> tuple[str, list[Any]]:
    """A look at the one customer of the row `w`."""
    row = Customer.objects.get_queryset().filter(pk=RawSQL("w.id", ())).order_by()
    found = row.values_list(*columns).annotate(fits=fits) if columns else (
        row.annotate(fits=fits).values_list("fits")
    )  # fmt: skip
    text, params = found[:1].query.sql_with_params()
    return text, list(params)


def _fits(rest: Q) -> Case:
    return Case(When(each(rest), then=Value(True)), default=Value(False)) if rest else Case(
        default=Value(True)
    )  # fmt: skip


def _seen(rows: Sequence[Row], most: int, count: int) -> Seen:
    last = rows[-1] if rows else None
    goes_on = last is not None and (last.n == most or len(rows) == count)
    edge = (last.id, last.key) if last is not None and goes_on else None
    return Seen([(row.id, row.key) for row in rows if row.fits], edge)


class Probe(Exists):
    """One look for each row. The OFFSET keeps the planner from making a join or a hash of it."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


def each(condition: Q) -> Q:
    """The same condition, every row of another table looked for by itself."""
    children: list[Any] = []
    for child in condition.children:
        if isinstance(child, Q):
            children.append(each(child))
        elif isinstance(child, NegatedExpression):
            children.append(~Q(_probe(child.expression)))
        else:
            children.append(_probe(child))
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def _probe(child: Any) -> Any:
    # Whoever counts says an OFFSET already.
    return Probe(child) if type(child) is Exists and not child.query.low_mark else child


def _reads_on(condition: Q) -> bool:
    """Whether it reads more than one row for each: counts them, or looks through their events."""
    return any(
        _reads_on(child) if isinstance(child, Q) else _is_long(getattr(child, "expression", child))
        for child in condition.children
    )


def _is_long(child: Any) -> bool:
    return isinstance(child, Exists) and (child.query.low_mark > 0 or child.query.model is Event)

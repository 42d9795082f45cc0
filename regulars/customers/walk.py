"""Reading customers along an index, a bounded number of rows at a time, keeping those who fit.

What fits is asked of each row by itself, whatever the planner thinks of the numbers: joined to a
large table as a whole, the same condition reads a hundred thousand rows for a page of fifty.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Exists, Q, QuerySet, Value, When
from django.db.models.expressions import NegatedExpression, RawSQL

from regulars.timeline.models import Event

from .models import Customer
from .order import Order

WALKED = 1_500  # rows looked at in one request, over all indexes that are read
LONGER = 3  # so many times fewer where several rows are read for each of them
FEW = 500  # rows of an index that are read whole rather than in order

Rows = list[tuple[int, Any]]

# Numbered as they come, so that the last row looked at is answered too, whether it fits or not.
ALONG = """(SELECT {path} AS path, {part} AS part, n, id, key, fits FROM (
  SELECT w.id, w.key, {fits} AS fits, row_number() OVER () AS n FROM {rows}
) r WHERE fits OR n = {most} LIMIT {count})"""

WITHIN = """(SELECT {path} AS path, 0 AS part, 0::bigint AS n, id, key, fits FROM (
  SELECT f.id, f.key, f.fits FROM {rows} OFFSET 0
) r WHERE fits ORDER BY key {way}, id {way} LIMIT {count})"""

# Each index says how far back its first rows reach; only the best of them is then read.
BEST = """WITH reach AS MATERIALIZED (SELECT {reaches}), best AS MATERIALIZED (
  SELECT CASE {best} END AS path FROM reach
) """
CHOSEN = "(SELECT * FROM {rows} s WHERE (SELECT path FROM best) = {n})"
EDGE = "(SELECT key FROM ({rows}) e(id, key))"


@dataclass(frozen=True)
class Path:
    """Where to look: `parts` are querysets of (customer id, sort key), each in the list's order.

    `own` when the rows are customers, and not of a table that leads to them; `rest` must still
    hold of every row. `whole` when the one part is in no order, and read to its end.
    """

    parts: Sequence[QuerySet[Any, Any]]
    rest: Q = field(default_factory=Q)
    own: bool = True
    whole: bool = False

    @property
    def most(self) -> int:
        """Rows looked at in each part."""
        return max(WALKED // (LONGER if _reads_on(self.rest) else 1) // len(self.parts), 1)


@dataclass(frozen=True)
class Seen:
    """Rows that fit, in order; `edge` is the last place looked at, None at the end of all."""

    rows: Rows
    edge: tuple[int, Any] | None = None


class Row(NamedTuple):
    """One row as the statements answer it; `n` counts what was looked at before it."""

    path: int
    part: int
    n: int
    id: int
    key: Any
    fits: bool


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
    return _merged(rows, paths[rows[0].path].most, order, count) if rows else Seen([])


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
    furthest = "greatest" if order.descending else "least"
    for n, path in enumerate(paths):
        last = max(FEW // len(path.parts), 1) - 1
        edges = []
        for part in path.parts:
            text, params = part[last : last + 1].query.sql_with_params()
            edges.append(EDGE.format(rows=text))
            given += params
        reaches.append(f"{furthest}({', '.join(edges)}) AS r{n}")
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
    texts: list[str] = []
    given: list[Any] = []
    for n, part in enumerate(path.parts):
        fits = _fits(path.rest)
        if path.own:
            ordered = part.annotate(fits=fits)[: path.most]
            inner, params = ordered.query.sql_with_params()
            rows, said = f"({inner}) w(id, key, fits)", "w.fits"
        else:
            inner, params = part[: path.most].query.sql_with_params()
            check, more = _one(fits)
            rows, said = f"({inner}) w(id, key), LATERAL ({check}) f(fits)", "f.fits"
            params = (*params, *more)
        texts.append(
            ALONG.format(path=number, part=n, fits=said, rows=rows, most=path.most, count=count)
        )
        given += params
    return (texts[0] if len(texts) == 1 else f"({' UNION ALL '.join(texts)})"), given


def among(ids: Collection[int], rest: Q, order: Order, count: int) -> Seen:
    """The first `count` that fit of all these customers."""
    try:
        text, given = _within("unnest(%s::bigint[])", [list(ids)], rest, order, count, 0)
    except EmptyResultSet:
        return Seen([])
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        rows = [Row(*row) for row in cursor.fetchall()]
    return _merged(rows, WALKED, order, count)


def _within(
    ids: str, params: list[Any], rest: Q, order: Order, count: int, number: int
) -> tuple[str, list[Any]]:
    check, more = _one(_fits(rest), "pk", order.column)
    rows = f"{ids} w(id), LATERAL ({check}) f(id, key, fits)"
    way = "DESC" if order.descending else "ASC"
    return WITHIN.format(path=number, rows=rows, way=way, count=count), [*params, *more]


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


def _merged(rows: Sequence[Row], most: int, order: Order, count: int) -> Seen:
    """One list, as far as every part is known.

    Sorted here: asked to merge sorted parts, the planner reads a part's whole order rather than
    sort the few rows that its own index finds.
    """
    parts: dict[int, list[Row]] = {}
    for row in rows:
        parts.setdefault(row.part, []).append(row)
    ends = [part[-1] for part in parts.values() if part[-1].n == most or len(part) == count]
    fitting = {row.id: row for row in rows if row.fits}
    merged = sorted(fitting.values(), key=_place, reverse=order.descending)
    if not ends:
        return Seen([(row.id, row.key) for row in merged])
    edge = (max if order.descending else min)(ends, key=_place)
    beyond = operator.lt if order.descending else operator.gt
    known = [row for row in merged if not beyond(_place(row), _place(edge))]
    return Seen([(row.id, row.key) for row in known], (edge.id, edge.key))


def _place(row: Row) -> tuple[Any, int]:
    return row.key, row.id


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

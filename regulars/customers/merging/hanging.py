"""Rows that hang on others of their customer, as an address on its contact: they go with those."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import models

from regulars.customers.models import ChangeKind, Customer, MergeChange

from .journal import label, model_of
from .whose import columns, referring, tables

Key = tuple[str, Any]  # label of the table, key of the row


@cache
def hung_on(model: type[models.Model]) -> tuple[Any, ...]:
    """The columns by which rows that are somebody's hang on rows of this table."""
    if model is Customer or model not in tables():
        return ()
    return tuple(field for field in referring(model) if field.model in tables())


@cache
def hangs_by(model: type[models.Model]) -> tuple[Any, ...]:
    """The other way round: the columns by which rows of this table hang on others."""
    return tuple(f for parent in tables() for f in hung_on(parent) if f.model is model)


def whose_column(model: type[models.Model]) -> str:
    return next(one.attname for one in columns() if one.model is model)


def followers(
    moved: Sequence[MergeChange],
    *,
    of: int,
    to: int,
    written: Mapping[Key, Sequence[MergeChange]],
    absorbed: Collection[Key],
) -> Iterator[MergeChange]:
    """What came to `of` since and hangs on rows that went `to` somebody, as moves of their own.

    Where a merge that stands has hung it on another row, what it hung on before is what counts.
    """
    queue = list(moved)
    while queue:
        change = queue.pop(0)
        parent = model_of(change.model)
        at = {whose_column(parent): to} if hung_on(parent) else {}
        rows = parent._base_manager.filter(pk__in=change.ids, **at) if at else None
        parents = set(rows.values_list("pk", flat=True)) if rows is not None else set()
        for field in hung_on(parent) if parents else ():
            found = sorted(_hanging(field, parents, of, written, absorbed))
            if found:
                queue.append(_move(field.model, found, of=of, to=to))
                yield queue[-1]


def _hanging(
    field: Any,
    parents: Collection[Any],
    of: int,
    written: Mapping[Key, Sequence[MergeChange]],
    absorbed: Collection[Key],
) -> set[Any]:
    model, name = field.model, label(field.model)
    column = whose_column(model)
    rows = model._base_manager.filter(**{f"{field.name}__in": parents, column: of})
    found = set(rows.values_list("pk", flat=True))
    before = {
        pk: next(one.before[field.column] for one in nodes if field.column in one.before)
        for (of_model, pk), nodes in written.items()
        if of_model == name and any(field.column in one.before for one in nodes)
    }
    once = {pk for pk, parent in before.items() if parent in parents}
    there = model._base_manager.filter(pk__in=once, **{column: of}).values_list("pk", flat=True)
    return (found - before.keys()) | set(there) | {pk for pk in once if (name, pk) in absorbed}


def _move(model: type[models.Model], pks: list[Any], *, of: int, to: int) -> MergeChange:
    """As if they had come along, before everything else."""
    column = whose_column(model)
    return MergeChange(
        pk=0, kind=ChangeKind.MOVE, model=label(model), ids=pks,
        before={column: to}, after={column: of},
    )  # fmt: skip

"""What a column was before a merge wrote it, of several that wrote over one another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models

from regulars.customers.models import Customer, MergeChange

from .journal import fields_of
from .memory import holders
from .rule import FIELDS
from .whose import tables

Row = Mapping[str, Any]


def without(nodes: Sequence[MergeChange], row: Row) -> dict[str, Any]:
    """The columns that would differ had none of these been, the latest taken out first."""
    found = dict(row)
    for node in reversed(nodes):
        found |= {c: v for c, v in node.before.items() if found.get(c) == node.after[c]}
    return {c: v for c, v in found.items() if v != row.get(c)}


def undone(
    change: MergeChange, model: type[models.Model], row: Row, columns: Iterable[str]
) -> dict[str, Any]:
    """The columns that still say what was written, as they were before; what is decided together
    goes back together or not at all."""
    found: dict[str, Any] = {}
    for group in groups(model, set(columns)):
        if all(stands(model, column, row, change.after) for column in group):
            found |= {column: change.before[column] for column in group}
    return found


def groups(model: type[models.Model], columns: Collection[str]) -> Iterator[list[str]]:
    """Those of `columns` that are decided together, as a name is; every other one by itself."""
    left = set(columns)
    for one in FIELDS if model is Customer else ():
        group = [column for column in one.columns if column in left]
        left -= set(group)
        if group:
            yield group
    yield from ([column] for column in sorted(left))


def stands(model: type[models.Model], column: str, row: Row, after: Row) -> bool:
    """Whether a column says what was written, or whom whoever was written there has lived on in."""
    now, was = row.get(column), after[column]
    if now == was:
        return True
    refers = any(f.column == column and f.related_model is Customer for f in fields_of(model))
    gone = refers and was and not Customer.objects.get_queryset().filter(pk=was).exists()
    return bool(gone) and now in holders(was)


def referring_back(change: MergeChange, model: type[models.Model]) -> dict[str, Any]:
    """A reference to what is here again is taken up whatever became of it meanwhile."""
    found = {}
    for field in fields_of(model):
        target, value = field.related_model, change.before.get(field.column)
        if value is None or target is None or isinstance(target, str) or target is Customer:
            continue
        if target in tables() and target._base_manager.filter(pk=value).exists():
            found[field.column] = value
    return found

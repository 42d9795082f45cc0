"""What a merge does to rows, written down while it is done, so that it can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from regulars.customers.models import ChangeKind, MergeChange, MergedProfile

from .whose import PAIR, is_pair, referring

TWIN = "twin"  # whose key a deletion notes beside the row: the row that stands for it


def label(model: type[models.Model]) -> str:
    return model._meta.label_lower


def model_of(name: str) -> type[models.Model]:
    return apps.get_model(name)


def fields_of(model: type[models.Model]) -> list[Any]:
    """The columns of the model's own table."""
    return list(model._meta.local_concrete_fields)


def raw(model: type[models.Model], pks: Iterable[Any]) -> dict[Any, dict[str, Any]]:
    """Whole rows as the database has them, by their key."""
    table, key = _table(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, to_jsonb(t)::text FROM {table} t WHERE {key} = ANY(%s)",  # noqa: S608
            [list(pks)],
        )
        return {pk: _exact(model, text) for pk, text in cursor.fetchall()}


def _exact(model: type[models.Model], text: str) -> dict[str, Any]:
    """Money and other decimals as text, so that none of their places is lost."""
    row: dict[str, Any] = json.loads(text)
    decimals = [f for f in fields_of(model) if isinstance(f, models.DecimalField)]
    if decimals:
        exact = json.loads(text, parse_float=str)
        columns = [str(f.column) for f in decimals]
        row |= {column: str(exact[column]) for column in columns if exact[column] is not None}
    return row


def _table(model: type[models.Model]) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), quote(str(model._meta.pk.column))


def insert(model: type[models.Model], row: Mapping[str, Any]) -> None:
    """The row again, under its own key; columns that came since have their defaults."""
    table, _ = _table(model)
    quote = connection.ops.quote_name
    known = {f.column: f for f in fields_of(model)}
    missing = {
        column: field.get_db_prep_save(field.get_default(), connection)
        for column, field in known.items()
        if column not in row and field.has_default()
    }
    named = [column for column in known if column in row or column in missing]
    listed = ", ".join(quote(column) for column in named)
    whole = {**{k: _plain(v) for k, v in missing.items()}, **row}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({listed}) SELECT {listed} "  # noqa: S608 (our own tables' names)
            f"FROM jsonb_populate_record(NULL::{table}, %s::jsonb)",
            [json.dumps(whole)],
        )


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def update(model: type[models.Model], pk: Any, values: Mapping[str, Any]) -> None:
    """Set columns to values as JSON has them."""
    table, key = _table(model)
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column) for column in values)
    given = ", ".join(f"v.{quote(column)}" for column in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET ({listed}) = ROW({given}) FROM "  # noqa: S608 (our own tables' names)
            f"(SELECT {listed} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)) v "
            f"WHERE {table}.{key} = %s",
            [json.dumps(dict(values)), pk],
        )


def delete(model: type[models.Model], pk: Any) -> None:
    """This row alone: what still refers to it stops the transaction, so that nothing is lost."""
    table, key = _table(model)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [pk])  # noqa: S608


def put_back(model: type[models.Model], row: Mapping[str, Any]) -> bool:
    """Insert the row again; False where something that came since stands in its place."""
    lacks = [
        f.column
        for f in fields_of(model)
        if f.related_model is not None and not f.null and row.get(f.column) is None
    ]
    if lacks or (is_pair(model) and len({row[column] for column in PAIR}) < 2):
        return False
    try:
        with transaction.atomic():
            insert(model, row)
    except IntegrityError:
        return False
    return True


class Journal:
    """The changes that one profile's merging made, in the order in which they were made."""

    def __init__(self, profile: MergedProfile) -> None:
        self.profile = profile
        self._found: list[MergeChange] = []

    def _note(
        self,
        kind: ChangeKind,
        model: type[models.Model],
        ids: Sequence[Any],
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        self._found.append(
            MergeChange(
                profile=self.profile, kind=kind, model=label(model), ids=list(ids),
                before=dict(before or {}), after=dict(after or {}),
            )
        )  # fmt: skip

    def move(
        self,
        model: type[models.Model],
        column: str,
        *,
        from_: int,
        to: int,
        only: models.Q | None = None,
    ) -> list[Any]:
        """Every row whose column says `from_` says `to`; which ones."""
        rows = model._base_manager.filter(**{column: from_}).filter(only or models.Q())
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if ids:
            model._base_manager.filter(pk__in=ids).update(**{column: to})
            self._note(ChangeKind.MOVE, model, ids, {column: from_}, {column: to})
        return ids

    def change(self, model: type[models.Model], pk: Any, values: Mapping[str, Any]) -> None:
        """Set columns of one row to values as JSON has them, where they differ."""
        row = raw(model, [pk])[pk]
        wanted = {column: value for column, value in values.items() if row[column] != value}
        if wanted:
            update(model, pk, wanted)
            now = raw(model, [pk])[pk]
            before, after = ({c: each[c] for c in wanted} for each in (row, now))
            self._note(ChangeKind.CHANGE, model, [pk], before, after)

    def absorb(self, model: type[models.Model], pk: Any, twin: Any = None) -> None:
        """The row goes because its `twin` says the same; whatever refers to it refers to that."""
        for field in referring(model):
            held = field.model._base_manager.filter(**{field.name: pk})
            for other in held.values_list("pk", flat=True):
                self.change(field.model, other, {field.column: twin})
        row = raw(model, [pk])[pk]
        delete(model, pk)
        self._note(ChangeKind.DELETE, model, [pk], row, {TWIN: twin} if twin else None)

    def write(self, row: models.Model) -> None:
        """A row that the merge itself writes."""
        row.save(force_insert=True)
        self._note(ChangeKind.INSERT, type(row), [row.pk])

    def keep(self) -> None:
        MergeChange.objects.bulk_create(self._found)
        self._found = []

"""Whoever is erased goes also out of the past of those they were one with for a while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db import models

from regulars.customers.erasure import Traces
from regulars.customers.models import Kept, Merge, keepings
from regulars.timeline.models import Event

Row = Mapping[str, Any]


def unsay(of: Collection[int], others: Collection[int], traces: Traces) -> None:
    """Where a merge made `others` say what rows of `of` said, their history says again what they
    said before; while the history of `of` is still there."""
    if not others:
        return
    kept = [one for one in keepings() if one.customer]
    said = _said(kept, of)
    own = set[str]()
    for one in kept:
        for rows in _pasts(one, of, others):
            own |= _say_again(one, rows, said)
    _unsay_events(others, traces, own)
    Merge.objects.filter(customer__in=others).update(before={})


def _texts(one: Kept) -> list[str]:
    """The columns that say something of somebody in words, or by a day."""
    past = {field.attname for field in one.history._meta.concrete_fields}
    return [
        field.attname
        for field in one.model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.DateField)
        and not isinstance(field, models.DateTimeField)
        and not field.choices
        and field.attname in past
    ]


def _said(kept: Sequence[Kept], of: Collection[int]) -> dict[str, set[Any]]:
    """What they ever said, by the column's name: a merge keeps a name in another table, too."""
    found: dict[str, set[Any]] = defaultdict(set)
    for one in kept:
        columns = _texts(one)
        rows = one.history._default_manager.filter(**{f"{one.customer}__in": of}).order_by()
        for row in rows.values(*columns).distinct() if columns else ():
            for column, value in row.items():
                found[column].add(value)
    return {column: values - {"", None} for column, values in found.items()}


def _pasts(one: Kept, of: Collection[int], others: Collection[int]) -> Iterator[Sequence[Row]]:
    """The past of every row of the others that a merge wrote, the oldest first; without those that
    were only lent to them."""
    whose, columns = one.customer, _texts(one)
    if not columns:
        return
    rows = one.history._default_manager.all()
    merged = rows.filter(**{f"{whose}__in": others}, pgh_context__how="merge")
    found = rows.filter(pgh_obj_id__in=merged.order_by().values("pgh_obj_id"))
    told = found.order_by("pgh_obj_id", "pgh_id").values(
        "pgh_id", "pgh_obj_id", "pgh_context__how", whose, *columns
    )
    for _, past in groupby(told, key=lambda row: row["pgh_obj_id"]):
        each = list(past)
        if not {each[0][whose], each[-1][whose]} & {*of}:
            yield each


def _say_again(one: Kept, rows: Sequence[Row], said: Mapping[str, Collection[Any]]) -> set[str]:
    """What the row says of its own accord: before, and today."""
    columns, past = _texts(one), one.history._default_manager
    start = next(n for n, row in enumerate(rows) if row["pgh_context__how"] == "merge")
    now = one.model._base_manager.filter(pk=rows[0]["pgh_obj_id"]).values(*columns).first()
    if not start:  # the merge wrote it: what a former name says, for one
        told = [(c, row[c]) for row in rows for c in columns if row[c] not in ("", None)]
        if now is None and told and all(value in said.get(c, ()) for c, value in told):
            past.filter(pk__in=[row["pgh_id"] for row in rows]).delete()
        return set()
    before = rows[start - 1]
    for row in rows[start:]:
        theirs = {
            column: before[column]
            for column in columns
            if row[column] in said.get(column, ())
            and row[column] not in (before[column], now and now[column])
        }
        if theirs:
            past.filter(pk=row["pgh_id"]).update(**theirs)
    return {str(value) for row in (before, now or {}) for value in row.values()}


def _unsay_events(others: Collection[int], traces: Traces, own: Collection[str]) -> None:
    """Entries that tell of a change of the record do so without what it said of them."""
    events = Event.objects.filter(customer__in=others, kind__startswith="customer.")
    for event in events:
        data = {
            key: value
            for key, value in event.data.items()
            if not isinstance(value, str) or value in own or not traces.are_in(value)
        }
        if data != event.data:
            Event.objects.filter(pk=event.pk).update(data=data)

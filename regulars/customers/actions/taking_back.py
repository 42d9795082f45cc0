"""Taking back a piece of work: every row as it was before, what was changed since as it is."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from regulars.customers import written
from regulars.customers.files import storing
from regulars.customers.history import work as history
from regulars.customers.history.context import because, writing
from regulars.customers.history.work import Undone
from regulars.customers.models import (
    Attachment,
    Contact,
    Customer,
    Email,
    Kept,
    Location,
    MergedProfile,
    Note,
    Phone,
    histories,
    keepings,
)
from regulars.live import notices
from regulars.staff.models import User
from regulars.timeline import actions as timeline

from .indexing import reindex
from .many import held, tell

if TYPE_CHECKING:
    from django.db.models import Field

log = logging.getLogger("regulars.customers")

SEARCHED = (Contact, Email, Phone)
NAMED = {"first_name", "last_name", "company"}


@dataclass(frozen=True)
class Torn:
    """A value that stays, because somebody changed it since: what it is, what it would be again."""

    what: str
    now: str
    was: str


@dataclass
class TakenBack:
    """What became of each customer: whose record is as it was, what stays, who is gone again."""

    restored: set[int] = field(default_factory=set)
    torn: dict[int, list[Torn]] = field(default_factory=lambda: defaultdict(list))
    removed: set[int] = field(default_factory=set)
    stays: set[int] = field(default_factory=set)  # added, and changed since


def take_back(
    written: Mapping[int, datetime],
    *,
    work: int,
    since: datetime,
    what: str,
    by: User | None,
    acts: Sequence[str] = (),
    remove_touched: bool = False,
) -> TakenBack:
    """Put what the work with this number wrote back to how it was, for up to 1,000 customers.

    `written` says when the work was done with each of them, `since` when it began, `what` names it
    for the timeline; `acts` are those that brought events in from elsewhere, which go. A value
    somebody changed since stays, and is told with both values. Customers that the work added are
    removed, unless somebody touched them since and not `remove_touched`, or they hold somebody who
    was merged into them.
    """
    done = TakenBack()
    with because(how="undo", undone=work), writing(by):
        ids = sorted(held(sorted(written)).values_list("pk", flat=True))
        rows = list(history.rows_of(work, ids, since))
        added = {row.obj for row in rows if row.kept.model is Customer and row.is_new}
        _remove(added, written, work, done, remove_touched)
        rest = [row for row in rows if row.customer not in added]
        _write(rest, done)
        _follow(rest, done)
        left = sorted(set(ids) - added)
        done.restored |= timeline.withdraw(left, acts=acts, but=_edited(left, acts), by=by)
        said = {pk: {"what": what} for pk in sorted(done.restored)}
        tell(said, "customer.put_back", by=by, moved=True)
    return done


def _remove(
    added: set[int], written: Mapping[int, datetime], work: int, done: TakenBack, anyway: bool
) -> None:
    if not added:
        return
    holds = MergedProfile.objects.filter(customer__in=added, undone_at=None)
    done.stays |= set(holds.values_list("customer", flat=True))
    if not anyway:
        done.stays |= history.touched(work, {pk: written[pk] for pk in added})
    gone = sorted(added - done.stays)
    keys = list(Attachment.objects.filter(customer__in=gone).values_list("key", flat=True))
    Customer.objects.get_queryset().filter(pk__in=gone).delete()
    for _, kept, column in histories():
        if column:
            kept._default_manager.filter(**{f"{column}__in": gone}).delete()
    notices.announce([], moved=True)
    transaction.on_commit(lambda: storing.delete(keys))
    done.removed |= set(gone)


def _write(rows: Sequence[Undone], done: TakenBack) -> None:
    """Rows that go first, the innermost first; then rows that come again, the outermost first."""
    known = _known(rows)
    order = list(keepings())
    for kept in reversed(order):
        _delete(kept, [r for r in rows if r.kept is kept and r.step.does == "delete"], done)
    for kept in order:
        mine = [row for row in rows if row.kept is kept]
        for row in mine:
            for key, (now, was) in row.step.torn.items():
                done.torn[row.customer].append(_torn(kept, key, now, was))
        _put(kept.model, [again for row in mine if (again := _again(row, known, done))], done)


def _delete(kept: Kept, rows: Sequence[Undone], done: TakenBack) -> None:
    if not rows:
        return
    leaned_on = _leaned_on(kept, [row.obj for row in rows])
    for row in rows:
        if row.obj in leaned_on:
            done.torn[row.customer].append(Torn(kept.label, "Something was added to it since", ""))
        else:
            done.restored.add(row.customer)
    gone = [row.obj for row in rows if row.obj not in leaned_on]
    kept.model._base_manager.filter(pk__in=gone).delete()


def _leaned_on(kept: Kept, objs: Sequence[int]) -> set[int]:
    """Of these rows, those that others of the record still belong to."""
    found: set[int] = set()
    for other in keepings():
        if other.of and other.model._meta.get_field(other.of).related_model is kept.model:
            rows = other.model._base_manager.filter(**{f"{other.of}__in": objs})
            found |= set(rows.values_list(f"{other.of}_id", flat=True))
    return found


@dataclass(frozen=True)
class Again:
    """A row to be written as it was."""

    row: Undone
    values: dict[str, Any]


def _again(row: Undone, known: Mapping[str, Collection[Any]], done: TakenBack) -> Again | None:
    """What of a row can be as it was; what cannot be any more is told."""
    if row.step.does not in ("insert", "update"):
        return None
    values = dict(row.step.values)
    for lost in _links(row.kept.model):
        if _is_there(lost, values, known):
            continue
        values.pop(lost.attname)
        done.torn[row.customer].append(Torn(_label(lost), "What it was is no longer there", ""))
        if row.step.does == "insert" and not lost.null:
            return None
    return Again(row, values) if values else None


def _put(model: type[Model], rows: Sequence[Again], done: TakenBack) -> None:
    """All of them at once; one by one when one of them cannot be."""
    if not rows:
        return
    try:
        with transaction.atomic():
            _put_together(model, rows)
        done.restored |= {again.row.customer for again in rows}
    except IntegrityError:
        for again in rows:
            try:
                with transaction.atomic():
                    _put_together(model, [again])
                done.restored.add(again.row.customer)
            except IntegrityError:
                taken = Torn(again.row.kept.label, "Another one stands in its place", "")
                done.torn[again.row.customer].append(taken)


def _put_together(model: type[Model], rows: Sequence[Again]) -> None:
    new = [model(**{**r.values, "pk": r.row.obj}) for r in rows if r.row.step.does == "insert"]
    model._base_manager.bulk_create(new)
    alike: dict[frozenset[str], list[Again]] = defaultdict(list)
    for again in rows:
        if again.row.step.does == "update":
            alike[frozenset(again.values)].append(again)
    for attnames, each in alike.items():
        _rewrite(model, sorted(attnames), each)


# The table's own row type reads each value: a list of CASEs costs ten times as much.
REWRITE = """
UPDATE {table} AS t SET {sets}
FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS v WHERE t.{pk} = v.{pk}
"""


def _rewrite(model: type[Model], attnames: Sequence[str], rows: Sequence[Again]) -> None:
    name = connection.ops.quote_name
    columns = {f.attname: str(f.column) for f in model._meta.concrete_fields}
    pk = str(model._meta.pk.column)
    said = [
        {pk: again.row.obj, **{columns[key]: again.values[key] for key in attnames}}
        for again in rows
    ]
    sets = ", ".join(f"{name(columns[key])} = v.{name(columns[key])}" for key in attnames)
    sql = REWRITE.format(table=name(model._meta.db_table), sets=sets, pk=name(pk))
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(said, default=_plain)])


def _plain(value: Any) -> str:
    """Moments and days to the last digit; numbers and ids as they are written."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _links(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if field.related_model]


def _is_there(
    field: Field[Any, Any], values: Mapping[str, Any], known: Mapping[str, Collection[Any]]
) -> bool:
    value = values.get(field.attname)
    if value is None or field.attname not in values:
        return True
    model: Any = field.related_model
    return value in known[model._meta.label]


def _known(rows: Sequence[Undone]) -> dict[str, Collection[Any]]:
    """Of the rows that would be referred to again, those that are there.

    Nobody who left gets customers back.
    """
    found: dict[str, Collection[Any]] = {}
    for label, ids in history.values_of(rows).items():
        there = apps.get_model(label)._base_manager.filter(pk__in=ids)
        found[label] = set(there.values_list("pk", flat=True))
    again = {(r.kept.model._meta.label, r.obj) for r in rows if r.step.does == "insert"}
    for label, pk in again:
        if label in found:
            found[label] = {*found[label], pk}
    return found


def _torn(kept: Kept, key: str, now: Any, was: Any) -> Torn:
    field = next(f for f in kept.model._meta.concrete_fields if f.attname == key)
    own = _label(field)
    plain = kept.model is Customer or own == kept.label
    what = own if plain else f"{kept.label}: {own.lower()}"
    return Torn(what, _shown(field, now), _shown(field, was))


def _label(field: Field[Any, Any]) -> str:
    return str(field.verbose_name).capitalize()


def _shown(field: Field[Any, Any], value: Any) -> str:
    if value is None or value == "":
        return ""
    if field.related_model and not isinstance(field.related_model, str):
        row = field.related_model._base_manager.filter(pk=value).first()
        return str(row) if row else ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(dict(field.flatchoices).get(value, value))[:200]


def _edited(customers: Sequence[int], acts: Sequence[str]) -> list[int]:
    """Events from elsewhere that somebody made a note of their own here: pinned, edited."""
    notes = Note.objects.filter(customer__in=customers, event__act__in=acts)
    return list(notes.values_list("event_id", flat=True)) if acts else []


def _follow(rows: Sequence[Undone], done: TakenBack) -> None:
    """What follows from the rows: the unread, the search, what other rooms keep."""
    wrote = [r for r in rows if r.customer in done.restored and r.step.does != "nothing"]
    timeline.count_unread(sorted({r.customer for r in wrote if "owner_id" in r.step.values}))
    searched = {
        r.customer for r in wrote if r.kept.model in SEARCHED or NAMED & r.step.values.keys()
    }
    if searched:
        reindex(sorted(searched))
    moved = {r.customer for r in wrote if r.kept.model is Location} - searched
    written.tell(sorted(moved))

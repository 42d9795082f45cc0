"""What has come to a merged customer since: it stays there, unless it says itself whose it is."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from regulars.customers.models import (
    ChangeKind,
    Contact,
    Email,
    Merge,
    MergeChange,
    MergedProfile,
    Phone,
)
from regulars.timeline.models import Event

from . import came_by
from .hanging import Key, hangs_by
from .journal import fields_of, label
from .telling import KINDS
from .whose import Whose, columns, is_given

MOST = 200
# What nobody would say belongs to somebody: it follows, or is the house's own.
UNASKED = {
    "customers.Merge", "customers.MergedProfile", "customers.FormerName",
    "customers.FormerExternalId", "customers.NotFamily", "customers.Customer",
    "timeline.Reading", "timeline.Mention",
}  # fmt: skip
# What a row is called by that only says which one of a list it is.
NAMED = {
    "customers.Tagging": "(SELECT x.name FROM customers_tag x WHERE x.id = t.tag_id)",
    "customers.CustomValue":
        "(SELECT x.label FROM customers_customfield x WHERE x.id = t.field_id)",
}  # fmt: skip
CALLED = {"customers.Tagging": "Tag", "customers.CustomValue": "Detail",
          "customers.Location": "Place", "customers.Attachment": "File",
          "customers.ConsentRecord": "Consent"}  # fmt: skip
REACH = """
SELECT 'customers.email', id, contact_id, '', normal FROM customers_email
WHERE customer_id = %(of)s
UNION ALL
SELECT 'customers.phone', id, contact_id, '', e164 FROM customers_phone WHERE customer_id = %(of)s
UNION ALL
SELECT 'customers.externalid', id, NULL, system, value FROM customers_externalid
WHERE customer_id = %(of)s
UNION ALL
SELECT 'customers.formerexternalid', id, NULL, system, value FROM customers_formerexternalid
WHERE customer_id = %(of)s
"""
# How to reach somebody, which can be put on another contact.
MOVABLE = (Email, Phone)


@dataclass(frozen=True)
class Since:
    """A row that came after the merge; `belongs_to` is the public id it says it is for, or ""."""

    model: type[models.Model]
    pk: Any
    what: str
    said: str
    at: datetime | None = None
    belongs_to: str = ""

    @property
    def key(self) -> str:
        return f"{label(self.model)}:{self.pk}"


def since(merge: Merge, profiles: Iterable[MergedProfile]) -> list[Since]:
    """At most 200 rows, events first and the newest first of each kind; three statements.

    What hangs on another row goes where that goes and is not told by itself.
    """
    leaving = list(profiles)
    done = _Done(merge, leaving)
    reach = _reach_of(merge, leaving, done)
    rows = [(row, named) for row, named in _rows_since(merge) if _key(row) not in done.written]
    new = {_key(row) for row, _ in rows}
    found = [
        _since(row, named, reach)
        for row, named in rows
        if not any(done.settles(field, row, new) for field in hangs_by(type(row)))
    ]
    return sorted(found, key=lambda one: one.model is not Event)[:MOST]


class _Done:
    """What the merges that stand have done, and on whose behalf."""

    def __init__(self, merge: Merge, leaving: Sequence[MergedProfile]) -> None:
        changes = MergeChange.objects.filter(
            profile__customer=merge.customer_id, profile__undone_at=None
        ).exclude(kind=ChangeKind.CHANGE)
        going = {profile.pk for profile in leaving}
        self.written: set[Key] = set()
        self.moved: dict[Key, int] = {}
        self.brought: dict[Key, int] = {}
        self.absorbs: set[str] = set()
        for profile, kind, model, ids in changes.values_list("profile", "kind", "model", "ids"):
            self.written |= {(model, pk) for pk in ids}
            if profile in going and kind != ChangeKind.DELETE:
                self.brought |= dict.fromkeys(((model, pk) for pk in ids), profile)
            if profile in going and kind == ChangeKind.MOVE:
                self.moved |= dict.fromkeys(((model, pk) for pk in ids), profile)
            elif profile in going and kind == ChangeKind.DELETE:
                self.absorbs.add(model)

    def settles(self, field: Any, row: models.Model, new: Collection[Key]) -> bool:
        """Whether it is known where a row goes by what it hangs on: that came since too, or leaves,
        or stays and is not two in one."""
        parent = (label(field.related_model), getattr(row, field.attname))
        if parent[1] is None:
            return False
        known = parent in new or parent in self.moved
        return known or not isinstance(row, MOVABLE) or parent[0] not in self.absorbs


def _key(row: models.Model) -> Key:
    return label(type(row)), row.pk


def _rows_since(merge: Merge) -> Iterator[tuple[models.Model, str]]:
    """Every row that came, and what it is called by; the newest first of each table."""
    asked = [
        one
        for one in columns()
        if is_given(one.model)
        and one.model._meta.label not in UNASKED
        and one.field == "customer"
        and label(one.model) in merge.marks
    ]
    if not asked:
        return
    selects = [_select(n, one) for n, one in enumerate(asked)]
    marks = {f"mark{n}": merge.marks[label(one.model)] for n, one in enumerate(asked)}
    values = {**marks, "customer": merge.customer_id, "kinds": list(KINDS)}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), values)
        for n, text, named in sorted(cursor.fetchall(), key=lambda row: row[0]):
            yield _as_row(asked[n].model, json.loads(text)), named or ""


def _select(n: int, one: Whose) -> str:
    meta, quote = one.model._meta, connection.ops.quote_name
    key, named = quote(str(meta.pk.column)), NAMED.get(meta.label, "''")
    but = "AND t.kind <> ALL(%(kinds)s)" if one.model is Event else ""
    return (
        f"(SELECT {n}, to_jsonb(t)::text, {named} FROM {quote(meta.db_table)} t "  # noqa: S608
        f"WHERE t.{quote(one.attname)} = %(customer)s AND t.{key} > %(mark{n})s {but} "
        f"ORDER BY t.{key} DESC LIMIT {MOST})"
    )


def _as_row(model: type[models.Model], said: Mapping[str, Any]) -> models.Model:
    fields = [f for f in fields_of(model) if f.column in said]
    values = [f.to_python(said[f.column]) for f in fields]
    return model.from_db("default", [f.attname for f in fields], values)


def _since(row: models.Model, named: str, reach: Mapping[str, frozenset[str]]) -> Since:
    if isinstance(row, Event):
        said = (row.quote or row.sentence)[:120]
        return Since(Event, row.pk, row.what.label, said, row.happened_at, whose(row.data, reach))
    kind = row._meta.label
    said = str(row)
    if kind in NAMED:
        said = named if kind == "customers.Tagging" else f"{named}: {said.partition(': ')[2]}"
    called = CALLED.get(kind) or str(row._meta.verbose_name).capitalize()
    return Since(type(row), row.pk, called, said[:120])


def whose(data: Mapping[str, Any], reach: Mapping[str, frozenset[str]]) -> str:
    """The one profile by whose id, address or number an entry came, else the one whose address or
    number it names; "" when that is nobody's alone."""
    way = came_by.word(data.get(came_by.KEY))
    named = [of for of, known in reach.items() if way and way in known]
    if not named:
        text = json.dumps(data, ensure_ascii=False).casefold()
        named = [of for of, known in reach.items() if any(_named(text, one) for one in known)]
    return named[0] if len(named) == 1 else ""


def _named(text: str, one: str) -> bool:
    """An id in another system is too short to be known in a text."""
    return "\0" not in one and len(one) > 5 and came_by.names(text, one)


def _reach_of(
    merge: Merge, leaving: Sequence[MergedProfile], done: _Done
) -> dict[str, frozenset[str]]:
    """The ids, addresses and numbers that leave with this profile and with nobody else, and of
    which none stays."""
    whose_is: dict[str, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(REACH, {"of": merge.customer_id})
        for model, pk, contact, system, value in cursor.fetchall():
            hung = done.moved.get((label(Contact), contact), 0)
            at = done.brought.get((model, pk)) or hung
            word = came_by.of_system(system, value) if system else value.casefold()
            whose_is.setdefault(word, set()).add(at)
    return {
        str(p.public_id): frozenset(
            [str(p.public_id), *(w for w, of in whose_is.items() if w and of == {p.pk})]
        )
        for p in leaving
    }

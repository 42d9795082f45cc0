"""What has come to a merged customer since: it stays there, unless it says itself whose it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from regulars.customers.models import Contact, Merge, MergeChange, MergedProfile
from regulars.timeline.models import Event

from .journal import fields_of, label
from .walk import Whose, columns, is_given, referring

MOST = 200
# What nobody would say belongs to somebody: it follows, or is the house's own.
UNASKED = {
    "customers.Merge", "customers.MergedProfile", "customers.FormerName",
    "customers.FormerExternalId", "customers.NotFamily", "customers.Customer",
    "timeline.Reading", "timeline.Mention",
}  # fmt: skip
KINDS = ("customer.merged", "customer.unmerged")
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
SELECT c.profile_id, e.normal
FROM customers_mergechange c, jsonb_array_elements_text(c.ids) i(id)
JOIN customers_email e ON e.id = i.id::bigint
WHERE c.profile_id = ANY(%(profiles)s) AND c.kind = 'move' AND c.model = 'customers.email'
UNION ALL
SELECT c.profile_id, p.e164
FROM customers_mergechange c, jsonb_array_elements_text(c.ids) i(id)
JOIN customers_phone p ON p.id = i.id::bigint
WHERE c.profile_id = ANY(%(profiles)s) AND c.kind = 'move' AND c.model = 'customers.phone'
"""


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

    What hangs on another one of them goes with it and is not told by itself.
    """
    reach = _reach_of(list(profiles))
    written = _written_by_merges(merge)
    rows = [
        (row, named)
        for row, named in _rows_since(merge)
        if f"{label(type(row))}:{row.pk}" not in written
    ]
    hanging = set(_hanging([row for row, _ in rows]))
    found = [_since(row, named, reach) for row, named in rows]
    found = [one for one in found if one.key not in hanging]
    return sorted(found, key=lambda one: one.model is not Event)[:MOST]


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
        text = json.dumps(row.data, ensure_ascii=False).casefold()
        said = (row.quote or row.sentence)[:120]
        return Since(Event, row.pk, row.what.label, said, row.happened_at, whose(text, reach))
    kind = row._meta.label
    said = str(row)
    if kind in NAMED:
        said = named if kind == "customers.Tagging" else f"{named}: {said.partition(': ')[2]}"
    called = CALLED.get(kind) or str(row._meta.verbose_name).capitalize()
    return Since(type(row), row.pk, called, said[:120])


def whose(text: str, reach: Mapping[str, frozenset[str]]) -> str:
    """The one profile whose address or number a text names, "" when none or several do."""
    named = [of for of, known in reach.items() if any(one in text for one in known)]
    return named[0] if len(named) == 1 else ""


def _reach_of(profiles: Sequence[MergedProfile]) -> dict[str, frozenset[str]]:
    """The addresses and numbers that only this profile had."""
    found: dict[int, set[str]] = {p.pk: set() for p in profiles}
    with connection.cursor() as cursor:
        cursor.execute(REACH, {"profiles": list(found)})
        for profile, word in cursor.fetchall():
            if len(word) > 5:
                found[profile].add(word.casefold())
    return {str(p.public_id): frozenset(found[p.pk]) for p in profiles}


def _written_by_merges(merge: Merge) -> set[str]:
    changes = MergeChange.objects.filter(
        profile__customer=merge.customer_id, profile__undone_at=None
    ).exclude(kind="change")
    rows = changes.values_list("model", "ids")
    return {f"{model}:{pk}" for model, ids in rows for pk in ids}


def _hanging(rows: Sequence[models.Model]) -> Iterator[str]:
    """Rows that refer to another one of these, such as a note to its event."""
    for model in (Event, Contact):
        pks = {row.pk for row in rows if isinstance(row, model)}
        for field in referring(model):
            for row in rows:
                if isinstance(row, field.model) and getattr(row, field.attname) in pks:
                    yield f"{label(field.model)}:{row.pk}"

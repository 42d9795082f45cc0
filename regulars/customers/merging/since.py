"""What has come to a merged customer since: it stays there, unless it says itself whose it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from regulars.customers.models import (
    Contact,
    Customer,
    Email,
    FormerExternalId,
    FormerName,
    Merge,
    MergeChange,
    MergedProfile,
    NotFamily,
    Phone,
)
from regulars.timeline.models import Event, Mention, Reading

from .journal import label
from .walk import columns, referring

MOST = 200
UNASKED: tuple[type[models.Model], ...] = (
    Merge, MergedProfile, FormerName, FormerExternalId, NotFamily, Reading, Mention, Customer,
)  # fmt: skip
KINDS = ("customer.merged", "customer.unmerged")


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
    """At most 200 rows, events first and the newest first of each kind.

    What hangs on another one of them goes with it and is not told by itself.
    """
    wanted = list(profiles)
    found: list[Since] = []
    reach = {str(p.public_id): _reach_of(p) for p in wanted}
    for one in columns():
        mark = merge.marks.get(label(one.model))
        if mark is None or one.field != "customer" or _is_unasked(one.model):
            continue
        rows = one.model._base_manager.filter(
            **{one.attname: merge.customer_id, "pk__gt": mark}
        ).order_by("-pk")
        if one.model is Event:
            rows = rows.exclude(kind__in=KINDS)
        found += [_since(row, reach) for row in rows[:MOST]]
    inserted = _written_by_merges(merge)
    found = [one for one in found if one.key not in inserted]
    hanging = set(_hanging(found))
    found = [one for one in found if one.key not in hanging]
    return sorted(found, key=lambda one: one.model is not Event)[:MOST]


def _is_unasked(model: type[models.Model]) -> bool:
    """Nobody says whose these rows are; rooms above say so of their own."""
    return model in UNASKED or bool(getattr(model, "never_given", False))


def _since(row: models.Model, reach: Mapping[str, frozenset[str]]) -> Since:
    if isinstance(row, Event):
        text = json.dumps(row.data, ensure_ascii=False).casefold()
        return Since(
            Event, row.pk, row.what.label, row.sentence, row.happened_at, whose(text, reach)
        )
    return Since(type(row), row.pk, str(row._meta.verbose_name).capitalize(), str(row)[:120])


def whose(text: str, reach: Mapping[str, frozenset[str]]) -> str:
    """The one profile whose address or number a text names, "" when none or several do."""
    named = [of for of, known in reach.items() if any(one in text for one in known)]
    return named[0] if len(named) == 1 else ""


def _reach_of(profile: MergedProfile) -> frozenset[str]:
    """The addresses and numbers that only this profile had."""
    ids: dict[str, set[Any]] = {label(Email): set(), label(Phone): set()}
    for change in profile.changes.filter(model__in=ids, kind="move"):
        ids[change.model] |= set(change.ids)
    emails = Email.objects.filter(pk__in=ids[label(Email)]).values_list("normal", flat=True)
    numbers = Phone.objects.filter(pk__in=ids[label(Phone)]).values_list("e164", flat=True)
    return frozenset(word.casefold() for word in (*emails, *numbers) if len(word) > 5)


def _written_by_merges(merge: Merge) -> set[str]:
    changes = MergeChange.objects.filter(
        profile__customer=merge.customer_id, profile__undone_at=None
    ).exclude(kind="change")
    return {f"{change.model}:{pk}" for change in changes for pk in change.ids}


def _hanging(found: Iterable[Since]) -> Iterable[str]:
    """Rows that refer to another one of these, such as a note to its event."""
    for model in (Event, Contact):
        pks = [one.pk for one in found if one.model is model]
        for field in referring(model) if pks else ():
            rows = field.model._base_manager.filter(**{f"{field.name}__in": pks})
            for pk in rows.values_list("pk", flat=True):
                yield f"{label(field.model)}:{pk}"

"""The fields in which profiles differ, side by side: each value once, and which one is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Value as Constant

from regulars.customers.models import (
    Category,
    Contact,
    Customer,
    CustomerType,
    Group,
    Household,
    Location,
    Source,
)
from regulars.lib import names

from .rule import Decision

if TYPE_CHECKING:
    from regulars.staff.models import User


@dataclass(frozen=True)
class Option:
    """A value of a field: whose it is, and the pick that takes it, "" where only the rule does."""

    of: str
    pick: str
    value: str
    chosen: bool


@dataclass(frozen=True)
class Row:
    """A field in which the profiles differ."""

    key: str
    label: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Value:
    """What one says, as it is shown and by what it is told from another one."""

    of: str
    shown: str
    tells: str


def row(decision: Decision, called: Mapping[tuple[str, int], str]) -> Row:
    """A field of the record; `called` are the names of what it refers to."""
    key = decision.field.key
    options = [
        Option(one.of, one.pick, _shown(key, one.value, called), one.taken)
        for one in decision.options
    ]
    return Row(key, decision.field.label, options)


NAMED: Mapping[str, type[models.Model] | str] = {
    "owner": "staff.User", "store": "staff.Store", "group": Group, "category": Category,
    "household": Household, "referral": Customer,
}  # fmt: skip


def _shown(key: str, value: tuple[Any, ...], called: Mapping[tuple[str, int], str]) -> str:
    first = value[0]
    if key in NAMED:
        return called.get((key, first), "Somebody you may not see") or "Household"
    if key == "type":
        return str(CustomerType(first).label)
    if key == "source":
        return str(value[1] or Source(first).label)
    return str(first)


def called_by(user: User, found: Sequence[Decision]) -> dict[tuple[str, int], str]:
    """Owners, stores and the like by their ids, and customers that the reader may see; one
    statement."""
    asked: list[Any] = []
    for one in found:
        target = NAMED.get(one.field.key)
        if target is None or not one.options:
            continue
        model: Any = apps.get_model(target) if isinstance(target, str) else target
        rows = model._base_manager.all()
        if model is Customer:
            rows = Customer.objects.visible_to(user)
        rows = rows.filter(pk__in=[option.value[0] for option in one.options]).order_by()
        asked.append(rows.values_list(Constant(one.field.key), "pk", "name"))
    if not asked:
        return {}
    first, *others = asked
    return {(key, pk): name for key, pk, name in first.union(*others, all=True)}


def custom(everyone: Sequence[Any], picks: Mapping[str, str]) -> list[Row]:
    """The company's own fields: the primary's answer is chosen where there is one."""
    said: dict[tuple[int, str, str], list[Value]] = {}
    for one in everyone:
        for row in one.custom_said:
            field, text = (row["position"], row["key"], row["label"]), _said(row)
            said.setdefault(field, []).append(Value(str(one.public_id), text, text))
    return [
        row
        for (_, key, label), values in sorted(said.items())
        for row in _differing(f"custom.{key}", label, values, picks)
    ]


def _said(value: Mapping[str, Any]) -> str:
    if value["number"] is not None:
        return f"{Decimal(value['number']).normalize():f}"
    return str(value["text"] or value["day"] or "")


def led(everyone: Sequence[Any], picks: Mapping[str, str], key: str, label: str) -> list[Row]:
    """Which place or contact leads afterwards; all of them stay."""
    said = []
    for one in everyone:
        row = getattr(one, f"led_{key}")
        if row is not None:
            shown = str(Location(**row)) if key == "location" else Contact(**row).name
            tells = row.get("normal") or names.fold(shown)
            said.append(Value(str(one.public_id), shown, tells))
    return _differing(key, label, [value for value in said if value.shown], picks)


def _differing(key: str, label: str, said: Sequence[Value], picks: Mapping[str, str]) -> list[Row]:
    """A row where they differ: each value once, by whoever says it first; else none."""
    different: dict[str, Value] = {}
    for value in said:
        different.setdefault(value.tells, value)
    if len(different) < 2:
        return []
    of = {value.of: value for value in said}
    taken = of.get(picks.get(key, ""), said[0]).tells
    options = [Option(v.of, v.of, v.shown, v.tells == taken) for v in different.values()]
    return [Row(key, label, options)]

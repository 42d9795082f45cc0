"""What stands to choose before profiles become one: differing fields, what moves, what to heed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from regulars.customers.models import (
    Category,
    Customer,
    CustomerType,
    CustomValue,
    Group,
    Household,
    Location,
    Source,
)
from regulars.lib.errors import Invalid
from regulars.staff.permission import check as permitted

from . import strictness
from .profiles import decisions
from .rule import Decision, strictest
from .walk import columns

if TYPE_CHECKING:
    from regulars.staff.models import User

# What nobody would call something that moves: it follows, or is the house's own.
UNTOLD = {"timeline.Reading", "timeline.Mention", "customers.NotFamily", "customers.Merge",
          "customers.MergedProfile", "customers.Customer", "imports.ImportRow"}  # fmt: skip
CALLED = {
    "timeline.Event": "entry",
    "customers.Attachment": "file",
    "customers.Tagging": "tag",
    "customers.ExternalId": "id in another system",
    "customers.FormerExternalId": "former id",
    "customers.CustomValue": "detail",
    "customers.ConsentRecord": "record of consent",
    "customers.FormerName": "former name",
    "customers.Location": "place",
}
PLURAL = {"entry": "entries", "id in another system": "ids in other systems",
          "record of consent": "records of consent"}  # fmt: skip


@dataclass(frozen=True)
class Option:
    """One value of a field, and whose it is."""

    of: str
    value: str
    chosen: bool


@dataclass(frozen=True)
class Row:
    """A field in which the profiles differ."""

    key: str
    label: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Preview:
    """What merging would do; `moves` are counts with their words."""

    rows: Sequence[Row]
    moves: Sequence[tuple[int, str]]
    warnings: Sequence[str]


def check(
    user: User,
    primary: Customer,
    others: Iterable[Customer],
    picks: Mapping[str, str | UUID],
) -> None:
    """Who picks another owner hands the customer over. Raises `NotAllowed`."""
    pick = str(picks.get("owner", ""))
    picked = next((c for c in others if str(c.public_id) == pick), primary)
    if picked.owner_id != primary.owner_id:
        permitted(user, "ownership")


def preview(
    primary: Customer, others: Sequence[Customer], picks: Mapping[str, str] | None = None
) -> Preview:
    """Of profiles the reader may see; a fixed number of statements."""
    everyone = [primary, *others]
    found = decisions(everyone, primary, picks)
    names = _names(found)
    rows = [_row(one, names) for one in found if one.differs and one.field.offered]
    rows += _custom(everyone, picks or {})
    rows += _places(everyone, picks or {})
    return Preview(rows, moves(others), _warnings(found, everyone, names))


def _row(decision: Decision, names: Mapping[tuple[str, int], str]) -> Row:
    taken = decision.field.value(decision.leaf.row)[:1]
    options = [
        Option(leaf.of, _shown(decision.field.key, value, names), value[:1] == taken)
        for leaf, value in decision.options
    ]
    return Row(decision.field.key, decision.field.label, options)


NAMED: Mapping[str, type[models.Model] | str] = {
    "owner": "staff.User", "store": "staff.Store", "group": Group, "category": Category,
    "household": Household, "referral": Customer,
}  # fmt: skip


def _shown(key: str, value: tuple[Any, ...], names: Mapping[tuple[str, int], str]) -> str:
    first = value[0]
    if key in NAMED:
        return names.get((key, first), "Somebody you may not see")
    if key == "type":
        return str(CustomerType(first).label)
    if key == "source":
        return str(value[1] or Source(first).label)
    return str(first)


def _names(found: Sequence[Decision]) -> dict[tuple[str, int], str]:
    """Owners, stores and the like by their ids; one statement for each kind that differs."""
    names: dict[tuple[str, int], str] = {}
    for one in found:
        target = NAMED.get(one.field.key)
        if target is None or not one.options:
            continue
        model: Any = apps.get_model(target) if isinstance(target, str) else target
        wanted = [value[0] for _, value in one.options]
        pairs = model._base_manager.filter(pk__in=wanted).values_list("pk", "name")
        names |= {(one.field.key, pk): name for pk, name in pairs}
    return names


def _custom(everyone: Sequence[Customer], picks: Mapping[str, str]) -> list[Row]:
    """The company's own fields: the primary's answer is chosen where there is one."""
    order = {c.pk: n for n, c in enumerate(everyone)}
    public = {c.pk: str(c.public_id) for c in everyone}
    values = CustomValue.objects.filter(customer__in=everyone).select_related("field")
    by_field: dict[Any, list[CustomValue]] = {}
    for value in sorted(values, key=lambda v: (v.field.position, v.field_id, order[v.customer_id])):
        by_field.setdefault(value.field, []).append(value)
    found = []
    for field, said in by_field.items():
        different = {_said(value): value for value in reversed(said)}
        if len(different) < 2:
            continue
        key = f"custom.{field.key}"
        pick = picks.get(key, public[said[0].customer_id])
        options = [
            Option(public[v.customer_id], text, public[v.customer_id] == pick)
            for text, v in reversed(different.items())
        ]
        found.append(Row(key, field.label, options))
    return found


def _said(value: CustomValue) -> str:
    if value.number is not None:
        return f"{value.number.normalize():f}"
    return value.text or str(value.day or "")


def _places(everyone: Sequence[Customer], picks: Mapping[str, str]) -> list[Row]:
    rows = Location.objects.filter(customer__in=everyone, is_primary=True)
    led = {row.customer_id: row for row in rows}
    said = [(str(c.public_id), str(led[c.pk]), led[c.pk].normal) for c in everyone if c.pk in led]
    if len({normal or text for _, text, normal in said}) < 2:
        return []
    pick = picks.get("location", said[0][0])
    return [Row("location", "Main place", [Option(of, t, of == pick) for of, t, _ in said])]


def moves(others: Sequence[Customer]) -> list[tuple[int, str]]:
    """How many rows of each kind go over, the most first; one statement."""
    quote = connection.ops.quote_name
    wanted = [c for c in columns() if c.model._meta.label not in UNTOLD]
    selects = [
        f"SELECT {n}, count(*) FROM {quote(one.model._meta.db_table)} "  # noqa: S608 (our own tables)
        f"WHERE {quote(one.attname)} = ANY(%(others)s)"
        for n, one in enumerate(wanted)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), {"others": [c.pk for c in others]})
        counts = sorted(((count, n) for n, count in cursor.fetchall()), reverse=True)
    return [(count, _called(wanted[n].model, count)) for count, n in counts if count]


def _called(model: type[models.Model], count: int) -> str:
    one = CALLED.get(model._meta.label) or str(model._meta.verbose_name)
    return one if count == 1 else PLURAL.get(one, f"{one}s")


def _warnings(
    found: Sequence[Decision], everyone: Sequence[Customer], names: Mapping[tuple[str, int], str]
) -> list[str]:
    warnings = []
    owner = next(one for one in found if one.field.key == "owner")
    if owner.differs:
        all_of = [names.get(("owner", value[0]), "") for _, value in owner.options]
        keeps = names.get(("owner", owner.leaf.row["owner_id"]), "")
        lose = ", ".join(sorted({name for name in all_of if name and name != keeps}))
        warnings.append(f"{keeps} becomes the only owner; it is no longer {lose}’s customer.")
    stricter = _stricter(everyone)
    if stricter:
        warnings.append(
            f"They said different things about {', '.join(stricter)}: the stricter word holds."
        )
    if any(c.is_company for c in everyone) and not all(c.is_company for c in everyone):
        warnings.append("One is a company and another one a person.")
    return warnings


def _stricter(everyone: Sequence[Customer]) -> list[str]:
    """The addresses about which one word allows more than another one."""
    said: dict[strictness.Key, set[str]] = {}
    for customer in everyone:
        for key, record in strictness.standing(customer).items():
            said.setdefault(key, set()).add(record.kind)
    return sorted({key[1] for key, kinds in said.items() if kinds - {strictest(list(kinds))}})


def chosen(user: User, public_ids: Sequence[UUID]) -> list[Customer]:
    """The customers of these ids in their order; a foreign one is missing like one that never was.

    Raises `Invalid` when there are fewer than two, or too many.
    """
    found = []
    for public_id in list(dict.fromkeys(public_ids))[:21]:
        rows = Customer.objects.visible_to(user).known_as(public_id)
        one = rows.select_related("owner", "store", "group", "category").first()
        if one is not None and one not in found:
            found.append(one)
    if len(found) < 2:
        raise Invalid({"ids": "Choose at least two customers"})
    if len(found) > 20:
        raise Invalid({"ids": "At most 20 at once"})
    return found

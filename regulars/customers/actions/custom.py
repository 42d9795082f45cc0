"""Custom fields: defining them, and saying something in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.models import Max

from regulars.criteria.fields import TAKEN, customer_fields
from regulars.customers.custom.queries import MOST_FIELDS
from regulars.customers.custom.values import Definition, Value, columns
from regulars.customers.history.context import writing
from regulars.customers.models import Customer, CustomField, CustomValue, FieldKind
from regulars.lib import clock, names
from regulars.lib.errors import Invalid

from .rows import rewrite
from .touched import changing

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST_CHOICES = 200


def add_field(
    *,
    label: str,
    kind: str,
    choices: Sequence[str] = (),
    help: str = "",
    key: str = "",
    by: User,
) -> CustomField:
    """A new custom field; its `key`, for filters and programs, is made of the label. `Invalid`."""
    errors: dict[str, str] = {}
    if kind not in FieldKind.values:
        errors["kind"] = "This must be one of " + ", ".join(FieldKind.values)
    said = _labelled(label, None, errors)
    options = _choices(kind, choices, errors)
    key = _key(key or label, errors, given=bool(key))
    if CustomField.objects.filter(archived_at=None).count() >= MOST_FIELDS:
        errors["label"] = f"There are {MOST_FIELDS} custom fields already; archive one first"
    if errors:
        raise Invalid(errors)
    with writing(by):
        last = CustomField.objects.aggregate(last=Max("position"))["last"]
        return CustomField.objects.create(
            key=key,
            label=said,
            help=_help(help),
            kind=kind,
            choices=options,
            position=(last or 0) + 1,
            created_by=by,
        )


def change_field(
    field: CustomField,
    *,
    label: str,
    choices: Sequence[str] = (),
    help: str = "",
    by: User,
) -> None:
    """Another label, help or list of choices. A choice in use stays until nobody has it."""
    errors: dict[str, str] = {}
    said = _labelled(label, field, errors)
    options = _choices(field.kind, choices, errors)
    gone = {names.fold(c) for c in field.choices} - {names.fold(c) for c in options}
    used = CustomValue.objects.filter(field=field, folded__in=gone).first() if gone else None
    if used is not None:
        errors["choices"] = f"“{used.text}” is still in use: change those customers first"
    if errors:
        raise Invalid(errors)
    with writing(by):
        rewrite(field, {"label": said, "help": _help(help), "choices": options})
        for option in options:
            rows = CustomValue.objects.filter(field=field, folded=names.fold(option))
            rows.exclude(text=option).update(text=option)


def move_field(field: CustomField, *, up: bool, by: User) -> None:
    """One place up or down in the order they are shown."""
    with writing(by):
        rows = list(CustomField.objects.filter(archived_at=None).select_for_update())
        at = next((n for n, row in enumerate(rows) if row.pk == field.pk), 0)
        to = at - 1 if up else at + 1
        if 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
        for n, row in enumerate(rows):
            rewrite(row, {"position": n + 1})


def archive_field(field: CustomField, *, by: User) -> None:
    """Out of sight everywhere; what customers said in it is kept."""
    with writing(by):
        rewrite(field, {"archived_at": field.archived_at or clock.now()})


def restore_field(field: CustomField, *, by: User) -> None:
    with writing(by):
        rewrite(field, {"archived_at": None})


def _labelled(label: str, own: CustomField | None, errors: dict[str, str]) -> str:
    said = names.clean(label)
    others = CustomField.objects.exclude(pk=own.pk) if own else CustomField.objects.all()
    if not 1 <= len(said) <= 60:
        errors["label"] = "A label has 1 to 60 characters"
    elif others.filter(label__iexact=said).exists():
        errors["label"] = "There is a custom field of this name already, in use or archived"
    return said


def _help(text: str) -> str:
    return names.clean(text)[:200]


def _key(said: str, errors: dict[str, str], *, given: bool) -> str:
    key = "_".join(re.findall("[a-z0-9]+", names.fold(said)))[:40].strip("_")
    key = key if key[:1].isalpha() else f"field_{key}".rstrip("_")[:40]
    if given and key != said:
        errors["key"] = "A key is small letters, digits and _, beginning with a letter"
    taken = key in customer_fields or key in TAKEN or key in customer_fields.things
    if taken or CustomField.objects.filter(key=key).exists():
        if given:
            errors["key"] = f"“{key}” is taken"
        stem, n = key[:36], 2
        while CustomField.objects.filter(key=f"{stem}_{n}").exists():
            n += 1
        key = f"{stem}_{n}"
    return key


def _choices(kind: str, said: Sequence[str], errors: dict[str, str]) -> list[str]:
    if kind != FieldKind.CHOICE:
        return []
    found: dict[str, str] = {}
    for choice in map(names.clean, said):
        if choice:
            found.setdefault(names.fold(choice) or choice, choice)
    if not found:
        errors["choices"] = "A choice needs something to choose from"
    if len(found) > MOST_CHOICES or any(len(c) > 60 for c in found.values()):
        errors["choices"] = f"At most {MOST_CHOICES} choices, each of at most 60 characters"
    return list(found.values())


# --- What a customer says


def put_custom(customer: Customer, said: Mapping[Definition, Value], *, by: User | None) -> bool:
    """Set these custom fields, None for nothing; one event when any differ."""
    if not said:
        return False
    with changing(customer, by=by, searched=False) as change:
        change.said(*_put(customer, said))
    return bool(change.parts)


def _put(customer: Customer, said: Mapping[Definition, Value]) -> list[str]:
    there = {row.field_id: row for row in CustomValue.objects.filter(customer=customer)}
    changed = []
    for field, value in said.items():
        row = there.get(field.id)
        if value is None:
            differs = row is not None and bool(row.delete())
        elif row is None:
            CustomValue.objects.create(customer=customer, field_id=field.id, **columns(value))
            differs = True
        else:
            differs = rewrite(row, columns(value))
        if differs:
            changed.append(field.label)
    return changed


def put_new(pairs: Sequence[tuple[Customer, Mapping[Definition, Value]]]) -> None:
    """What customers say who were just added, in one statement."""
    CustomValue.objects.bulk_create(
        CustomValue(customer=customer, field_id=field.id, **columns(value))
        for customer, said in pairs
        for field, value in said.items()
        if value is not None
    )

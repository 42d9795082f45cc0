"""The parts of a record and the columns each is told by, read off the models that are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models

from regulars.customers.models import Customer, keepings
from regulars.customers.notes.details import note_details
from regulars.timeline.kinds import Shelf

if TYPE_CHECKING:
    from regulars.customers.models import Kept

USER = "staff.user"
FIRST = ("customer", "contact", "email", "phone", "location", "tagging", "externalid")
LABELS = {
    "is_primary": "Primary",
    "typed": "Number",
    "about": "Personal facts",
    "archived_at": "Archived",
}
KINDS: tuple[tuple[type[Any], str], ...] = (
    (models.BooleanField, "flag"),
    (models.DateTimeField, "time"),
    (models.DateField, "day"),
    (models.DecimalField, "number"),
)


@dataclass(frozen=True)
class Column:
    """One field: `column` is its name in the table, `refers` the model that an id is of."""

    key: str
    column: str
    label: str
    kind: str = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    refers: str = ""
    unset: object = None


@dataclass(frozen=True)
class Part:
    """A kind of row: the customer, a contact, an email …; `owner` is the column of its customer."""

    key: str
    label: str
    table: str
    live: str
    owner: str
    columns: Sequence[Column]
    named: Sequence[Sequence[Column]] = ()
    of: Column | None = None
    shelf: Shelf = Shelf.CUSTOMER
    taken_back: str = ""
    unsaid: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_customer(self) -> bool:
        return self.owner == "id"

    @property
    def is_a_field(self) -> bool:
        """A row that is called by what it refers to, such as a field of the company's own."""
        return bool(self.named) and all(c.refers for group in self.named for c in group)


@cache
def parts() -> Mapping[str, Part]:
    """Every part of a customer's record by its key, in the order in which it is told."""
    found = {part.key: part for part in (_part(one) for one in keepings() if one.customer)}
    return {key: found[key] for key in [*FIRST, *found] if key in found}


@cache
def named_models() -> Mapping[str, tuple[str, str, tuple[str, ...]]]:
    """Where the name of a referred row stands: table, column of the id, columns of the name.

    Of models that are kept it is looked up in their history, where deleted ones have theirs too.
    """
    found: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    kept = {one.model: one for one in keepings()}
    for part in parts().values():
        for column in (*part.columns, part.of):
            model = _model(column.refers) if column else None
            if column and model and model is not Customer:
                found[column.refers] = _place(model, kept.get(model))
    for detail in note_details:
        if model := _model(detail.refers):
            found[detail.refers] = _place(model, kept.get(model))
    return {USER: ("staff_user", "id", ("name",)), **found}


def _model(label: str) -> type[models.Model] | None:
    from django.apps import apps

    return apps.get_model(label) if label else None


def _place(model: Any, kept: Kept | None) -> tuple[str, str, tuple[str, ...]]:
    known = {f.name for f in model._meta.concrete_fields}
    columns = ("name",) if "name" in known else tuple(kept.named[0].split()) if kept else ()
    if kept is None:
        return model._meta.db_table, "id", columns
    return kept.history._meta.db_table, "pgh_obj_id", columns


def _part(kept: Kept) -> Part:
    fields = {f.name: f for f in kept.history._meta.concrete_fields}
    untold = {"id", kept.customer, kept.of, *kept.hidden}
    told = [name for name in fields if not name.startswith("pgh_") and name not in untold]
    order = [f.name for f in kept.model._meta.concrete_fields]
    known = {f.name: _column(f) for f in kept.model._meta.concrete_fields}
    for name, column in known.items():
        word = known.get(name.removesuffix("_at"), column)
        if word is not column:
            known[name] = replace(column, label=f"{word.label} since")
    return Part(
        key=kept.model.__name__.lower(),
        label=kept.label,
        table=kept.history._meta.db_table,
        live=kept.model._meta.db_table,
        owner=str(fields[kept.customer].column),
        columns=[known[name] for name in sorted(told, key=order.index)],
        named=[[known[name] for name in group.split()] for group in kept.named],
        of=known[kept.of] if kept.of else None,
        shelf=kept.shelf,
        taken_back=kept.taken_back,
        unsaid=kept.unsaid,
    )


def _column(field: Any) -> Column:
    default = None if callable(field.default) or not field.has_default() else field.default
    return Column(
        key=field.name,
        column=field.column,
        label=LABELS.get(field.name) or str(field.verbose_name).capitalize(),
        kind=_kind(field),
        choices={str(key): str(label) for key, label in field.flatchoices},
        refers=field.related_model._meta.label_lower if field.related_model else "",
        unset=str(default) if isinstance(default, str) else default,
    )


def _kind(field: Any) -> str:
    if field.name in ("language", "birthday", "country", "details", "consent_basis"):
        return str(field.name)
    if field.name == "size" and isinstance(field, models.IntegerField):
        return "bytes"
    return next((kind for of, kind in KINDS if isinstance(field, of)), "text")

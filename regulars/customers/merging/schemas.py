"""Merges as programs ask for them and read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from regulars.customers.models import Customer, Merge
from regulars.customers.schemas.refs import CustomerRef, NamedRow

from .choosing import Preview
from .rule import MOST
from .since import Since, since

if TYPE_CHECKING:
    from regulars.staff.models import User


class MergeIn(BaseModel):
    """`picks` names of a field (name, company, type, source, owner, store, group, category,
    household, referral, location, contact, custom.<key>) the customer whose value is taken."""

    model_config = ConfigDict(extra="forbid")

    primary: UUID = Field(description="The customer that stays")
    others: list[UUID] = Field(min_length=1, max_length=MOST - 1)
    picks: dict[str, UUID] = Field(default_factory=dict, max_length=200)
    dry_run: bool = Field(default=False, description="Only say what would happen")


class MergedRow(TypedDict):
    """One who lives on in the other; `undone_at` once they were taken out again."""

    id: str
    name: str
    undone_at: datetime | None


class SinceRow(TypedDict):
    """What came after the merge; `belongs_to` is whose it says it is, null when it does not."""

    key: str
    what: str
    said: str
    at: datetime | None
    belongs_to: str | None


class MergeListed(TypedDict):
    """`customer` holds it all now; `undone_at` once all of `merged` were taken out again."""

    id: str
    customer: CustomerRef
    merged: list[MergedRow]
    at: datetime
    by: NamedRow | None
    undone_at: datetime | None


class MergeRow(MergeListed):
    """`since` is what undoing leaves with `customer` unless `give` says else."""

    since: list[SinceRow]


class MergePage(TypedDict):
    items: list[MergeListed]
    next: str | None


class OptionRow(TypedDict):
    """A value the field may get; `pick` is the customer to name in `picks` for it, null where only
    the rule takes it."""

    value: str
    of: str
    pick: str | None
    taken: bool


class DifferingRow(TypedDict):
    """A field on which they differ, each value once."""

    key: str
    label: str
    options: list[OptionRow]


class MovingRow(TypedDict):
    what: str
    count: int


class MergePreview(TypedDict):
    """What merging would do now; nothing was written. `warnings` are sentences."""

    primary: CustomerRef
    others: list[CustomerRef]
    fields: list[DifferingRow]
    moves: list[MovingRow]
    warnings: list[str]


def row(merge: Merge, user: User) -> dict[str, Any]:
    """One merge, as `MergeRow`, with what came since; read as `listed` wants it."""
    there = [p for p in merge.profiles.all() if p.undone_at is None]
    found = [_since(one) for one in since(merge, there)] if there else []
    return {**listed([merge], user)[0], "since": found}


def listed(merges: Sequence[Merge], user: User) -> list[dict[str, Any]]:
    """Merges with their `profiles`, `customer` and `by`; one statement for any number. Of whom was
    taken out again only who sees them is told the name."""
    everyone = [p for merge in merges for p in merge.profiles.all()]
    out = [p.public_id for p in everyone if p.undone_at is not None]
    seen = Customer.objects.visible_to(user).filter(public_id__in=out) if out else ()
    names = {one.public_id: one.name for one in seen}
    return [_listed(merge, names) for merge in merges]


def _listed(merge: Merge, names: Mapping[UUID, str]) -> dict[str, Any]:
    profiles = list(merge.profiles.all())
    undone = [p.undone_at for p in profiles if p.undone_at is not None]
    return {
        "id": str(merge.public_id),
        "customer": _ref(merge.customer),
        "merged": [
            {
                "id": str(p.public_id),
                "name": p.name or names.get(p.public_id, ""),
                "undone_at": p.undone_at,
            }
            for p in profiles
        ],
        "at": merge.at,
        "by": {"id": merge.by.pk, "name": merge.by.name} if merge.by else None,
        "undone_at": max(undone) if len(undone) == len(profiles) else None,
    }


def proposed(primary: Customer, others: Sequence[Customer], found: Preview) -> dict[str, Any]:
    """What merging would do, as `MergePreview`."""
    fields = [
        {
            "key": one.key,
            "label": one.label,
            "options": [
                {"value": o.value, "of": o.of, "pick": o.pick or None, "taken": o.chosen}
                for o in one.options
            ],
        }
        for one in found.rows
    ]
    return {
        "primary": _ref(primary),
        "others": [_ref(one) for one in others],
        "fields": fields,
        "moves": [{"what": what, "count": count} for count, what in found.moves],
        "warnings": list(found.warnings),
    }


def _ref(customer: Customer) -> dict[str, str]:
    return {"id": str(customer.public_id), "name": customer.name}


def _since(one: Since) -> dict[str, Any]:
    return {
        "key": one.key,
        "what": one.what,
        "said": one.said,
        "at": one.at,
        "belongs_to": one.belongs_to or None,
    }

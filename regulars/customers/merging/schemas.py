"""Merges as programs ask for them and read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from regulars.customers.models import Merge
from regulars.customers.schemas import CustomerRef, NamedRow

from .since import Since, since


class MergeIn(BaseModel):
    """`picks` names of a field (name, company, type, source, owner, store, group, category,
    household, referral, location, contact, custom.<key>) the customer whose value is taken."""

    model_config = ConfigDict(extra="forbid")

    primary: UUID = Field(description="The customer that stays")
    others: list[UUID] = Field(min_length=1, max_length=20)
    picks: dict[str, UUID] = Field(default_factory=dict, max_length=200)


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


class MergeRow(TypedDict):
    """`customer` holds it all now; `since` is what undoing leaves there unless `give` says else."""

    id: str
    customer: CustomerRef
    merged: list[MergedRow]
    at: datetime
    by: NamedRow | None
    undone_at: datetime | None
    since: list[SinceRow]


def row(merge: Merge) -> dict[str, Any]:
    profiles = list(merge.profiles.all())
    there = [p for p in profiles if p.undone_at is None]
    undone = [p.undone_at for p in profiles if p.undone_at is not None]
    return {
        "id": str(merge.public_id),
        "customer": {"id": str(merge.customer.public_id), "name": merge.customer.name},
        "merged": [
            {"id": str(p.public_id), "name": p.name, "undone_at": p.undone_at} for p in profiles
        ],
        "at": merge.at,
        "by": {"id": merge.by.pk, "name": merge.by.name} if merge.by else None,
        "undone_at": None if there else max(undone, default=None),
        "since": [_since(one) for one in since(merge, there)] if there else [],
    }


def _since(one: Since) -> dict[str, Any]:
    return {
        "key": one.key,
        "what": one.what,
        "said": one.said,
        "at": one.at,
        "belongs_to": one.belongs_to or None,
    }

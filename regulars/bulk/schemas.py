"""How work on many customers looks to programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from typing_extensions import TypedDict

from .deeds import deeds, unknown
from .dry import DryRun
from .models import Line, Receipt

StateName = Literal["queued", "running", "done", "stopped", "failed", "undoing", "undone"]
OutcomeName = Literal["changed", "added", "skipped", "back", "partly", "stays", "merged"]


def _plain(value: object) -> object:
    """One sentence instead of one for each kind that it might have been."""
    if value is not None and not isinstance(value, str | int | bool):
        raise ValueError("This must be text, a number, true, false or null")
    return value


class BulkIn(BaseModel):
    """A deed for `ids`, or for all that `filter` and `q` find."""

    model_config = ConfigDict(extra="forbid")

    action: str = Field(max_length=40, description="One of GET /bulk/actions")
    values: dict[str, Annotated[str | int | bool | None, BeforeValidator(_plain)]] = Field(
        default_factory=dict, max_length=50, description="What the action needs, by field"
    )
    ids: list[str] | None = Field(default=None, max_length=10_000)
    filter: str | None = Field(
        default=None, max_length=16_000, description="Criteria, as text or as a JSON tree"
    )
    q: str = Field(default="", max_length=200, description="The search box, as for /customers")
    archived: bool = Field(default=False, description="Those put away, instead of those in use")
    but: list[str] = Field(
        default_factory=list, max_length=10_000, description="Ids the filter is not to mean"
    )
    dry_run: bool = Field(default=False, description="Only say what would happen")

    @field_validator("action")
    @classmethod
    def _there_is_one(cls, action: str) -> str:
        """Said together with what is wrong with the values, not after it."""
        deed = deeds.get(action)
        if deed is None or deed.page:
            raise ValueError(unknown(action))
        return action


class GroupOut(TypedDict):
    """So many go from `before` to `after`; "" is nothing."""

    before: str
    after: str
    count: int


class PassedOut(TypedDict):
    reason: str
    count: int
    names: list[str]


class DryRunOut(TypedDict):
    """What would happen now; `missing` of the ids are not there, or not yours to see. Of very many
    the first `looked_at` are told about; `more`: there are more than `total`, which would take
    too long to count."""

    dry_run: Literal[True]
    action: str
    says: str
    total: int
    more: bool
    looked_at: int
    changes: int
    names: list[str]
    groups: list[GroupOut]
    skipped: list[PassedOut]
    missing: int


class BulkOut(TypedDict):
    """`done` of `total` were looked at: `changed` or `skipped`. After an undo `undone` are as they
    were, of `conflicts` something had been changed since and stays; `merged` of these live on in
    somebody else: take them apart, then undo again. `stays` of them it added itself: they go with
    another undo, with `remove_changed=true`."""

    id: str
    action: str
    says: str
    chosen: str
    state: StateName
    failure: str
    total: int
    done: int
    changed: int
    skipped: int
    undone: int
    conflicts: int
    merged: int
    stays: int
    removed: int
    can_undo: bool
    by: str | None
    created_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    url: str


class BulkPage(TypedDict):
    items: list[BulkOut]
    next: str | None


class TornOut(TypedDict):
    """A value that somebody changed since: what it is, and what it would have been again."""

    what: str
    now: str
    was: str


class LineOut(TypedDict):
    customer: str
    name: str
    outcome: str
    reason: str
    undo: str
    conflicts: list[TornOut]


class LinePage(TypedDict):
    items: list[LineOut]
    next: str | None


class ActionField(TypedDict):
    name: str
    label: str
    required: bool
    choices: list[str] | None


class ActionOut(TypedDict):
    """Something that can be done to many; `fields` are what `values` may hold."""

    key: str
    label: str
    can_undo: bool
    fields: list[ActionField]


class ActionList(TypedDict):
    items: list[ActionOut]
    next: None


def proposed(key: str, run: DryRun) -> DryRunOut:
    return {
        "dry_run": True,
        "action": key,
        "says": run.says,
        "total": run.total,
        "more": run.more,
        "looked_at": run.looked_at,
        "changes": run.changes,
        "names": run.names,
        "groups": [{"before": g.before, "after": g.after, "count": g.count} for g in run.groups],
        "skipped": [{"reason": s.reason, "count": s.count, "names": s.names} for s in run.skipped],
        "missing": run.missing,
    }


def shown(receipt: Receipt) -> BulkOut:
    state: Any = receipt.state
    return {
        "id": str(receipt.public_id),
        "action": receipt.deed,
        "says": receipt.label,
        "chosen": receipt.chosen,
        "state": state,
        "failure": receipt.failure,
        "total": receipt.total,
        "done": receipt.done,
        "changed": receipt.changed,
        "skipped": receipt.skipped,
        "undone": receipt.undone,
        "conflicts": receipt.conflicts,
        "merged": receipt.merged,
        "stays": receipt.stays,
        "removed": receipt.removed,
        "can_undo": receipt.may_be_undone,
        "by": receipt.by.name if receipt.by else None,
        "created_at": receipt.created_at,
        "finished_at": receipt.finished_at,
        "undone_at": receipt.undone_at,
        "url": receipt.get_absolute_url(),
    }


def line(row: Line) -> LineOut:
    return {
        "customer": str(row.written.public_id),
        "name": row.written.name,
        "outcome": row.outcome,
        "reason": row.reason,
        "undo": row.undone,
        "conflicts": row.told,
    }

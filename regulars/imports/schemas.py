"""How imports look to programs, and what programs may say about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.urls import reverse
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from regulars.imports import alike, report
from regulars.imports.models import Import, ImportRow
from regulars.matching.schemas import ReasonRow, RelationName
from regulars.staff.models import User

KindName = Literal["customers", "staff", "events"]
StateName = Literal["uploaded", "queued", "running", "done", "stopped", "failed"]
MatchName = Literal["email", "phone"]
OtherName = Literal["add", "update", "leave"]
OrderName = Literal["day", "month"]
ROWS = 200


class ColumnOut(TypedDict):
    """`target` null means that the column is skipped."""

    column: int
    heading: str
    target: str | None
    label: str


class ProblemRow(TypedDict):
    """`record` counts records from 1; `line` is the line of the file or the row of the sheet."""

    record: int
    line: int
    column: str
    reason: str
    text: str


class DateRow(TypedDict):
    column: int
    heading: str
    order: OrderName
    certain: bool
    sentence: str


class FirstRow(TypedDict):
    record: int
    line: int
    cells: list[str]


class AlikeRow(TypedDict):
    """A row that would be added, and the customer it seems to be; `score` and reasons in bits."""

    record: int
    line: int
    id: str
    name: str
    score: float
    probability: float
    relation: RelationName
    reasons: list[ReasonRow]


class AlikeOut(TypedDict):
    """Of the first `looked_at` rows that would be added, how many are `alike` to a customer here.

    `by_email` and `by_phone` of them would update that customer, were `match` to name it.
    """

    looked_at: int
    alike: int
    by_email: int
    by_phone: int
    items: list[AlikeRow]


class PreviewOut(TypedDict):
    """What a run would do, found out on the first `checked` records; null once it has run.

    `others` are the first of `other_names` rows that would be added though an address of theirs is
    somebody's with another first name. `complete` once these are all, `trouble` the reason when
    the others could not be checked.
    """

    checked: int
    complete: bool
    trouble: str
    added: int
    updated: int
    unchanged: int
    rejected: int
    empty: int
    problems: list[ProblemRow]
    repaired: list[ProblemRow]
    other_names: int
    others: list[ProblemRow]
    first: list[FirstRow]
    dates: list[DateRow]
    doubts: list[str]
    alike: AlikeOut


class ReportOut(TypedDict):
    """What became of the rows; `rows` are the first rejected, all of them are in `rejects`."""

    sentence: str
    accepted: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    empty: int
    repaired: int
    owners_set: int
    rows: list[ProblemRow]
    rejects: str | None


class UndoneOut(TypedDict):
    """What came of taking colleagues back; `kept` says who is not as before, and why."""

    removed: int
    disabled: int
    restored: int
    kept: list[str]


class ImportOut(TypedDict):
    """`rows` is about how many there are until `counted`; `receipt` is its id under /bulk, where it
    is taken back."""

    id: str
    name: str
    kind: KindName
    state: StateName
    rows: int
    counted: bool
    done: int
    percent: int
    mapping: list[ColumnOut]
    options: dict[str, Any]
    preview: PreviewOut | None
    report: ReportOut | None
    receipt: str | None
    undone: UndoneOut | None
    failure: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    url: str


class ImportPage(TypedDict):
    items: list[ImportOut]
    next: str | None


class ImportChange(BaseModel):
    """Only what is given changes. `mapping` names a target for a heading or a column's number
    from 1; null or `skip` for nowhere."""

    model_config = {"extra": "forbid"}

    kind: KindName | None = None
    mapping: dict[str, str | None] = Field(default_factory=dict, max_length=1_000)
    match: list[MatchName] | None = Field(None, max_length=2)
    other_name: OtherName | None = Field(
        None, description="Of a row whose address is somebody's with another first name"
    )
    system: str | None = Field(None, min_length=1, max_length=60)
    event_kind: str | None = Field(None, max_length=60)
    owner_from_events: bool | None = None
    dates: OrderName | None = None

    def options(self) -> dict[str, Any]:
        given = self.model_dump(exclude_none=True)
        return {key: given[key] for key in _OPTIONS if key in given}


_OPTIONS = ("match", "other_name", "system", "event_kind", "owner_from_events")


def row(job: Import, user: User, *, rows: bool = True) -> ImportOut:
    """An import as this user's programs see it; `rows` False leaves the single rows out."""
    return {
        "id": str(job.public_id),
        "name": job.name,
        "kind": job.kind,  # type: ignore[typeddict-item]
        "state": job.state,  # type: ignore[typeddict-item]
        "rows": job.expected,
        "counted": job.is_counted,
        "done": job.last_number,
        "percent": job.percent,
        "mapping": [_column(at, one) for at, one in enumerate(job.columns, start=1)],
        "options": job.options,
        "preview": _preview(job, user) if rows and job.is_open else None,
        "report": _report(job, rows=rows) if job.is_over else None,
        "receipt": str(job.receipt.public_id) if job.receipt else None,
        "undone": job.undone,
        "failure": job.failure,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "url": job.get_absolute_url(),
    }


def _preview(job: Import, user: User) -> PreviewOut:
    seen = job.reading
    counts = seen["counts"]
    return {
        "checked": seen["checked"],
        "complete": job.is_checked,
        "trouble": seen.get("trouble", ""),
        "added": counts["added"],
        "updated": counts["updated"],
        "unchanged": counts["unchanged"],
        "rejected": counts["rejected"],
        "empty": seen["empty"],
        "problems": [_problem(one) for one in seen["problems"]],
        "repaired": [_problem(one) for one in seen["repaired"]],
        "other_names": seen.get("other_names", 0),
        "others": [_problem(one) for one in seen.get("others", [])],
        "first": [
            {"record": one["number"], "line": one["line"], "cells": one["cells"]}
            for one in seen["first"]
        ],
        "dates": [_date(one) for one in seen["dates"]],
        "doubts": seen["doubts"],
        "alike": _alike(job, user),
    }


def _alike(job: Import, user: User) -> AlikeOut:
    said = job.reading.get("alike", {})
    by = said.get("by", {})
    return {
        "looked_at": said.get("looked_at", 0),
        "alike": said.get("alike", 0),
        "by_email": by.get("email", 0),
        "by_phone": by.get("phone", 0),
        "items": [
            {
                "record": one.said["number"],
                "line": one.said["line"],
                "id": str(one.other.customer.public_id),
                "name": one.other.customer.name,
                "score": one.said["score"],
                "probability": one.said["probability"],
                "relation": one.said["relation"],
                "reasons": one.said["reasons"],
            }
            for one in alike.shown(job, user)
        ],
    }


def _column(at: int, one: dict[str, Any]) -> ColumnOut:
    return {
        "column": at,
        "heading": one["heading"],
        "target": one["target"],
        "label": one["label"],
    }


def _date(one: dict[str, Any]) -> DateRow:
    return {
        "column": one["column"] + 1,
        "heading": one["heading"],
        "order": one["order"],
        "certain": one["certain"],
        "sentence": one["sentence"],
    }


def _problem(one: dict[str, Any]) -> ProblemRow:
    return {
        "record": one["number"],
        "line": one["line"],
        "column": one["column"],
        "reason": one["reason"],
        "text": one["text"],
    }


def _report(job: Import, *, rows: bool) -> ReportOut:
    found = report.troubled(job)[:ROWS] if rows and job.rejected else []
    link = reverse("api:import_rejects", args=[job.public_id]) if job.rejected else None
    return {
        "sentence": report.sentence(job),
        "accepted": job.accepted,
        "added": job.added,
        "updated": job.updated,
        "unchanged": job.unchanged,
        "rejected": job.rejected,
        "empty": job.empty,
        "repaired": job.repaired,
        "owners_set": job.owners_set,
        "rows": [_rejected(one) for one in found],
        "rejects": link,
    }


def _rejected(one: ImportRow) -> ProblemRow:
    return {
        "record": one.number,
        "line": one.line,
        "column": one.column,
        "reason": one.reason,
        "text": one.text,
    }

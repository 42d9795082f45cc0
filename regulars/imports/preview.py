"""What a run would do, found out without doing it: from the first rows at once, then from all."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

from regulars.imports import alike
from regulars.imports.guessing import date_guesses
from regulars.imports.models import Import, Outcome
from regulars.imports.options import Options, from_json
from regulars.imports.plans.customers import CustomerPlanner
from regulars.imports.plans.events import EventPlanner
from regulars.imports.plans.plan import Plan, Planner
from regulars.imports.plans.staff import StaffPlanner
from regulars.imports.reading.encoding import printable
from regulars.imports.reading.limits import MEGABYTE, Limits
from regulars.imports.reading.mapping import Column
from regulars.imports.reading.table import Table
from regulars.imports.reading.targets import Kind
from regulars.staff.models import User
from regulars.staff.time_zones import zone_of

BATCH = 1_000
FIRST = 12
LOOKED_AT = 500
"""How many records are judged while somebody waits; the worker looks at the rest."""
SHOWN = 500
T = TypeVar("T")


def limits() -> Limits:
    """The limits with this installation's own file size."""
    return Limits(file_bytes=int(getattr(settings, "IMPORT_MEGABYTES", 50)) * MEGABYTE)


def folder() -> Path:
    """Where uploads lie: outside what is served."""
    return Path(settings.VAR) / "uploads"


def columns_of(job: Import) -> list[Column]:
    return [Column(one["heading"], one["target"], one["label"]) for one in job.columns]


def options_of(job: Import) -> Options:
    return from_json(job.options)


def region_of(user: User | None) -> str:
    """Where a phone number without country is."""
    return user.store.country if user and user.store else "US"


def planner_of(job: Import) -> Planner:
    """The one that judges this import's rows."""
    columns, options = columns_of(job), options_of(job)
    place: dict[str, Any] = {"by": job.by, "zone": zone_of(job.by), "region": region_of(job.by)}
    if job.kind == Kind.STAFF:
        return StaffPlanner(columns)
    kind = EventPlanner if job.kind == Kind.EVENTS else CustomerPlanner
    return kind(columns, options, **place)


def batches(items: Iterator[T], size: int = BATCH) -> Iterator[list[T]]:
    while batch := list(itertools.islice(items, size)):
        yield batch


class Found:
    """What the records looked at so far would become, and the first of their troubles."""

    def __init__(self) -> None:
        self.checked = 0
        self.counts: Counter[str] = Counter()
        self.problems: list[dict[str, Any]] = []
        self.repaired: list[dict[str, Any]] = []
        self.others: list[dict[str, Any]] = []
        self.other_names = 0

    def add(self, plans: Sequence[Plan], header: Sequence[str]) -> None:
        self.checked += len(plans)
        for plan in plans:
            self.counts[plan.outcome] += 1
            if plan.outcome == Outcome.REJECTED and len(self.problems) < SHOWN:
                self.problems.append(said(plan, header))
            elif plan.record.repaired and len(self.repaired) < SHOWN:
                self.repaired.append(said(plan, header))
            if plan.outcome == Outcome.ADDED and plan.reason:
                self.other_names += 1
                if len(self.others) < SHOWN:
                    self.others.append(said(plan, header))

    def to_json(self) -> dict[str, Any]:
        return {
            "checked": self.checked,
            "counts": {outcome: self.counts[outcome] for outcome in Outcome.values},
            "problems": self.problems,
            "repaired": self.repaired,
            "others": self.others,
            "other_names": self.other_names,
        }


def examine(job: Import, table: Table) -> dict[str, Any]:
    """The preview as plain data, kept with the import until it runs.

    `counts` by outcome over the first `checked` records of `rows`, which is exact when `counted`;
    `complete` when these were all; `problems` and `repaired` with record number, line, column,
    reason and text, as do `others`, of `other_names` rows that are added though an address of
    theirs is somebody's with another first name; `alike` as in `regulars.imports.alike`.
    """
    found = Found()
    first = table.sample[:LOOKED_AT]
    plans = planner_of(job).plan(first)
    found.add(plans, table.header)
    return {
        **found.to_json(),
        "rows": table.rows,
        "counted": table.counted,
        "complete": table.is_sample_all and len(first) == table.rows,
        "empty": table.empty_rows,
        "first": _first(table),
        "alike": alike.alike(plans, by=job.by, region=region_of(job.by)),
        "dates": _dates(job, table),
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "has_header": table.has_header,
        "is_workbook": table.is_workbook,
    }


def said(plan: Plan, header: Sequence[str]) -> dict[str, Any]:
    """A plan's trouble or repair in plain data."""
    at = plan.column
    return {
        "number": plan.record.number,
        "line": plan.record.line,
        "column": header[at] if at is not None and at < len(header) else "",
        "reason": plan.reason or plan.record.repaired or "",
        "text": printable(plan.record.text)[:300],
    }


def _first(table: Table) -> list[dict[str, Any]]:
    return [
        {"number": one.number, "line": one.line, "cells": [cell[:120] for cell in one.cells[:60]]}
        for one in table.sample[:FIRST]
        if not one.problem
    ]


def _dates(job: Import, table: Table) -> list[dict[str, Any]]:
    chosen = options_of(job).date_orders
    return [
        {
            "column": at,
            "heading": table.header[at],
            "order": chosen.get(at, guess.order),
            "certain": guess.certain,
            "sentence": guess.sentence,
        }
        for at, guess in date_guesses(table, columns_of(job)).items()
    ]

"""The first proposal for a file: kind, columns and options, checked against what we know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from regulars.customers.sheet import TARGETS as OURS
from regulars.imports.options import Options
from regulars.imports.plans.directory import Directory
from regulars.imports.reading.dates import DateGuess, guess_order
from regulars.imports.reading.mapping import (
    Column,
    guess_columns,
    guess_event_kind,
    guess_kind,
    label_of,
)
from regulars.imports.reading.shapes import text_of
from regulars.imports.reading.table import Table
from regulars.imports.reading.targets import NAMES_SOMEBODY, Kind
from regulars.imports.targets import custom_targets, named_so, targets
from regulars.lib import names
from regulars.timeline.kinds import event_kinds

DATES = ("created_at", "happened_at")


@dataclass(frozen=True)
class Proposal:
    """What we would do; `doubts` are sentences for the person."""

    kind: Kind
    columns: list[Column]
    options: Options
    doubts: list[str]


def propose(table: Table, stem: str, options: Options, kind: Kind | None = None) -> Proposal:
    """A mapping for the file. A column of owners, stores or groups that we know none of is kept
    as a note, so that it does not cost every row."""
    kind = kind or guess_kind(table.header, stem)
    columns, doubts = _known(table, kind, _with_custom(kind, guess_columns(table, kind, OURS)))
    if kind is Kind.EVENTS and not options.event_kind:
        guessed = guess_event_kind(table.header, stem)
        known = guessed if guessed in event_kinds else "note.added"
        options = replace(options, event_kind=known, owner_from_events=known == "order.placed")
    return Proposal(kind, columns, with_dates(table, columns, options), doubts)


def _with_custom(kind: Kind, columns: list[Column]) -> list[Column]:
    """A heading that is called like a custom field, and like nothing else, is one."""
    if kind is not Kind.CUSTOMERS:
        return columns
    fields = list(custom_targets().values())
    return [
        replace(column, target=named_so(column.heading, fields) or column.target)
        if column.target in ("note", None)
        else column
        for column in columns
    ]


def with_dates(table: Table, columns: Sequence[Column], options: Options) -> Options:
    """The options with the order of day and month guessed wherever it was not chosen."""
    orders = {at: guess.order for at, guess in date_guesses(table, columns).items()}
    return replace(options, date_orders={**orders, **options.date_orders})


def date_guesses(table: Table, columns: Sequence[Column]) -> dict[int, DateGuess]:
    """By column, how its dates are read and whether that is certain."""
    dates = {*DATES, *(key for key, one in custom_targets().items() if one.kind == "date")}
    return {
        at: guess_order([text_of(one.cells[at]) for one in table.sample if not one.problem])
        for at, column in enumerate(columns)
        if column.target in dates
    }


def missing(kind: Kind, columns: Sequence[Column]) -> str:
    """What the mapping still lacks, as a sentence; "" when it can run."""
    there = {column.target for column in columns}
    if kind is Kind.CUSTOMERS and not there & NAMES_SOMEBODY:
        return "Choose the column that names the customer: a name or a company."
    if kind is Kind.STAFF and not there & {"name", "first_name", "last_name"}:
        return "Choose the column that names the colleague."
    if kind is Kind.EVENTS:
        if not there & {"customer", "customer_email", "customer_phone"}:
            return "Choose the column that says whose event it is: a number, an email or a phone."
        if "happened_at" not in there:
            return "Choose the column that says when it happened."
    return ""


def columns_from(
    header: Sequence[str], chosen: dict[int, str | None], columns: Sequence[Column]
) -> list[Column]:
    """The columns with some targets chosen anew; None skips a column."""
    return [
        replace(column, target=chosen[at], label=label_of(heading)) if at in chosen else column
        for at, (heading, column) in enumerate(zip(header, columns, strict=True))
    ]


def repeated(kind: Kind, columns: Sequence[Column]) -> str:
    """The label of a single target that two columns would fill, "" when there is none."""
    there: set[str] = set()
    known = targets(kind)
    for column in columns:
        if column.target is None or known[column.target].many:
            continue
        if column.target in there:
            return known[column.target].label
        there.add(column.target)
    return ""


def _known(table: Table, kind: Kind, columns: list[Column]) -> tuple[list[Column], list[str]]:
    directory = Directory()
    rest = {Kind.CUSTOMERS: "note", Kind.STAFF: None, Kind.EVENTS: "data"}[kind]
    found: list[Column] = []
    doubts: list[str] = []
    for at, column in enumerate(columns):
        values = {text_of(one.cells[at]) for one in table.sample if not one.problem} - {""}
        if column.target is None or not values or _any_known(directory, column.target, values):
            found.append(column)
            continue
        found.append(replace(column, target=rest))
        what = {"owner": "colleague", "actor": "colleague"}.get(column.target, column.target)
        kept = {"note": "kept as a note", "data": "kept as a detail", None: "skipped"}[rest]
        doubts.append(f"No {what} is called what “{column.heading}” says, so it is {kept}.")
    return found, doubts


def _any_known(directory: Directory, target: str, values: set[str]) -> bool:
    if target in ("owner", "actor"):
        return any(directory.knows(value) for value in values)
    if target in ("store", "group", "team", "role"):
        rows = getattr(directory, f"{target}s")
        return any(names.fold(value) in rows for value in values)
    return True

"""The record as it was, beside what it is now: the same rows and fields, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Literal

from .as_of import Record
from .changes import Names, Row, Said, calling, is_nothing, said, title, whose
from .ended import ended_on
from .parts import Column, Part

Fate = Literal["same", "changed", "removed", "added"]


@dataclass(frozen=True)
class Line:
    """One field: what it said `then`, and what it says `now`; `is_title`: the row is called so."""

    label: str
    then: Said
    now: Said
    is_title: bool = False

    @property
    def differs(self) -> bool:
        return self.then != self.now


@dataclass(frozen=True)
class Item:
    """One row; `fate` is what became of it since, “added” for one that was not there yet."""

    obj: int
    title: str
    of: str
    fate: Fate
    lines: Sequence[Line]


@dataclass(frozen=True)
class Section:
    part: Part
    items: Sequence[Item]

    @property
    def differs(self) -> bool:
        return any(item.fate != "same" for item in self.items)


@dataclass(frozen=True)
class Days:
    """Of the two records, for whoever reads."""

    then: date
    now: date


def sections(
    then: Record, now: Record, parts: Mapping[str, Part], names: Names, zone: tzinfo
) -> list[Section]:
    """Each part that had a row then, or has one now, with all its rows: those of then first."""
    days = Days(*(record.at.astimezone(zone).date() for record in (then, now)))
    found = [
        Section(part, list(_items(part, then.rows[key], now.rows[key], names, days)))
        for key, part in parts.items()
    ]
    return [section for section in found if section.items]


def _items(
    part: Part, then: Sequence[Row], now: Sequence[Row], names: Names, days: Days
) -> Iterator[Item]:
    there = {row["pgh_obj_id"]: row for row in now}
    for row in then:
        yield _item(part, row, there.pop(row["pgh_obj_id"], None), names, days)
    for row in there.values():
        yield _item(part, None, row, names, days)


def _item(part: Part, then: Row | None, now: Row | None, names: Names, days: Days) -> Item:
    shown = then or now or {}
    called = calling(part, shown)
    lines = [
        Line(
            column.label,
            _said(column, then, names, days.then),
            _said(column, now, names, days.now),
            column in called,
        )
        for column in part.columns
        if any(_says(column, row) for row in (then, now))
    ]
    fate: Fate = "removed" if now is None else "added" if then is None else "same"
    if fate == "same" and any(line.differs for line in lines):
        fate = "changed"
    return Item(
        shown["pgh_obj_id"], title(part, shown, names), whose(part, shown, names), fate, lines
    )


def _says(column: Column, row: Row | None) -> bool:
    """What every new row says is not worth a line, unless it has changed."""
    value = row.get(column.column) if row is not None else None
    return not is_nothing(value) and value != column.unset


def _said(column: Column, row: Row | None, names: Names, day: date) -> Said:
    """As the row says it; of consent that had ended by that day, that it had."""
    if row is None:
        return ""
    words, ended = said(column, row.get(column.column), names), ended_on(row, column.column, day)
    return f"{words}, ended {ended.day} {ended:%b} {ended.year}" if ended else words

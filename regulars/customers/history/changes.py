"""What a run of history says: who changed which field of which part, from what to what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from regulars.customers.custom import values
from regulars.customers.files.panel import size
from regulars.customers.models import Basis
from regulars.customers.notes.details import note_details
from regulars.lib import birthdays, countries, languages

from .parts import Column, Part

Row = Mapping[str, Any]
Names = Mapping[tuple[str, int], str]
Said = str | datetime | date
Did = Literal["added", "changed", "removed", "found"]

READ_BY: Mapping[str, Callable[[str], str]] = {
    "language": languages.shown,
    "birthday": birthdays.shown,
    "country": countries.shown,
    "consent_basis": lambda said: str(Basis(said).label) if said in Basis.values else said,
    "number": lambda said: values.shown(Decimal(said).normalize() + 0),
    "bytes": lambda said: size(int(said)),
}
NAMELESS = "one that is gone"
UNNAMED = "one without a name"


@dataclass(frozen=True)
class Written:
    """One row of history as JSON, and what the same row was `before`."""

    part: str
    row: Row
    before: Row | None = None

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.row["pgh_created_at"])

    @property
    def obj(self) -> int:
        return int(self.row["pgh_obj_id"])

    @property
    def act(self) -> tuple[str, str]:
        """Rows of one act were written together: by one transaction, and for one reason."""
        return self.row["pgh_context_id"] or "", self.row["pgh_created_at"]


@dataclass(frozen=True)
class FieldChange:
    """`old` and `new` as programs say them, an id as its name; `was` and `is_now` for people.

    `is_title`: the row is called by it, so that it need not be told again when it comes or goes.
    """

    key: str
    label: str
    old: Any
    new: Any
    was: Said
    is_now: Said
    is_title: bool = False


@dataclass(frozen=True)
class Change:
    """What became of one row: `title` is what it is called, `of` whose it is."""

    part: Part
    obj: int
    did: Did
    title: str
    of: str
    fields: Sequence[FieldChange]


@dataclass(frozen=True)
class Act:
    """What was written together; `user` is None for the house itself."""

    key: str
    at: datetime
    user: int | None
    why: Mapping[str, Any] = field(default_factory=dict)
    changes: Sequence[Change] = ()

    @property
    def how(self) -> str:
        return str(self.why.get("how") or "")

    @property
    def is_snapshot(self) -> bool:
        return any(change.did == "found" for change in self.changes)

    @property
    def is_new(self) -> bool:
        return any(c.part.is_customer and c.did in ("added", "found") for c in self.changes)


def acts(written: Iterable[Written], parts: Mapping[str, Part], names: Names) -> list[Act]:
    """The acts in the order of `written` (newest first); one that says nothing is left out."""
    grouped: dict[tuple[str, str], list[Written]] = {}
    for one in written:
        grouped.setdefault(one.act, []).append(one)
    found = [_act(rows, parts, names) for rows in grouped.values()]
    return [act for act in found if act.changes]


def _act(rows: Sequence[Written], parts: Mapping[str, Part], names: Names) -> Act:
    why = dict(rows[0].row["pgh_context"] or {})
    order = {key: n for n, key in enumerate(parts)}
    by_row: dict[tuple[int, int], list[Written]] = {}
    for one in sorted(rows, key=lambda w: (order[w.part], w.row["pgh_id"])):
        by_row.setdefault((order[one.part], one.obj), []).append(one)
    changes = [
        change
        for same in by_row.values()
        if (change := _change(same, parts[same[0].part], names)) is not None
    ]
    return Act(rows[0].act[0], rows[0].at, why.get("user"), why, list(_said_once(changes)))


def _change(rows: Sequence[Written], part: Part, names: Names) -> Change | None:
    """The net change of one row: what it was before the first of `rows`, and after the last."""
    first, last = rows[0], rows[-1]
    before = first.before if first.row["pgh_label"] != "delete" else first.row
    before = None if first.row["pgh_label"] == "insert" else before
    if before is not None and before.get(part.owner) != last.row.get(part.owner):
        before = None  # it came from another customer
    after = None if last.row["pgh_label"] == "delete" else last.row
    if before is None and after is None:
        return None
    shown: Row = after if after is not None else before or {}
    fields = list(_fields(part, before, after, names))
    did: Did = "removed" if after is None else "added" if before is None else "changed"
    if did == "changed" and not fields:
        return None
    if did == "added" and first.row["pgh_label"] != "insert" and first.before is None:
        did = "found"
    return Change(part, last.obj, did, title(part, shown, names), whose(part, shown, names), fields)


def _fields(
    part: Part, before: Row | None, after: Row | None, names: Names
) -> Iterator[FieldChange]:
    changed = {
        column.column for column in part.columns if _value(column, before) != _value(column, after)
    }
    called = {column.column for column in calling(part, after or before or {})}
    for column in part.columns:
        if column.column not in changed or _follows(column, changed):
            continue
        was, is_now = (row.get(column.column) if row else None for row in (before, after))
        yield FieldChange(
            column.key,
            column.label,
            plain(column, was, names),
            plain(column, is_now, names),
            said(column, was, names) if before else "",
            said(column, is_now, names) if after else "",
            column.column in called,
        )


def _value(column: Column, row: Row | None) -> Any:
    """What a row says; one that is not there says as little as a new one does."""
    value = row.get(column.column) if row is not None else column.unset
    return None if is_nothing(value) else value


def is_nothing(value: object) -> bool:
    """0 and no are values."""
    return value is None or value in ("", [], {})


def _follows(column: Column, changed: set[str]) -> bool:
    """Since when a word holds moves with the word."""
    stem = column.column.removesuffix("_at")
    return stem != column.column and stem in changed


def _said_once(changes: Sequence[Change]) -> Iterator[Change]:
    """A person is their own contact: a new name is not told a second time."""
    theirs = [  # no set: what a pack keeps may be an object
        (one.key, one.old, one.new)
        for change in changes
        if change.part.is_customer
        for one in change.fields
    ]
    for change in changes:
        left = [one for one in change.fields if (one.key, one.old, one.new) not in theirs]
        if change.part.is_customer or change.did != "changed":
            yield change
        elif left:
            yield replace(change, fields=left)


# --- In words


def plain(column: Column, value: Any, names: Names) -> Any:
    """A value for programs: as in the record, an id as its name, and null for nothing."""
    if is_nothing(value):
        return None
    if column.kind == "details":
        return dict(_details(value, names))
    return _name(column, value, names) if column.refers else value


def said(column: Column, value: Any, names: Names) -> Said:
    """A value for people; times stay times, which a page shows in its reader's zone."""
    if column.kind == "flag":
        return "Yes" if value else "No"
    if is_nothing(value):
        return ""
    if column.refers:
        return _name(column, value, names)
    if column.kind in ("time", "day"):
        return _moment(column.kind, str(value))
    if column.kind in READ_BY:
        return READ_BY[column.kind](str(value))
    if column.kind == "details":
        return ", ".join(f"{_asked(key)} {words}" for key, words in _details(value, names))
    text = value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
    return column.choices.get(str(text), str(text))


def _moment(kind: str, value: str) -> Said:
    return date.fromisoformat(value) if kind == "day" else datetime.fromisoformat(value)


def _name(column: Column, value: int, names: Names) -> str:
    return names.get((column.refers, value), NAMELESS) or UNNAMED


def _details(value: Mapping[str, Any], names: Names) -> Iterator[tuple[str, str]]:
    """What packs ask for with a note, in words; what no pack asks for any more stays as it is."""
    asked = [key for key in note_details.keys() if key in value]  # noqa: SIM118 (no mapping)
    for key, kept in ((key, value[key]) for key in dict.fromkeys([*asked, *value])):
        reference = detail_of(key, kept)
        yield key, names.get(reference, NAMELESS) if reference else str(kept)


def _asked(key: str) -> str:
    detail = note_details.get(key)
    return detail.label if detail else key


def detail_of(key: str, kept: object) -> tuple[str, int] | None:
    """The model and the id that a note's detail is kept as, if it is."""
    detail, value = note_details.get(key), str(kept)
    if not (detail and detail.refers and value.isascii() and value.isdigit()):
        return None
    return detail.refers, int(value)


def title(part: Part, row: Row, names: Names) -> str:
    """What a row is called."""
    words = [said(column, row.get(column.column), names) for column in calling(part, row)]
    return " ".join(str(word) for word in words if word)


def calling(part: Part, row: Row) -> Sequence[Column]:
    """The columns a row is called by: the first of its names that says something."""
    return next((group for group in part.named if any(row.get(c.column) for c in group)), ())


def whose(part: Part, row: Row, names: Names) -> str:
    """The contact that a row belongs to, by name."""
    return names.get((part.of.refers, row[part.of.column]), "") if part.of else ""

"""What taking back a piece of work means for one row: pure, from the row's own past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Row = Mapping[str, Any]
MARKS = ("pgh_id", "pgh_label", "pgh_created_at", "pgh_context", "pgh_context_id", "pgh_obj_id")


@dataclass(frozen=True)
class Reversal:
    """What a piece of work did to one row.

    `created` and `deleted` say that it made the row or took it away; `fields` are the columns it
    changed, each with what they were before its first and were left at by its last writing.
    `whole` is the row before it, None when there was none.
    """

    created: bool
    deleted: bool
    fields: Mapping[str, tuple[Any, Any]]
    whole: Row | None


def reversal(past: Sequence[Row], ours: Iterable[int]) -> Reversal | None:
    """Read off all writings of one row, oldest first; `ours` are the `pgh_id`s of the work.

    None when it did nothing, or when what was before is not known.
    """
    mine = set(ours)
    places = [n for n, row in enumerate(past) if row["pgh_id"] in mine]
    if not places:
        return None
    first, last = places[0], places[-1]
    created = past[first]["pgh_label"] == "insert"
    if not created and first == 0:
        return None
    fields: dict[str, tuple[Any, Any]] = {}
    for n in places:
        if n == 0 or past[n]["pgh_label"] != "update":
            continue
        for key, after in past[n].items():
            before = past[n - 1][key]
            if key not in MARKS and before != after:
                fields[key] = (fields[key][0] if key in fields else before, after)
    changed = {key: pair for key, pair in fields.items() if pair[0] != pair[1]}
    whole = None if created else _plain(past[first - 1])
    return Reversal(created, past[last]["pgh_label"] == "delete", changed, whole)


def _plain(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in MARKS}


@dataclass(frozen=True)
class Step:
    """What to write so that the row is as it was; `torn` are columns somebody changed since.

    A torn column stays as it is: its pair is what it is now and what it would have been again.
    """

    does: Literal["nothing", "insert", "update", "delete"] = "nothing"
    values: Row = field(default_factory=dict)
    torn: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Together:
    """Columns taken back together or, when one of `torn_by` was changed since, not at all."""

    torn_by: frozenset[str]
    all: frozenset[str]


def step(
    found: Reversal,
    now: Row | None,
    after: Row,
    *,
    together: Sequence[Together],
    hidden: frozenset[str],
    again: frozenset[str] = frozenset(),
) -> Step:
    """How to take back `found` from the row as it is `now` (None: gone).

    `after` is the row as the work left it; `hidden` columns follow from others and make no
    difference of their own. Where somebody took the row away and said the same `again`, in these
    columns, that stays.
    """
    if found.created:
        if now is None or found.deleted:
            return Step(torn={key: (after[key], None) for key in sorted(again)})
        torn = {
            key: (now[key], None)
            for key, value in after.items()
            if key not in MARKS and key not in hidden and key in now and now[key] != value
        }
        return Step(torn=torn) if torn else Step("delete")
    if found.deleted:
        return Step() if now is not None else Step("insert", found.whole or {})
    if now is None:
        return Step()
    return _changed(found, now, together, hidden)


def _changed(
    found: Reversal, now: Row, together: Sequence[Together], hidden: frozenset[str]
) -> Step:
    left_open = {key: pair for key, pair in found.fields.items() if now[key] != pair[0]}
    torn = {key: (now[key], was) for key, (was, left) in left_open.items() if now[key] != left}
    stays = set(torn).union(*(one.all for one in together if one.torn_by & torn.keys()))
    values = {key: was for key, (was, _) in left_open.items() if key not in stays}
    said = {key: pair for key, pair in torn.items() if key not in hidden} or torn
    return Step("update" if values else "nothing", values, said)

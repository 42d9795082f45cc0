"""How a history is laid out: by day, who did what and how, and the steps through the past."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING
from uuid import UUID

from regulars.customers.history.changes import Act, Change, Names, Said
from regulars.customers.history.parts import USER
from regulars.customers.history.queries import Moment
from regulars.customers.history.trail import Entry
from regulars.customers.merging import telling
from regulars.desk import feed
from regulars.lib import numbers
from regulars.ui import wording

if TYPE_CHECKING:
    from regulars.timeline.models import Event

HOW = {
    "import": "from an imported file",
    "api": "through the API",
    "demo": "",
    "bulk": "with many at once",
    "undo": "by taking a change back",
    "command": "on the command line",
    "merge": "by a merge",
    "unmerge": "by taking a merge back",
    "address_check": "by the address check",
}
OURSELVES = "Regulars"


@dataclass(frozen=True)
class Line:
    """One line: `who` did (`sentence`), `how` and `why`, with what that changed.

    `merge` is the one it tells of.
    """

    at: datetime
    who: str
    face: str
    sentence: str
    how: str
    why: str
    icon: str
    side: str
    quote: str
    changes: Sequence[Change]
    key: str
    batch: int | None = None
    merge: UUID | None = None


@dataclass
class Day:
    """Lines of one day; `on` is None when the day's heading stands on the page already."""

    on: date | None
    lines: list[Line]


def days(
    entries: Iterable[Entry],
    names: Names,
    *,
    customer: str,
    reader: int,
    zone: tzinfo,
    after: datetime | None = None,
) -> list[Day]:
    """Group `entries` (newest first) by day in `zone`; `after` is when the last one shown was."""
    found: list[Day] = []
    last = after.astimezone(zone).date() if after else None
    for entry in entries:
        on = entry.at.astimezone(zone).date()
        if not found or on != last:
            found.append(Day(None if on == last else on, []))
            last = on
        found[-1].lines.append(line(entry, names, customer, reader))
    return found


def line(entry: Entry, names: Names, customer: str, reader: int) -> Line:
    """One entry in words: `customer` is what they are called, `reader` the id of who is “You”."""
    if entry.act is None:
        assert entry.event is not None  # noqa: S101 (an entry is an act or an event)
        return _of_event(entry.event, customer, reader)
    act, event = entry.act, entry.event
    written_by = names.get((USER, act.user), OURSELVES) if act.user else OURSELVES
    who = "You" if act.user == reader else written_by
    told = feed.entry(event, customer, reader) if event else None
    is_edit = event is not None and event.kind == "customer.changed"
    # The customer "was added": by whom is told where somebody acted, the sentence where nobody did.
    passive = told is not None and told.who == customer
    return Line(
        at=act.at,
        who=customer if passive else who,
        face=written_by if act.user else "",
        sentence=_sentence(act, told, in_general=is_edit),
        how="" if _is_merge(event) else _how(act, by=who if passive and act.user else ""),
        why=_why(act, event),
        icon=told.kind.icon if told else "history" if act.is_snapshot else "edit",
        side="ours" if act.user else "auto",
        quote=told.quote if told else "",
        changes=[c for c in act.changes if not _is_quoted(c, told)],
        key=act.key,
        batch=batch if isinstance(batch := act.why.get("batch"), int) else None,
        merge=_merge(event),
    )


def _is_merge(event: Event | None) -> bool:
    return event is not None and event.kind in telling.KINDS


def _merge(event: Event | None) -> UUID | None:
    said = event.data.get("merge") if event and event.kind == telling.MERGED else None
    return UUID(str(said)) if said else None


def _of_event(event: Event, customer: str, reader: int) -> Line:
    told = feed.entry(event, customer, reader)
    return Line(
        at=event.happened_at,
        who=told.who,
        face=event.actor.name if event.actor else "",
        sentence=told.sentence,
        how=f"by {told.by}" if told.by else "",
        why="",
        icon=told.kind.icon,
        side=told.side,
        quote=told.quote,
        changes=(),
        key="",
        merge=_merge(event),
    )


def _sentence(act: Act, told: feed.Entry | None, *, in_general: bool) -> str:
    """What an act did: as its event tells it, unless in general only, and few deeds tell more."""
    if told and not in_general:
        return told.sentence
    if act.is_snapshot:
        return "began to keep the history; this was there already"
    if act.is_new:
        return "brought the customer back" if act.how == "unmerge" else "added the customer"
    said = list(
        dict.fromkeys(_deed(change) for change in act.changes if not _goes_along(change, act))
    )
    if len(said) <= 2:
        return wording.listed(said)
    return told.sentence if told else "changed the record"


def _is_quoted(change: Change, told: feed.Entry | None) -> bool:
    """A note that was just written stands there already, in its author's words."""
    return told is not None and change.did == "added" and change.title == told.quote != ""


def _deed(change: Change) -> str:
    if change.did in ("added", "removed"):
        return f"{change.did} {change.part.label.lower()} {_short(change.title)}".rstrip()
    if not change.part.is_customer:
        return f"changed {change.part.label.lower()} {_short(change.title)}".rstrip()
    labels = [field.label.lower() for field in change.fields]
    return f"changed {wording.listed(labels)}" if len(labels) <= 3 else "changed the record"


def _short(title: str, limit: int = 60) -> str:
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"


def _goes_along(change: Change, act: Act) -> bool:
    """An address comes and goes with its contact."""
    return bool(change.of) and any(
        other.did == change.did and other.title == change.of for other in act.changes
    )


def _how(act: Act, *, by: str) -> str:
    said = HOW.get(act.how, act.how.replace("_", " "))
    return " ".join(part for part in (f"by {by}" if by else "", said) if part)


def _why(act: Act, event: Event | None) -> str:
    reason = act.why.get("reason") or (event.data.get("reason") if event else "")
    return str(reason or "")


# --- The steps through the past


@dataclass(frozen=True)
class Steps:
    """Where `at` lies among the moments at which something changed (newest first)."""

    at: datetime
    moments: Sequence[Moment]

    @property
    def here(self) -> int | None:
        """The last moment that had come; None before the first."""
        return next((n for n, one in enumerate(self.moments) if one.at <= self.at), None)

    @property
    def earlier(self) -> datetime | None:
        """The moment of the change before the one that made the record what it was."""
        n = self.here
        return self.moments[n + 1].at if n is not None and n + 1 < len(self.moments) else None

    @property
    def later(self) -> datetime | None:
        """The moment of the change behind it; None at the latest."""
        n = len(self.moments) if self.here is None else self.here
        return self.moments[n - 1].at if n > 0 else None

    @property
    def most(self) -> int:
        return max(len(self.moments) - 1, 0)

    @property
    def step(self) -> int:
        """Counted from the oldest, as a slider does."""
        return self.most - (self.here if self.here is not None else self.most)


def stepped(moments: Sequence[Moment], said: str) -> datetime | None:
    """The moment a slider was moved to; None for anything else."""
    step = numbers.whole(said)
    return None if step is None or step >= len(moments) else moments[len(moments) - 1 - step].at


def said(value: Said, zone: tzinfo) -> str:
    """A value as text, times in the reader's zone."""
    if isinstance(value, datetime):
        return wording.exact(value, zone)
    if isinstance(value, date):
        return f"{value.day} {value:%b} {value.year}"
    return value

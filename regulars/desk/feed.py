"""How a customer's log is laid out: by day, who did what, and what came since the last look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from uuid import UUID

from regulars.timeline.kinds import EventKind, Side
from regulars.ui import wording

if TYPE_CHECKING:
    from regulars.timeline.models import Event

EDITED = "customer.changed"
TOGETHER = timedelta(minutes=10)
SIDES = {Side.CUSTOMER: "", Side.US: "ours", Side.AUTOMATIC: "auto"}


@dataclass(frozen=True)
class Entry:
    """One line: `who` did (`sentence`); `looked_before` marks the first one seen last time.

    `edits` are those it tells together, the newest first: one colleague's within a few minutes.
    """

    event: Event
    who: str
    sentence: str
    quote: str
    by: str
    answered_by: str
    looked_before: bool = False
    edits: Sequence[Event] = ()

    @property
    def acts(self) -> Sequence[UUID]:
        """What was written, for those who open it."""
        of_edits = self.edits or ([self.event] if self.event.kind == EDITED else [])
        return list(dict.fromkeys(event.act for event in of_edits if event.act))

    @property
    def kind(self) -> EventKind:
        return self.event.what

    @property
    def took(self) -> str:
        """How long the customer waited for the answer; "" while they wait or none is due."""
        took = self.event.response_time
        return "" if took is None else wording.span(took.total_seconds())

    @property
    def side(self) -> str:
        """ "" for the customer (a filled node), "ours" (outlined), "auto" (bare)."""
        return SIDES[self.kind.side]


@dataclass
class Day:
    """Entries of one day; `on` is None when the day's heading stands on the page already."""

    on: date | None
    entries: list[Entry]


def days(
    events: Iterable[Event],
    *,
    customer: str,
    reader: int,
    read_at: datetime | None,
    zone: tzinfo,
    after: datetime | None = None,
) -> list[Day]:
    """Group `events` (newest first) by day in `zone`.

    `customer` is the name the page speaks of, `reader` the viewer's id, `read_at` when they last
    looked, `after` when the last event already on the page happened.
    """
    rows = list(events)
    looked = _first_seen(rows, reader, read_at)
    found: list[Day] = []
    last = after.astimezone(zone).date() if after else None
    run: list[Event] = []
    for n, event in enumerate(rows):
        on = event.day or event.happened_at.astimezone(zone).date()
        if not found or on != last:
            found.append(Day(None if on == last else on, []))
            last = on
            run = []
        if n != looked and _goes_on(run, event):
            run.append(event)
            found[-1].entries[-1] = _together(found[-1].entries[-1], run)
            continue
        run = [event]
        found[-1].entries.append(entry(event, customer, reader, looked_before=n == looked))
    return found


def _goes_on(run: Sequence[Event], event: Event) -> bool:
    """Whether this edit belongs to those after it: the same colleague's, a few minutes apart."""
    if not run or not (_is_an_edit(run[-1]) and _is_an_edit(event)):
        return False
    same = event.actor_id is not None and event.actor_id == run[-1].actor_id
    return same and run[-1].happened_at - event.happened_at <= TOGETHER


def _is_an_edit(event: Event) -> bool:
    """Something was changed; what came or went has a line of its own."""
    return event.kind == EDITED and not {"added", "removed"} & event.data.keys()


def _together(line: Entry, run: Sequence[Event]) -> Entry:
    """“changed phone, email and group”: each once, in the order in which it was done."""
    said = [event.data.get("fields") for event in reversed(run)]
    fields = [name for text in said if isinstance(text, str) for name in text.split(", ")]
    words = wording.listed(list(dict.fromkeys(filter(None, fields)))) or "the record"
    return replace(line, sentence=f"changed {words}", edits=tuple(run))


def _first_seen(rows: Sequence[Event], reader: int, read_at: datetime | None) -> int | None:
    """Where the line “new since you last looked” goes: under the last event that is news."""
    if read_at is None:
        return None
    news = [n for n, e in enumerate(rows) if e.recorded_at > read_at and e.actor_id != reader]
    return max(news) + 1 if news else None


def entry(event: Event, customer: str, reader: int, *, looked_before: bool = False) -> Entry:
    """Who did it, in the viewer's terms."""
    actor = "" if event.actor is None else "You" if event.actor_id == reader else event.actor.name
    ours = event.what.side is Side.US
    who = actor if ours else customer
    sentence = event.sentence
    if not who:
        sentence = sentence[:1].upper() + sentence[1:]
    by = "" if ours or not actor else "you" if actor == "You" else actor
    answered = "" if event.answered_by is None else event.answered_by.name
    if event.answered_by_id == reader:
        answered = "you"
    return Entry(event, who, sentence, event.quote, by, answered, looked_before)

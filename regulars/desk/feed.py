"""How a customer's log is laid out: by day, who did what, and what came since the last look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from regulars.timeline.kinds import EventKind, Side
from regulars.ui import wording

if TYPE_CHECKING:
    from regulars.timeline.models import Event

SIDES = {Side.CUSTOMER: "", Side.US: "ours", Side.AUTOMATIC: "auto"}


@dataclass(frozen=True)
class Entry:
    """One line: `who` did (`sentence`); `looked_before` marks the first one seen last time."""

    event: Event
    who: str
    sentence: str
    quote: str
    by: str
    answered_by: str
    looked_before: bool = False

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
    for n, event in enumerate(rows):
        on = event.day or event.happened_at.astimezone(zone).date()
        if not found or on != last:
            found.append(Day(None if on == last else on, []))
            last = on
        found[-1].entries.append(entry(event, customer, reader, looked_before=n == looked))
    return found


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

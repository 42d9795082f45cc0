"""When something is due: a day, wherever one is, or a moment; and what that means right now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
OVER_AFTER = timedelta(hours=36)  # a day ends last twelve hours behind UTC
WRONG = "Write a day or a time, such as 2026-11-01 or 2026-11-01T10:00"


class When(StrEnum):
    """How a due date stands to now, in the order of a list."""

    OVERDUE = "overdue"
    TODAY = "today"
    UPCOMING = "upcoming"
    NO_DATE = "none"

    @property
    def label(self) -> str:
        return "No date" if self is When.NO_DATE else self.value.capitalize()


@dataclass(frozen=True)
class Due:
    """`on` is a day of whoever looks; `at` a moment, the same everywhere. At most one is said."""

    on: date | None = None
    at: datetime | None = None

    @property
    def by(self) -> datetime | None:
        """What lists are sorted by: the moment, or for a day when it is over all around the earth.

        No day is overdue for anybody before that, and none is due later than a day and a half
        after it.
        """
        if self.at is not None:
            return self.at
        return None if self.on is None else datetime.combine(self.on, time(), UTC) + OVER_AFTER

    def stands(self, now: datetime, zone: tzinfo) -> When:
        """A day is overdue once it is over; a moment as soon as it has passed."""
        if self.on is None and self.at is None:
            return When.NO_DATE
        today = now.astimezone(zone).date()
        if self.at is not None and self.at < now:
            return When.OVERDUE
        day = self.day(zone)
        if day == today:
            return When.TODAY
        return When.OVERDUE if day < today else When.UPCOMING

    def day(self, zone: tzinfo) -> date:
        """Its day for whoever looks; the last one there is without any."""
        if self.at is not None:
            return self.at.astimezone(zone).date()
        return self.on or LATEST


def read(text: str, zone: tzinfo) -> Due:
    """What a form or a program says: nothing, a day, or a moment (in `zone` where it says none).

    Raises `ValueError` with a sentence.
    """
    said = text.strip()
    if not said:
        return Due()
    try:
        if len(said) <= len("2026-11-01"):
            day = date.fromisoformat(said)
            found = Due(on=day)
        else:
            at = datetime.fromisoformat(said)
            at = at if at.tzinfo else at.replace(tzinfo=zone)
            day, found = at.date(), Due(at=at.astimezone(UTC).replace(microsecond=0))
    except (ValueError, OverflowError):
        raise ValueError(WRONG) from None
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"Choose a day between {EARLIEST:%Y} and {LATEST:%Y}")
    return found

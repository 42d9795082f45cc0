"""A task as pages show it: its mark, its day in words, what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from regulars.ui import wording

from .due import Due, When
from .models import Kind

ICONS = {
    Kind.CALL.value: "phone",
    Kind.TEXT.value: "message",
    Kind.EMAIL.value: "mail",
    Kind.ACTION.value: "checklist",
}


@dataclass(frozen=True)
class Mark:
    """When something is due, as it is written: `words` short, `exact` on pointing at it."""

    when: When
    words: str
    exact: str
    iso: str

    @property
    def is_late(self) -> bool:
        return self.when is When.OVERDUE


def mark(due: Due, now: datetime, zone: tzinfo) -> Mark:
    stands, today = due.stands(now, zone), now.astimezone(zone).date()
    if due.at is not None:
        words = _moment(due.at, today, zone)
        return Mark(stands, words, wording.exact(due.at, zone), due.at.isoformat())
    if due.on is not None:
        return Mark(stands, day(due.on, today), f"{due.on:%A} {wording.day(due.on, today)}",
                    due.on.isoformat())  # fmt: skip
    return Mark(stands, "", "", "")


def day(on: date, today: date) -> str:
    """“Today”, “Tomorrow”, “Yesterday”, “Fri”, “12 Dec”, “12 Dec 2027”."""
    apart = (on - today).days
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}.get(apart)
    if near:
        return near
    if 1 < apart < 7:
        return wording.DAYS[on.weekday()]
    year = f" {on.year}" if on.year != today.year else ""
    return f"{on.day} {wording.MONTHS[on.month - 1]}{year}"


def _moment(at: datetime, today: date, zone: tzinfo) -> str:
    return f"{day(at.astimezone(zone).date(), today)} {wording.clock(at, zone)}"


def icon_of(kind: str) -> str:
    return ICONS.get(kind, "checklist")

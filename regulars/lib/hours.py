"""Working hours as people write them: `Mon–Fri 9–18, Sat 10–14`."""

from __future__ import annotations

import re
from datetime import datetime, time
from itertools import pairwise

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WRITE_IT = "Write it as Mon–Fri 9–18, Sat 10–14"
MOST = 200
Week = dict[int, tuple[tuple[time, time], ...]]

_PART = re.compile(
    r"(?P<days>[a-z]+(?:\s*[-–]\s*[a-z]+)?)\s+(?P<hours>\d[\d:.\sapm]*[-–]\s*\d[\d:.\sapm]*)"
)
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?")


def read(text: str) -> Week:
    """Weekday (0 is Monday) to spans in order; {} for "". Raises `ValueError` for people."""
    said = " ".join(text.lower().split())
    week: Week = {}
    if not said:
        return week
    if len(said) > MOST:
        raise ValueError(f"This is too long. {WRITE_IT}")
    for part in re.split(r"\s*[,;]\s*", said):
        found = _PART.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"“{part[:40]}” is not understood. {WRITE_IT}")
        span = _span(found["hours"])
        for day in _days(found["days"]):
            week[day] = tuple(sorted((*week.get(day, ()), span)))
    for spans in week.values():
        if any(a[1] > b[0] for a, b in pairwise(spans)):
            raise ValueError("Two spans of one day overlap")
    return dict(sorted(week.items()))


def _days(text: str) -> list[int]:
    ends = [_day(word) for word in re.split(r"\s*[-–]\s*", text)]
    first, last = ends[0], ends[-1]
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def _day(word: str) -> int:
    for n, name in enumerate(DAYS):
        if len(word) >= 2 and (word.startswith(name.lower()) or name.lower().startswith(word)):
            return n
    raise ValueError(f"“{word[:20]}” is no day. {WRITE_IT}")


def _span(text: str) -> tuple[time, time]:
    start, end = (_time(part.strip()) for part in re.split(r"[-–]", text, maxsplit=1))
    if start >= end:
        raise ValueError("Hours end after they begin: write nights as two days")
    return start, end


def _time(text: str) -> time:
    found = _TIME.fullmatch(text)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if found and found[3]:
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    if hour == 24 and minute == 0:
        return time(23, 59)
    if hour > 23 or minute > 59:
        raise ValueError(f"“{text[:20]}” is no time of the day. {WRITE_IT}")
    return time(hour, minute)


def shown(week: Week) -> str:
    """The one way it is kept and shown: days of equal hours together."""
    parts: list[str] = []
    days = sorted(week)
    while days:
        first = last = days.pop(0)
        while days and days[0] == last + 1 and week[days[0]] == week[first]:
            last = days.pop(0)
        named = DAYS[first] if first == last else f"{DAYS[first]}–{DAYS[last]}"
        parts += [f"{named} {_clock(start)}–{_clock(end)}" for start, end in week[first]]
    return ", ".join(parts)


def _clock(at: time) -> str:
    if at == time(23, 59):
        return "24"
    return f"{at.hour}:{at.minute:02}" if at.minute else str(at.hour)


def are_on(week: Week, local: datetime) -> bool:
    """Whether somebody with these hours works at this local time; always, where none are said."""
    if not week:
        return True
    return any(start <= local.time() < end for start, end in week.get(local.weekday(), ()))

"""Birthdays, whose year many people keep to themselves."""

import calendar
import re
from datetime import date

_ISO = re.compile(r"(?:(\d{4})|-)-?(\d{1,2})-(\d{1,2})")
_US = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_MONTHS = {name[:3].lower(): n for n, name in enumerate(calendar.month_name) if name}
WRITE_IT = "Write it as May 4, May 4, 1980 or 1980-05-04"


def read(text: str) -> str:
    """As kept: `1980-05-04`, or `--05-04` without a year (ISO 8601 as in vCard); "" for "".

    Reads ISO, month/day(/year) and English words in either order. Raises `ValueError`.
    """
    text = " ".join(text.split())[:40]
    if not text:
        return ""
    year, month, day = _parts(text)
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year or 2000, month)[1]:
        raise ValueError(f"There is no such day. {WRITE_IT}")
    if year is not None and not 1900 <= year <= date.max.year:
        raise ValueError("Nobody we know is that old: check the year")
    return f"{year}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"


def _parts(text: str) -> tuple[int | None, int, int]:
    iso, us = _ISO.fullmatch(text), _US.fullmatch(text)
    if iso:
        return (int(iso[1]) if iso[1] else None), int(iso[2]), int(iso[3])
    if us:
        return (int(us[3]) if us[3] else None), int(us[1]), int(us[2])
    words = re.findall(r"[A-Za-z]+|\d+", text)
    month = next((_MONTHS.get(w[:3].lower(), 0) for w in words if w[:1].isalpha()), 0)
    numbers = [int(w) for w in words if w.isdecimal() and w.isascii() and len(w) <= 4]
    if not month or not 1 <= len(numbers) <= 2:
        raise ValueError(f"This is no day we can read. {WRITE_IT}")
    return (numbers[1] if len(numbers) == 2 else None), month, numbers[0]


def shown(kept: str) -> str:
    """`May 4`, or `May 4, 1980`; "" for ""."""
    if not kept:
        return ""
    month, day = int(kept[-5:-3]), int(kept[-2:])
    words = f"{calendar.month_name[month]} {day}"
    return words if kept.startswith("-") else f"{words}, {kept[:4]}"


def next_on(kept: str, today: date) -> date | None:
    """The next birthday from `today` on; Feb 29 is Feb 28 in common years."""
    if not kept:
        return None
    month, day = int(kept[-5:-3]), int(kept[-2:])
    for year in (today.year, today.year + 1):
        found = date(year, month, min(day, calendar.monthrange(year, month)[1]))
        if found >= today:
            return found
    return None

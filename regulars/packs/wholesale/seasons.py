"""Which seasons and years are offered: pure, the day passed in."""

from __future__ import annotations

from datetime import date

BACK, AHEAD = 2, 2
EARLIEST, LATEST = 1990, 2199


def years(today: date, selling: int | None) -> list[int]:
    """The years one speaks of now, newest first; the one being sold is always among them."""
    found = set(range(today.year - BACK, today.year + AHEAD + 1))
    return sorted(found | ({selling} if selling else set()), reverse=True)

"""Calendar months: the same day some months later, or the last one where there is none."""

from calendar import monthrange
from datetime import date


def later(day: date, months: int) -> date:
    """2024-02-29 and 24 months: 2026-02-28."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

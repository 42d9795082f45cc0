"""A moment as people and programs write it: a day, or a day and a time, in a zone or in theirs."""

import re
from datetime import UTC, datetime, time, tzinfo

EARLIEST = 1900
_SPACED = re.compile(r"(T[\d:.]+) (\d\d:?\d\d)$")  # a + that was not written as %2B
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read(text: str, *, zone: tzinfo, now: datetime) -> datetime:
    """The moment; a day alone means its end, today means now. `zone` holds where none is said.

    Raises `ValueError` with a sentence for what is no moment, or is still to come.
    """
    said = _SPACED.sub(r"\1+\2", text.strip())
    try:
        at = datetime.fromisoformat(said)
        if _DAY.fullmatch(said):
            today = at.date() == now.astimezone(zone).date()
            at = now if today else datetime.combine(at.date(), time.max, zone)
        written = at.tzinfo not in (None, zone)
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        if at.year < EARLIEST:
            raise ValueError
        # In UTC: the database reads no zone sixteen hours away, or one of half seconds.
        at = at.astimezone(UTC) if written else at
        later = at > now
    except (ValueError, OverflowError):
        raise ValueError("Write a day or a time, such as 2026-11-01 or 2026-11-01T10:00") from None
    if later:
        raise ValueError("This lies in the future")
    return at

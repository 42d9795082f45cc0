"""How often USPS may be asked: so many calls an hour, counted for all processes at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection, transaction

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
CALLS = "usps:calls"
PAUSE = "usps:pause"
TURN = 5_727_011  # whoever counts holds this lock of the database's


class NotNow(Exception):
    """Ask again in so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"USPS is asked again in {seconds:.0f} seconds")
        self.seconds = max(1, round(seconds))


class NotLetIn(Exception):
    """USPS refuses our credentials: asking again helps nobody."""


def take(now: datetime, *, most: int) -> None:
    """Count one call more, or raise `NotNow`: the last hour is full, or USPS asked for quiet."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        kept = cache.get_many([CALLS, PAUSE])
        quiet_until: datetime | None = kept.get(PAUSE)
        if quiet_until and quiet_until > now:
            raise NotNow((quiet_until - now).total_seconds())
        calls: list[datetime] = [at for at in kept.get(CALLS, []) if at > now - HOUR]
        if len(calls) >= most:
            raise NotNow((calls[0] + HOUR - now).total_seconds())
        cache.set(CALLS, [*calls, now], HOUR.total_seconds())


def pause(now: datetime, seconds: float) -> NotNow:
    """USPS asked for quiet: all processes keep it. Answers what to raise."""
    span = min(timedelta(seconds=max(seconds, 1)), A_DAY)
    cache.set(PAUSE, now + span, span.total_seconds())
    return NotNow(span.total_seconds())

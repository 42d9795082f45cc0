"""How long somebody must wait before the next try at a password; pure, the clock passed in."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Tries:
    """Tries not known to have been right; `since` the first of them, `last_at` the last."""

    count: int
    since: datetime
    last_at: datetime


@dataclass(frozen=True)
class Limit:
    """At most `most` tries, then silence for `rest`.

    The first `free` may follow each other at once, as typing errors do; from then on the pause
    starts at `backoff` and doubles with each try.
    """

    most: int
    rest: timedelta
    backoff: timedelta = timedelta()
    free: int = 3


ACCOUNT = Limit(most=10, rest=HOUR, backoff=timedelta(seconds=1))
ADDRESS = Limit(most=30, rest=timedelta(minutes=10))


def wait(tries: Tries | None, limit: Limit, now: datetime) -> timedelta:
    """How long until the next try is heard; zero means now."""
    if tries is None or not tries.count:
        return timedelta()
    if tries.count >= limit.most:
        pause = limit.rest
    elif tries.count >= limit.free:
        pause = limit.backoff * 2 ** (tries.count - limit.free)
    else:
        return timedelta()
    return max(timedelta(), tries.last_at + pause - now)


def another(tries: Tries | None, limit: Limit, now: datetime) -> Tries:
    """The tally with one more try; after a rest it starts afresh."""
    if tries is None or now - tries.last_at >= limit.rest:
        return Tries(1, now, now)
    return replace(tries, count=tries.count + 1, last_at=now)


def said(wait: timedelta) -> str:
    """“3 seconds”, “1 minute”, “42 minutes”: rounded up, so that waiting that long is enough."""
    seconds = -(-int(wait.total_seconds() * 1000) // 1000) if wait else 0
    count, unit = (seconds, "second") if seconds < 60 else (-(-seconds // 60), "minute")
    return f"{count} {unit}{'' if count == 1 else 's'}"

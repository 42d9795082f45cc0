"""The ageing mark of one card: which colour, since when, and when it will change by itself."""

from dataclasses import dataclass
from datetime import datetime

from regulars.timeline.freshness import Ageing, Freshness, freshness


@dataclass(frozen=True, slots=True)
class Mark:
    """`at` is since when they wait, or when they last did something once nobody waits."""

    state: Freshness
    at: datetime
    warm_at: datetime | None = None
    late_at: datetime | None = None

    @property
    def waits(self) -> bool:
        return self.state is not Freshness.GRAY


def mark(
    waiting_since: datetime | None,
    last_activity_at: datetime,
    now: datetime,
    limits: Ageing,
) -> Mark:
    """The mark at `now`; the browser moves it on at `warm_at` and `late_at`."""
    state = freshness(waiting_since, now, limits)
    if waiting_since is None:
        return Mark(state, last_activity_at)
    return Mark(
        state, waiting_since, waiting_since + limits.green_for, waiting_since + limits.orange_for
    )

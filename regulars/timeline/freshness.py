"""How long somebody has waited, as a colour that is never the only sign."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Freshness(StrEnum):
    GREEN = "green"
    ORANGE = "orange"
    RED = "red"
    GRAY = "gray"


@dataclass(frozen=True)
class Ageing:
    """Green up to and including `green_for`, orange up to and including `orange_for`, then red."""

    green_for: timedelta = timedelta(minutes=5)
    orange_for: timedelta = timedelta(minutes=30)


def freshness(
    waiting_since: datetime | None,
    now: datetime,
    ageing: Ageing = Ageing(),
) -> Freshness:
    """Gray when nobody waits; a customer's colour is that of the oldest unanswered activity."""
    if waiting_since is None:
        return Freshness.GRAY
    waited = now - waiting_since
    if waited <= ageing.green_for:
        return Freshness.GREEN
    if waited <= ageing.orange_for:
        return Freshness.ORANGE
    return Freshness.RED

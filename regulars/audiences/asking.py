"""Who asks: a colleague with a filter of theirs, or the house for an audience."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from regulars.criteria.fields import Asking
from regulars.customers.limits import House
from regulars.lib import clock

if TYPE_CHECKING:
    from regulars.staff.models import User

    from .models import Audience


def house(zone: str = "UTC") -> Asking:
    return _asking(House(), zone)


def of(user: User) -> Asking:
    """What `me` and `today` mean when this colleague writes a filter."""
    return _asking(user, _zone(user))


class Askings:
    """The house's, one for each time zone, so that its lists are fetched once for all audiences."""

    def __init__(self) -> None:
        self._known: dict[str, Asking] = {}

    def of(self, audience: Audience) -> Asking:
        """`today` in an audience is its owner's."""
        zone = _zone(audience.owner)
        if zone not in self._known:
            self._known[zone] = house(zone)
        return self._known[zone]


def _zone(user: User) -> str:
    return user.time_zone or (user.store.time_zone if user.store else "UTC")


def _asking(user: Any, zone: str) -> Asking:
    try:
        return Asking(user, clock.now(), ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        return Asking(user, clock.now(), ZoneInfo("UTC"))

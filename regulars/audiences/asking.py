"""Who asks: a colleague with a filter of theirs, or the house for an audience."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from regulars.criteria.fields import Asking
from regulars.customers.limits import House
from regulars.lib import clock
from regulars.staff.time_zones import zone_of

if TYPE_CHECKING:
    from regulars.staff.models import User

    from .models import Audience


def house(zone: ZoneInfo | None = None) -> Asking:
    return Asking(House(), clock.now(), zone or ZoneInfo("UTC"))


def of(user: User) -> Asking:
    """What `me` and `today` mean when this colleague writes a filter."""
    return Asking(user, clock.now(), zone_of(user))


class Askings:
    """The house's, one for each time zone, so that its lists are fetched once for all audiences."""

    def __init__(self) -> None:
        self._known: dict[ZoneInfo, Asking] = {}

    def of(self, audience: Audience) -> Asking:
        """`today` in an audience is its owner's."""
        zone = zone_of(audience.owner)
        if zone not in self._known:
            self._known[zone] = house(zone)
        return self._known[zone]

"""Time zones: the choices of a field, and which one a colleague lives by."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

if TYPE_CHECKING:
    from .models import User

AREAS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def names() -> list[str]:
    """Area/City names in order, without the old aliases outside the areas."""
    known = zoneinfo.available_timezones()
    return [*sorted(name for name in known if name.split("/")[0] in AREAS), "UTC"]


def choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in names()]


def zone_of(user: User | None) -> ZoneInfo:
    """Where the colleague's day begins, also where no page is around: their own zone, else their
    store's, else the installation's."""
    name = (user.time_zone or (user.store.time_zone if user.store else "")) if user else ""
    try:
        return ZoneInfo(name or settings.TIME_ZONE)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")

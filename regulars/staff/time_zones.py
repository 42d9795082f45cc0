"""Time zones people can choose, as the choices of a field."""

import zoneinfo
from functools import cache

AREAS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def names() -> list[str]:
    """Area/City names in order, without the old aliases outside the areas."""
    known = zoneinfo.available_timezones()
    return [*sorted(name for name in known if name.split("/")[0] in AREAS), "UTC"]


def choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in names()]

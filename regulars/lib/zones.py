"""Time zones by their names in the tz database."""

from functools import lru_cache
from zoneinfo import available_timezones


@lru_cache
def _known() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name or name == "UTC"}


def read(text: str) -> str:
    """The zone's name, in any spelling of upper and lower case; "" for "". Raises `ValueError`."""
    said = "_".join(text.split())
    if not said:
        return ""
    found = _known().get(said.lower())
    if found is None:
        raise ValueError(f"“{text[:40]}” is no time zone: write one such as America/Detroit")
    return found

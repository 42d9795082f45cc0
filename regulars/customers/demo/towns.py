"""Where the demo's people live: real towns with their real ZIP codes, most of them near by."""

from __future__ import annotations

from functools import cache
from random import Random

from regulars.customers.address_check.zips import Zip, towns

HOME = "MI"
NEAR = ("480", "481", "482", "483", "484", "485", "488", "489", "492", "436")
STATES = (
    "NY", "PA", "OH", "IL", "IN", "WI", "MN", "TX", "CA", "CO", "FL", "GA", "TN", "WA", "OR", "ME",
    "MA", "VA", "NC", "MO", "KS", "AZ", "NM", "UT", "MT", "LA", "KY", "IA", "VT", "NV",
)  # fmt: skip
WINDSOR = {"city": "Windsor", "state": "ON", "postal_code": "N9A 1A1", "country": "CA"}


def near(rng: Random) -> dict[str, str]:
    """A town within a drive of the stores; now and then across the river, in Canada."""
    if rng.random() < 0.02:
        return dict(WINDSOR)
    return _place(rng.choice(_near()))


def anywhere(rng: Random) -> dict[str, str]:
    """A town in any of many states, for accounts that are shipped to."""
    return _place(rng.choice(_ordinary(rng.choice(STATES))))


def _place(zip: Zip) -> dict[str, str]:
    return {"city": zip.city, "state": zip.state, "postal_code": zip.code, "country": "US"}


@cache
def _near() -> list[Zip]:
    return [zip for state in (HOME, "OH") for zip in _ordinary(state) if zip.code[:3] in NEAR]


@cache
def _ordinary(state: str) -> list[Zip]:
    """In the order of the codes, so that the same dice find the same town."""
    found = {zip.code: zip for codes in towns(state).values() for zip in codes}
    return [found[code] for code in sorted(found) if found[code].is_ordinary]

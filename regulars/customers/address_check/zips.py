"""The ZIP codes of the US: their places, counties and centres, read once and only when asked."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

import zipcodes

from regulars.lib import names

_SPELLED = {
    "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "twp": "township",
    "hts": "heights", "vlg": "village", "n": "north", "s": "south", "e": "east", "w": "west",
    "spgs": "springs", "jct": "junction", "pt": "point", "lk": "lake", "is": "island",
}  # fmt: skip
_MILITARY = {"Apo": "APO", "Fpo": "FPO", "Dpo": "DPO"}


class Zip(NamedTuple):
    """One ZIP code; `names` and `unofficial` are folded, `position` None where there is none."""

    code: str
    city: str
    state: str
    names: frozenset[str]
    unofficial: frozenset[str]
    county: str
    position: tuple[float, float] | None
    is_ordinary: bool

    def goes_by(self, name: str) -> bool:
        return name in self.names or name in self.unofficial


def folded(name: str) -> str:
    """Two writings of a town are one: St. Clair and saint clair, Mt Pleasant and Mount Pleasant."""
    return " ".join(_SPELLED.get(word, word) for word in names.fold(name).split())


def find(code: str) -> Zip | None:
    """The place of a five-digit code in use."""
    return _block(code[:3]).get(code) if re.fullmatch("[0-9]{5}", code) else None


@lru_cache(1_000)
def _block(prefix: str) -> dict[str, Zip]:
    return {row["zip_code"]: _zip(row) for row in zipcodes.similar_to(prefix) if row["active"]}


@lru_cache(70)
def towns(state: str) -> dict[str, tuple[Zip, ...]]:
    """The codes of every town of a state, by its folded name."""
    found: dict[str, list[Zip]] = {}
    for row in zipcodes.filter_by(state=state, active=True):
        code = _zip(row)
        for name in code.names:
            found.setdefault(name, []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}


def _zip(row: dict[str, Any]) -> Zip:
    city = _MILITARY.get(row["city"], row["city"])
    latitude, longitude = float(row["lat"] or 0), float(row["long"] or 0)
    return Zip(
        code=row["zip_code"],
        city=city,
        state=row["state"],
        names=frozenset(folded(name) for name in (city, *row["acceptable_cities"])),
        unofficial=frozenset(folded(name) for name in row["unacceptable_cities"]),
        county=row["county"],
        position=(latitude, longitude) if latitude or longitude else None,
        is_ordinary=row["zip_code_type"] == "STANDARD",
    )

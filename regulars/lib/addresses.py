"""Postal addresses: how each country writes them on an envelope, and its postal codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import countries, names

HOME = "US"


@dataclass(frozen=True)
class Address:
    """A postal address as it was typed; `country` is ISO alpha-2, or empty where nobody said."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""

    @property
    def says_something(self) -> bool:
        return bool(self.line1 or self.line2 or self.city or self.state or self.postal_code)


# On the envelope


def lines(address: Address, *, home: str = HOME) -> list[str]:
    """The address line by line, as its country's post wants it; abroad the country comes last."""
    country = country_of(address)
    written = _WAYS.get(country, _postal_first if country in _POSTAL_FIRST else _city_first)
    found = written(address)
    if address.country and address.country != home:
        found.append(countries.shown(address.country))
    return [line for line in found if line]


Rows = tuple[tuple[str, ...], ...]
_TOGETHER: Rows = (("city", "state", "postal_code"),)
_BELOW: dict[str, Rows] = {
    "GB": (("city",), ("state",), ("postal_code",)),
    "IE": (("city",), ("state",), ("postal_code",)),
    "BR": (("city", "state"), ("postal_code",)),
    "MX": (("postal_code", "city", "state"),),
}


def rows(address: Address) -> Rows:
    """The parts by name as they stand together on lines, where each is edited by itself."""
    country = country_of(address)
    code_first: Rows = (("postal_code", "city", "state"),)
    first = country in _POSTAL_FIRST or country in ("IT", "ES")
    below = _BELOW.get(country, code_first if first else _TOGETHER)
    return (("line1",), ("line2",), *below, ("country",))


def _joined(*parts: str, by: str = " ") -> str:
    return by.join(part for part in parts if part)


def _street(address: Address) -> list[str]:
    return [address.line1, address.line2]


def _united_states(a: Address) -> list[str]:
    return [*_street(a), _joined(a.city, _joined(a.state, a.postal_code), by=", ")]


def _canada(a: Address) -> list[str]:
    """No commas, and two spaces before the postal code."""
    return [*_street(a), _joined(_joined(a.city, a.state), a.postal_code, by="  ")]


def _line_each(a: Address) -> list[str]:
    """Great Britain and Ireland: the town, the county, and the code below them."""
    return [*_street(a), a.city, a.state, a.postal_code]


def _postal_first(a: Address) -> list[str]:
    """Most of Europe: code and town; no region is written."""
    return [*_street(a), _joined(a.postal_code, a.city) or a.state]


def _postal_first_with_region(a: Address) -> list[str]:
    """Italy and Spain: the province behind the town."""
    return [*_street(a), _joined(a.postal_code, a.city, f"({a.state})" if a.state else "")]


def _mexico(a: Address) -> list[str]:
    return [*_street(a), _joined(_joined(a.postal_code, a.city), a.state, by=", ")]


def _brazil(a: Address) -> list[str]:
    return [*_street(a), _joined(a.city, a.state, by=" - "), a.postal_code]


_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def _japan(a: Address) -> list[str]:
    """From the largest to the smallest in Japanese, the other way round in Latin letters."""
    if _JAPANESE.search(a.city + a.state + a.line1):
        postal = f"〒{a.postal_code}" if a.postal_code else ""
        return [postal, f"{a.state}{a.city}{a.line1}", a.line2]
    return [*_street(a), _joined(a.city, _joined(a.state, a.postal_code), by=", ")]


def _city_first(a: Address) -> list[str]:
    """Australia and whoever is not named: town, region, code."""
    return [*_street(a), _joined(a.city, a.state, a.postal_code)]


_WAYS: dict[str, Callable[[Address], list[str]]] = {
    "": _united_states, "US": _united_states, "PR": _united_states, "CA": _canada,
    "GB": _line_each, "IE": _line_each, "MX": _mexico, "BR": _brazil, "JP": _japan,
    "IT": _postal_first_with_region, "ES": _postal_first_with_region,
}  # fmt: skip
_POSTAL_FIRST = {
    "AT", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "FI", "FR", "GR", "HR", "HU", "IL", "IS", "LI",
    "LT", "LU", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "TR",
}  # fmt: skip


# Which country, and its codes

_LETTER = "[ABCEGHJKLMNPRSTVWXYZ]"
CANADIAN = re.compile(
    rf"([ABCEGHJKLMNPRSTVXY][0-9]{_LETTER})[\s.-]*([0-9]{_LETTER}[0-9])", re.IGNORECASE
)
ZIP = re.compile(r"([0-9]{5})(?:[\s-]*([0-9]{4}))?")
BRITISH = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})", re.IGNORECASE)


def country_of(address: Address) -> str:
    """The country as said, else as its postal code or state gives it away; "" when nothing does."""
    if address.country:
        return address.country
    if CANADIAN.fullmatch(address.postal_code):
        return "CA"
    if ZIP.fullmatch(address.postal_code) or state_code(address.state):
        return "US"
    return ""


def postal_code(text: str, country: str) -> str:
    """The code as its country writes it: “k1a0b1” is K1A 0B1. What is no such code stays."""
    shapes = {"CA": CANADIAN, "GB": BRITISH}
    if not country and CANADIAN.fullmatch(text):
        country = "CA"
    found = shapes[country].fullmatch(text) if country in shapes else None
    if found:
        return f"{found[1]} {found[2]}".upper()
    plus4 = ZIP.fullmatch(text) if country == "US" else None
    return f"{plus4[1]}-{plus4[2]}" if plus4 and plus4[2] else text


STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "PR": "Puerto Rico", "GU": "Guam", "AS": "American Samoa", "VI": "Virgin Islands",
    "MP": "Northern Mariana Islands", "PW": "Palau", "MH": "Marshall Islands", "FM": "Micronesia",
    "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific", "AA": "Armed Forces Americas",
}  # fmt: skip
_CODES = {name.lower(): code for code, name in STATES.items()} | {"us virgin islands": "VI"}


def state_code(text: str) -> str:
    """MI for “mi”, “Mich.” is nothing we know: the two letters of a state of the US, or ""."""
    plain = " ".join(text.replace(".", "").lower().split())
    return plain.upper() if plain.upper() in STATES else _CODES.get(plain, "")


# Whether two spellings mean one place

_SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln",
    "court": "ct", "boulevard": "blvd", "place": "pl", "terrace": "ter", "circle": "cir",
    "highway": "hwy", "parkway": "pkwy", "square": "sq", "trail": "trl", "crescent": "cres",
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se", "southwest": "sw", "saint": "st", "mount": "mt", "fort": "ft",
    "apartment": "unit", "apt": "unit", "suite": "unit", "ste": "unit", "no": "unit",
    "floor": "fl", "building": "bldg", "strasse": "str",
}  # fmt: skip
_GERMAN_STREET = re.compile(r"(?<=\w)strasse\b")
_PO_BOX = re.compile(r"^(?:p ?o box|post office box|pob)\b")
_UNITS = re.compile(r"\bunit(?: unit)+\b")


def normal(address: Address) -> str:
    """One spelling for two writings of the same street address; "" without a street.

    Streets and units are shortened as the post shortens them; the five digits of a ZIP stand for
    town and state. It says that two people wrote the same place, not that the place exists.
    """
    street = _plain(f"{address.line1}\n{address.line2}")
    if not street or not any(c.isdigit() for c in street):
        return ""
    country = country_of(address)
    code = names.fold(address.postal_code).replace(" ", "")
    if country == "US" and ZIP.fullmatch(address.postal_code.strip()):
        code = code[:5]
    town = "" if code else f"{names.fold(address.city)} {names.fold(_state(address.state))}".strip()
    return f"{street}|{code or town}|{country}"[:300] if code or town else ""


def _plain(text: str) -> str:
    folded = " ".join(names.fold(line.replace("#", " unit ")) for line in text.splitlines())
    folded = _GERMAN_STREET.sub("str", folded)
    folded = _PO_BOX.sub("box", folded)
    short = " ".join(_SHORT.get(word, word) for word in folded.split())
    return _UNITS.sub("unit", short)


def _state(text: str) -> str:
    return state_code(text) or text

"""Places: the house number, the street by its name alone, and the postal code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from .letters import plain

_KINDS = {
    "st", "street", "ave", "avenue", "av", "rd", "road", "dr", "drive", "ln", "lane", "ct", "court",
    "blvd", "boulevard", "pl", "place", "ter", "terrace", "cir", "circle", "hwy", "highway", "pkwy",
    "parkway", "sq", "square", "trl", "trail", "way", "loop", "cres", "crescent", "cr", "crst",
    "close", "cl", "row", "path", "pike", "aly", "alley", "rue", "strasse", "str", "weg", "calle",
    "via", "cv", "cove", "pt", "point", "xing", "crossing", "run", "grove", "grv", "parade", "pde",
    "circuit", "cct", "esplanade", "esp", "gardens", "gdns", "mews", "rise", "tce",
}  # fmt: skip
# Of these a misspelled or glued one is still known for what it is: “Elm Streeet”, “Elmstreet”.
_LONG = ("street", "avenue", "crescent", "circuit", "terrace", "boulevard", "parade", "highway",
         "place", "drive", "court", "circle", "square")  # fmt: skip
_GLUED = re.compile(rf"(?<=[a-z]{{3}})(?:{'|'.join(_LONG)}|strasse|str)$")
_WAYS = {
    "n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west", "northeast",
    "northwest", "southeast", "southwest",
}  # fmt: skip
_UNITS = {"apt", "apartment", "unit", "suite", "ste", "fl", "floor", "bldg", "building", "rm",
          "room", "lot", "trlr", "flat", "no"}  # fmt: skip
_ORDINALS = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6",
    "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10", "eleventh": "11", "twelfth": "12",
}  # fmt: skip
_SHORT = {"saint": "st", "mount": "mt", "fort": "ft"}
_NTH = re.compile(r"([0-9]+)(?:st|nd|rd|th)")
_BOX = re.compile(r"\b(?:p ?o box|post office box|pob)\b ?([0-9a-z]+)")
_NOWHERE = {"", "na", "none", "unknown", "tbd", "noaddress", "same", "x", "xx", "xxx"}


@dataclass(frozen=True)
class Place:
    """Taken apart and plain; "" for what nobody said. `zip3` is the wider area of the code.

    `named` is what the second line says beside a street: a house or an estate by its name.
    """

    house: str = ""
    street: str = ""
    unit: str = ""
    code: str = ""
    zip3: str = ""
    city: str = ""
    named: str = ""

    @property
    def says_something(self) -> bool:
        return bool((self.house and self.street) or self.code)

    @property
    def homes(self) -> list[str]:
        """By what two writings of one house are recognised: by area, or by town without one."""
        if not (self.house and self.street):
            return []
        areas = [area for area in (self.zip3, self.city and f"@{self.city[:12]}") if area]
        ways = [self.street[:5], *([self.named[:5]] if self.named else [])]
        return [f"{self.house}|{way}|{area}" for way in ways for area in areas]


@lru_cache(maxsize=16_384)
def place(line1: str, line2: str = "", city: str = "", code: str = "", country: str = "") -> Place:
    """Read an address as people write it."""
    house, street, unit = _street(line1)
    named = ""
    more = plain(line2.replace("#", " unit ")).split()
    if not street or (line2 and not house and _street(line2)[0]):
        house, street, unit = _street(f"{line1} {line2}")
    elif more and more[0] in _UNITS:
        unit = unit or "".join(more[1:])
    elif more:
        named = _street(f"0 {line2}")[1]
        named = named if len(named) > 3 else ""
        if named and _has_kind(line2) and not _has_kind(line1):
            street, named = named, street  # “12 The Elms”, “Mill Lane”
    plain_code = plain(code).replace(" ", "").upper()
    if re.fullmatch(r"[0-9]{9}", plain_code) and country in ("", "US"):
        plain_code = plain_code[:5]
    if len(set(plain_code)) <= 1:
        plain_code = ""
    town = plain(city).replace(" ", "")
    return Place(house, street, unit, plain_code, plain_code[:3], "" if town in _NOWHERE else town,
                 named)  # fmt: skip


def _street(text: str) -> tuple[str, str, str]:
    words = plain(text.replace("#", " unit ").replace(".", " ")).replace(" unit unit ", " unit ")
    box = _BOX.search(words)
    if box:
        return f"box{box[1]}", "pobox", ""
    if words.replace(" ", "") in _NOWHERE:
        return "", "", ""
    found, unit = _unit(words.split())
    at = _house_at(found)
    house = found[at] if at is not None else ""
    rest = [word for n, word in enumerate(found) if n != at]
    rest = [_NTH.sub(r"\1", _ORDINALS.get(word, _SHORT.get(word, word))) for word in rest]
    while len(rest) > 1 and rest[-1] in _WAYS:
        rest = rest[:-1]
    while len(rest) > 1 and rest[0] in _WAYS:
        rest = rest[1:]
    core = rest[:-1] if len(rest) > 1 and _is_kind(rest[-1]) else rest
    if len(core) > 1 and core[0] in {"rue", "calle", "via"}:
        core = core[1:]
    joined = "".join(core)
    return house.lstrip("0") or house, joined if core is not rest else _GLUED.sub("", joined), unit


@lru_cache(maxsize=4_096)
def _is_kind(word: str) -> bool:
    return word in _KINDS or (
        len(word) > 4 and any(OSA.distance(word, kind, score_cutoff=1) <= 1 for kind in _LONG)
    )


def _has_kind(text: str) -> bool:
    words = plain(text.replace(".", " ")).split()
    return len(words) > 1 and (_is_kind(words[-1]) or bool(_GLUED.search("".join(words))))


def _unit(words: list[str]) -> tuple[list[str], str]:
    for n, word in enumerate(words):
        if word in _UNITS and n > 1:
            return words[:n], "".join(words[n + 1 :])
    return words, ""


def _house_at(words: list[str]) -> int | None:
    """The first word with a digit in front; behind the street where it is written there."""
    if words and words[0][0].isdigit() and not _NTH.fullmatch(words[0]):
        return 0
    for n in range(len(words) - 1, 0, -1):
        if words[n][0].isdigit() and not _NTH.fullmatch(words[n]):
            return n
    return None

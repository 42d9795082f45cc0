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
          "room", "lot", "trlr", "flat", "no", "appt", "appartement", "wohnung", "whg", "bus",
          "bte", "boite", "porte", "lgh"}  # fmt: skip
# What stands before the name of a street in Romance languages and Polish, and what joins the two.
_BEFORE = {
    "rue", "calle", "via", "avenue", "av", "ave", "avenida", "avda", "boulevard", "boul", "bd",
    "blvd", "chemin", "impasse", "allee", "place", "plaza", "pza", "piazza", "corso", "viale",
    "paseo", "passeig", "carrer", "camino", "carrera", "rua", "praca", "largo", "ul", "ulica", "os",
    "osiedle", "al", "aleja",
}  # fmt: skip
_JOIN = {"de", "la", "le", "les", "l", "du", "des", "d", "del", "della", "dei", "di", "los", "las",
         "el", "da", "do", "dos"}  # fmt: skip
_CUT = (
    (re.compile(r"\bc/(?!o\b)\s*"), "calle "), (re.compile(r"\bc\.so\s"), "corso "),
    (re.compile(r"\bv\.le\s"), "viale "), (re.compile(r"\bp\.?z?za\.?\s"), "piazza "),
    (re.compile(r"(?:^|(?<=[\d,]\s))r\.\s*(?=\w)"), "rue "), (re.compile(r"^v\.\s*(?=\w)"), "via "),
    (re.compile(r"\b[ld]['’](?=\w)"), ""),
)  # fmt: skip
_ORDINALS = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6",
    "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10", "eleventh": "11", "twelfth": "12",
}  # fmt: skip
_SHORT = {"saint": "st", "mount": "mt", "fort": "ft"}
_NTH = re.compile(r"([0-9]+)(?:st|nd|rd|th)")
_BOX = re.compile(r"\b(?:p ?o box|post office box|pob)\b ?([0-9a-z]+)")
_TWO = re.compile(r"^\s*(#?)\s*(\d{1,5}[a-z]?)\s*[-–]\s*(\d{1,6}[a-z]?),?\s+(?=\S*[^\W\d])")
_BEHIND = re.compile(
    r"[\s,]+(?P<house>\d{1,4})\s?(?P<letter>[a-z])?"
    r"(?:(?:\s?[-–/]\s?|\s+(?:m\.?|bus|bte\.?)\s*)(?P<unit>\w{1,5}))?$"
)
LONGEST = 200
_CANADIAN = re.compile(r"[A-Z][0-9][A-Z]")
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
    plain_code = _code(code, country)
    where = country or ("CA" if _CANADIAN.match(plain_code) else "US" if plain_code else "")
    if _is_unit(line1) and _street(line2, where)[0]:
        line1, line2 = line2, line1
    house, street, unit = _street(line1, where)
    named = ""
    more = plain(line2.replace("#", " unit ")).split()
    if not street or (line2 and not house and _street(line2, where)[0]):
        house, street, unit = _street(f"{line1} {line2}", where)
    elif more and more[0] in _UNITS:
        unit = unit or "".join(more[1:])
    elif more:
        named = _street(f"0 {line2}", where)[1]
        named = named if len(named) > 3 else ""
        if named and _has_kind(line2) and not _has_kind(line1):
            street, named = named, street  # “12 The Elms”, “Mill Lane”
    town = plain(city).replace(" ", "")
    return Place(house, street, unit, plain_code, plain_code[:3], "" if town in _NOWHERE else town,
                 named)  # fmt: skip


def _code(code: str, country: str) -> str:
    found = plain(code).replace(" ", "").upper()
    if country in ("", "US") and re.fullmatch(r"[0-9]{9}", found):
        found = found[:5]
    if re.fullmatch(r"(?:D|A|CH|F|I|NL|B|L)[0-9]{4,5}", found):
        found = found.lstrip("DACHFINLB")  # as abroad: D-50667
    return found if len(set(found)) > 1 else ""


def _is_unit(line: str) -> bool:
    """“Flat 7”, and nothing else."""
    words = plain(line.replace("#", " unit ")).split()
    return len(words) == 2 and words[0] in _UNITS and words[1][-1:].isalnum() and len(words[1]) < 6


def _street(text: str, where: str = "") -> tuple[str, str, str]:
    text = text[:LONGEST].lower().strip()
    for cut, whole in _CUT:
        text = cut.sub(whole, text)
    behind = _BEHIND.search(text)
    before = text[: behind.start()] if behind else ""
    if behind and before[:1].isalpha() and not (_BOX.search(plain(text)) or _has_unit(text)):
        house, street, _ = _parsed(f"{behind['house']}{behind['letter'] or ''} {before}")
        return house, street, behind["unit"] or ""
    two, door = _TWO.match(text), ""
    if two and where == "US" and not two[1]:
        text = f"{two[2]}{two[3]} {text[two.end() :]}"  # the numbers of Queens
    elif two and (two[1] or where == "CA" or len(two[3]) > len(two[2])):
        text, door = f"{two[3]} {text[two.end() :]}", two[2]  # flat 12 of number 345
    elif two:
        text = f"{two[2]} {text[two.end() :]}"  # of 12 to 14
    house, street, unit = _parsed(text)
    return house, street, unit or door


def _parsed(text: str) -> tuple[str, str, str]:
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
    if len(core) > 1 and core[0] in _BEFORE:
        core = core[1:]
        while len(core) > 1 and core[0] in _JOIN:
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


def _has_unit(text: str) -> bool:
    return not _UNITS.isdisjoint(plain(text.replace("#", " unit ")).split())


def _unit(words: list[str]) -> tuple[list[str], str]:
    if len(words) > 3 and words[0] in _UNITS and words[1][-1].isdigit() and words[2][0].isdigit():
        return words[2:], words[1]  # “Flat 7, 12 High Street”
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

"""The street lines of a US address: whether they read as one, and how they are written well."""

from __future__ import annotations

import re
from collections.abc import Callable

from regulars.lib import names
from regulars.lib.addresses import Address

_NUMBER = r"[#\s]*([A-Z0-9][\w-]*)"
# Forms without a street, and how the post writes them.
_BOXES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(shape, re.IGNORECASE), written)
    for shape, written in (
        (rf"(?:P\.?\s*O\.?|post office)\s*(?:box|bx|drawer)\.?{_NUMBER}", "PO Box {0}"),
        (rf"(?:box|caller|drawer)\.?{_NUMBER}", "PO Box {0}"),
        (rf"(?:R\.?\s*R\.?|R\.?F\.?D\.?|rural (?:route|rte?))\.?{_NUMBER},?\s*box{_NUMBER}",
         "RR {0} Box {1}"),
        (rf"(?:R\.?\s*R\.?|R\.?F\.?D\.?|rural (?:route|rte?))\.?{_NUMBER}", "RR {0}"),
        (rf"(?:H\.?C\.?|highway contract(?: (?:route|rte?))?)\.?{_NUMBER},?\s*box{_NUMBER}",
         "HC {0} Box {1}"),
        (rf"(PSC|CMR|OPC|UMR|unit){_NUMBER},?\s*box{_NUMBER}", "{0} {1} Box {2}"),
        (rf"(PSC|CMR|OPC|UMR|unit){_NUMBER}", "{0} {1}"),
        (r"(USS|USNS|USCGC) +([A-Z][\w .'-]*)", "{0} {1}"),
        (r"general delivery", "General Delivery"),
    )
)  # fmt: skip
_UPPER = {
    "PO", "RR", "HC", "PSC", "CMR", "OPC", "UMR", "USS", "USNS", "USCGC", "US", "I",
    "N", "S", "E", "W", "NE", "NW", "SE", "SW",
}  # fmt: skip
_UNIT = re.compile(
    r"(?<=[\w.,)])[\s,]+(?:(?:apt|apartment|unit|suite|ste|room|rm|floor|fl|lot|trlr|trailer|spc|"
    r"space|bldg|building|dept)\b\.?[\s#]*|#\s*)[A-Z0-9][\w-]*$",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"[A-Z]{0,3}\d[\w/-]*\s+\S*[A-Z0-9].*", re.IGNORECASE)
_SPELLED_OUT = {
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
}  # fmt: skip
_URBANIZATION = re.compile(r"urb(?:anizacion|anización)?\.?\s+\S.*", re.IGNORECASE)


def reads(address: Address) -> bool:
    """Whether the lines have the form of a street address, a box, a route or a military unit."""
    first, second = address.line1, address.line2
    if _URBANIZATION.fullmatch(first):
        return bool(second) and (_is_one(second) or any(c.isdigit() for c in second))
    return _is_one(first) or (_is_one(second) and bool(first))


def _is_one(line: str) -> bool:
    if box(line):
        return True
    number, _, rest = line.partition(" ")
    words = [word for word in rest.split() if sum(c.isalpha() for c in word) > 1 or len(word) < 4]
    if _HOUSE.fullmatch(line):
        return any(c.isalpha() for c in rest)
    return names.fold(number) in _SPELLED_OUT and len(words) > 1


def box(line: str) -> str:
    """“p.o. box 12” as PO Box 12; "" for what has a street."""
    for shape, written in _BOXES:
        found = shape.fullmatch(line.strip())
        if found:
            return written.format(*(_titled(part) for part in found.groups()))
    return ""


def is_box(line: str) -> bool:
    return box(line).startswith("PO Box")


def better(address: Address) -> tuple[str, str]:
    """Line one and two as they would be written well; the same ones when nothing is wrong.

    Wrong are an apartment in the first line with the second one empty, and no capitals at all.
    """
    first, second = address.line1, address.line2
    shouts = first == first.lower() and any(c.isalpha() for c in first)
    crowded = not second and _UNIT.search(first)
    if box(first):
        return (box(first) if shouts else first), second
    if not (shouts or crowded):
        return first, second
    return standard(address, abbreviated=shouts) or (first, second)


def standard(address: Address, *, abbreviated: bool = True) -> tuple[str, str] | None:
    """The two lines as the US post divides and abbreviates them; None when they cannot be read.

    What the parser would lose or add is refused: each word must be there again, in its place.
    """
    from scourgify import normalize_address_record

    typed = ", ".join(line for line in (address.line1, address.line2) if line)
    try:
        found = normalize_address_record(
            {
                "address_line_1": address.line1,
                "address_line_2": address.line2,
                "city": address.city or "Springfield",
                "state": address.state or "IL",
                "postal_code": address.postal_code or "62701",
            }
        )
    except Exception:
        # It raises whatever its parser happens to raise: none of it is about us.
        return None
    first, second = found["address_line_1"] or "", found["address_line_2"] or ""
    said, written = _words(typed), _words(f"{first} {second}")
    if [word[:1].upper() for word in said] != [word[:1].upper() for word in written]:
        return None
    spelled = said
    if abbreviated:
        spelled = [_spelled(a, b) for a, b in zip(said, written, strict=True)]
    cut = len(_words(first))
    mark = "#" if "#" in second else ""
    return " ".join(spelled[:cut]), mark + " ".join(spelled[cut:])


def key(address: Address) -> str:
    """Two writings of one US address have the same key."""
    first, second = standard(address) or (address.line1, address.line2)
    parts = (first, second, address.city, address.state, address.postal_code[:5])
    return "|".join(names.fold(part) for part in parts)


def titled(line: str) -> str:
    """A line in capitals as people write it."""
    return " ".join(_titled(word) for word in line.split())


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'’/-]*\w", text.replace(".", ""))


def _spelled(typed: str, written: str) -> str:
    """The word as typed when it is the same word, else the abbreviation; capitals where due."""
    plain: Callable[[str], str] = lambda word: re.sub(r"\W", "", word).upper()  # noqa: E731
    same = plain(typed) == plain(written)
    if same and typed not in (typed.lower(), typed.upper()):
        return typed
    return _titled(typed if same else written)


def _titled(word: str) -> str:
    """N, NW, 4B and PSC are capitals, 5th is not, O'Brien has two."""
    if word.upper() in _UPPER:
        return word.upper()
    if re.fullmatch(r"\d+(st|nd|rd|th)", word, re.IGNORECASE):
        return word.lower()
    if any(c.isdigit() for c in word):
        return word.upper()
    return "-".join("'".join(part[:1].upper() + part[1:].lower() if len(part) > 1 or n == 0
                             else part.lower() for n, part in enumerate(piece.split("'")))
                    for piece in word.split("-"))  # fmt: skip

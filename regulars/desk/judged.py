"""An address with its level in words, why, and what was probably meant: typed or stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from regulars.customers import address_check, facts
from regulars.customers.address_check import Checked, usps
from regulars.customers.models import CheckLevel
from regulars.lib import countries
from regulars.lib.addresses import Address
from regulars.lib.errors import Invalid

if TYPE_CHECKING:
    from regulars.customers.models import Location

NAMES = ("line1", "line2", "city", "state", "postal_code", "country")
LONGEST = 400
GOOD = {CheckLevel.PLACE, CheckLevel.CONFIRMED}
BAD = {CheckLevel.REFUSED, CheckLevel.NO_UNIT, CheckLevel.ODD_UNIT}


@dataclass(frozen=True)
class Judged:
    """`question` is the suggestion on one line, "" when there is none; `rest` is still to come."""

    level: CheckLevel
    words: str
    reasons: Sequence[str] = ()
    question: str = ""
    suggestion: Address | None = None
    rest: str = ""

    @property
    def mood(self) -> str:
        return "good" if self.level in GOOD else "bad" if self.level in BAD else "open"

    @property
    def symbol(self) -> str:
        return {"good": "check", "bad": "alert-triangle", "open": "info-circle"}[self.mood]

    @property
    def fields(self) -> dict[str, str]:
        """The suggestion as the fields of a form."""
        if self.suggestion is None:
            return {}
        said: dict[str, str] = asdict(self.suggestion)
        return said | {"country": countries.shown(said["country"])}


def typed(fields: Mapping[str, Any]) -> Judged | None:
    """Of what stands in a form; None while nothing is typed."""
    address = _read(fields)
    if not address.says_something:
        return None
    found = address_check.check(address)
    asks = usps.is_configured() and usps.can_be_asked(address)
    rest = "USPS is asked once it is saved" if asks else ""
    return _judged(found.level, found, address, rest)


def _read(fields: Mapping[str, Any]) -> Address:
    """Half of it may be typed yet: what is not understood so far counts as nothing."""
    said = {name: str(fields.get(name) or "")[:LONGEST] for name in NAMES}
    try:
        return facts.read_location(said).address
    except Invalid as wrong:
        rest = {name: text for name, text in said.items() if name not in wrong.errors}
        return facts.read_location(rest).address


def stored(places: Sequence[Location]) -> dict[int, Judged]:
    """Of a customer's places by their row id; one statement when USPS is configured, else none."""
    told = usps.recalled([place.address for place in places]) if usps.is_configured() else {}
    return {place.pk: _stored(place, told) for place in places if place.address.says_something}


def _stored(place: Location, told: dict[Address, Checked]) -> Judged:
    level = CheckLevel(place.check_level)
    found = told.get(place.address)
    if found is None or found.level != level:
        settled = level in (CheckLevel.CONFIRMED, CheckLevel.NO_UNIT, CheckLevel.ODD_UNIT)
        found = Checked() if settled else address_check.check(place.address)
    return _judged(level, found, place.address, "")


def _judged(level: CheckLevel, found: Checked, address: Address, rest: str) -> Judged:
    words, reasons = level.label, found.reasons
    if reasons and reasons[0].startswith(words):
        words, reasons = reasons[0], reasons[1:]
    return Judged(level, words, reasons, found.question(address), found.suggestion, rest)

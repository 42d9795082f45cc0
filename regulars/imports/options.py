"""What a person may decide about an import beside the mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from regulars.imports.reading.dates import Order
from regulars.imports.reading.delimiter import DELIMITERS
from regulars.imports.reading.encoding import ENCODINGS
from regulars.imports.reading.table import How
from regulars.lib.errors import Invalid

MATCHES = ("email", "phone")
SYSTEM = "import"
ADD, UPDATE, LEAVE = OTHER_NAMES = ("add", "update", "leave")


@dataclass(frozen=True)
class Options:
    """`system` names whose numbers the file's ids are; `match` finds customers without such a
    number; `other_name` says what becomes of a row that finds one by an address of somebody who has
    another first name; `date_orders` maps a column's index to the order read there."""

    system: str = SYSTEM
    match: tuple[str, ...] = ()
    other_name: str = ADD
    event_kind: str = ""
    owner_from_events: bool = False
    date_orders: Mapping[int, Order] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    has_header: bool | None = None
    sheet: str = ""

    @property
    def how(self) -> How:
        """What was decided about reading the file."""
        return How(
            self.encoding or None, self.delimiter or None, self.has_header, self.sheet or None
        )

    def to_json(self) -> dict[str, Any]:
        found = asdict(self)
        found["date_orders"] = {str(at): order for at, order in self.date_orders.items()}
        return found


def from_json(raw: Mapping[str, Any]) -> Options:
    """Options from plain data; unknown keys are ignored.

    Raises `Invalid` with the field's name.
    """
    known = {key: raw[key] for key in Options.__dataclass_fields__ if raw.get(key) is not None}
    problems = {}
    known["match"] = tuple(known.get("match", ()))
    if not set(known["match"]) <= set(MATCHES):
        problems["match"] = "Customers are matched by email, by phone, or by both"
    if known.get("other_name", ADD) not in OTHER_NAMES:
        problems["other_name"] = "Choose add, update or leave"
    system = str(known.get("system", SYSTEM)).strip()
    if not 1 <= len(system) <= 60:
        problems["system"] = "The other system's name has 1 to 60 characters"
    known["system"] = system
    if known.get("encoding") and known["encoding"] not in ENCODINGS:
        problems["encoding"] = "Choose one of " + ", ".join(ENCODINGS)
    if known.get("delimiter") and known["delimiter"] not in DELIMITERS:
        problems["delimiter"] = "Choose comma, semicolon, tab or bar"
    orders = known.get("date_orders", {})
    if not all(order in ("day", "month") for order in orders.values()):
        problems["date_orders"] = "Either day or month comes first"
    if problems:
        raise Invalid(problems)
    known["date_orders"] = {int(at): order for at, order in orders.items()}
    return Options(**known)

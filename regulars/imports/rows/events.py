"""A record read as something that happened with a customer."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from regulars.imports.reading.headings import meaning, words
from regulars.imports.reading.shapes import western_digits
from regulars.imports.rows.cells import BadRow, Cells
from regulars.timeline.models import DAY

_TOTAL = frozenset(
    [
        "total",
        "amount",
        "sum",
        "price",
        "value",
        "summe",
        "betrag",
        "gesamt",
        "montant",
        "importe",
        "totale",
        "suma",
        "valor",
    ]
)


@dataclass(frozen=True)
class EventDraft:
    """What the row says; the customer and the colleague are still numbers, emails or names."""

    happened_at: datetime.datetime
    kind: str
    origin: str
    customer: str = ""
    customer_email: str = ""
    customer_phone: str = ""
    actor: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def read_event(cells: Cells, *, system: str, kind: str) -> EventDraft:
    """`kind` is what every row is when no column says so.

    Raises BadRow with the column and the reason.
    """
    who = {key: cells.number(key) for key in ("customer", "customer_email", "customer_phone")}
    if not any(who.values()):
        raise BadRow("The row does not say whose event it is.")
    happened_at = cells.moment("happened_at")
    if happened_at is None:
        raise BadRow("The row does not say when it happened.")
    number = cells.number("external_id")
    if len(number) > 100:
        raise BadRow("The number is longer than 100 characters.", cells.column("external_id"))
    data = _data(cells)
    if number:
        data.setdefault("number", number)
    day = cells.day("happened_at")
    if day is not None:
        data[DAY] = day.isoformat()
    kind = cells.text("kind") or kind
    return EventDraft(
        happened_at=happened_at,
        kind=kind,
        origin=f"{system}:{kind}:{number or _digest(cells)}"[:200],
        actor=western_digits(cells.text("actor")),
        data=data,
        **who,
    )


def _data(cells: Cells) -> dict[str, str]:
    """The details under their headings; a total and a remark under the names that sentences use."""
    found: dict[str, str] = {}
    for index, text in cells.all("data"):
        heading = cells.columns[index].heading
        said = words(heading)
        key = heading
        if said and said[-1] in _TOTAL:
            key = "total"
        elif meaning(heading)[0] == "note" or said in (("text",), ("message",), ("body",)):
            key = "text"
        found.setdefault(heading if key in found else key, text)
    return found


def _digest(cells: Cells) -> str:
    said = sorted((cells.columns[at].heading, text) for at, text in cells.texts.items())
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]

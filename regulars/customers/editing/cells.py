"""The facts of one stored row as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from regulars.customers.models import Source
from regulars.lib import phones
from regulars.lib.errors import Invalid

from .keys import At, parse
from .reading import read
from .sheet import SHEET, Fact, Kind


@dataclass(frozen=True, slots=True)
class Cell:
    """One fact with what it says: `value` as kept, `shown` for people, "" for nothing."""

    key: str
    fact: Fact
    value: str
    shown: str

    @property
    def ident(self) -> str:
        """The id of its element on the page."""
        return ident(self.key)


def ident(key: str) -> str:
    return "fact-" + key.replace(":", "-")


def cells(row: Any) -> dict[str, Cell]:
    """Each fact of a customer, contact, email, phone or location, by its name."""
    of = row._meta.model_name
    pk = None if of == "customer" else row.pk
    found = {}
    for name, fact in SHEET[of].items():
        value = value_of(row, fact)
        shown = _related(row, fact) if fact.offers else show(fact, value)
        found[name] = Cell(At(of, pk, fact).key, fact, value, shown)
    return found


def value_of(row: Any, fact: Fact) -> str:
    """What the row says, as `reading.read` reads it."""
    if fact.adds:
        return ""
    kept = getattr(row, fact.kept_in)
    if fact.name == "source" and kept == Source.OTHER and row.source_other:
        return f"{kept}:{row.source_other}"
    if isinstance(kept, bool):
        return "yes" if kept else ""
    return "" if kept is None else str(kept)


def _related(row: Any, fact: Fact) -> str:
    related = getattr(row, fact.name) if getattr(row, fact.kept_in) is not None else None
    return related.name if related else ""


def show(fact: Fact, value: str) -> str:
    """The words for a value of this fact; of chosen rows, whose names are not known here, none."""
    if fact.kind is Kind.FLAG:
        return "Yes" if value else "No"
    if fact.kind is Kind.CHOICE:
        said, _, words = value.partition(":")
        return words or dict(fact.choices).get(said, "")
    if fact.inputmode == "tel" and value:
        number = phones.read(value)
        return phones.shown(number.e164, extension=number.extension) or value
    return fact.shown(value)


def typed(cell: Cell) -> str:
    """What the field holds when it opens: the words, where they are read back as what is kept."""
    if cell.fact.kind in (Kind.CHOICE, Kind.FLAG) or cell.fact.inputmode:
        return cell.value
    at = parse(cell.key)
    try:
        known = at is not None and read(at, cell.shown) == cell.value
    except Invalid:
        known = False
    return cell.shown if known else cell.value

"""Who else has the address or number that was just written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regulars.customers.editing.cells import ident
from regulars.customers.models import Customer
from regulars.matching import looking

if TYPE_CHECKING:
    from regulars.customers.editing import Cell
    from regulars.staff.models import User

MAIN = {"email": "address", "phone": "number"}


@dataclass(frozen=True)
class Shared:
    """`ident` is the cell under which it is said; `others` are customers the reader may see."""

    ident: str
    others: Sequence[Customer]


def shared(cell: Cell, typed: str, who: Customer, by: User) -> Shared | None:
    """The others with this email or phone; None for another fact, or when nobody has it."""
    kind = (
        cell.fact.name
        if cell.fact.adds
        else {"address": "email", "number": "phone"}.get(cell.fact.name, "")
    )
    if kind not in MAIN or not typed.strip():
        return None
    region = who.store.country if who.store else "US"
    found = looking.known_to(by, looking.of_raw({kind: typed}, region), of=who.pk)
    ids = [one.customer for one in found if one.shares_a_way]
    if not ids:
        return None
    others = Customer.objects.visible_to(by).filter(pk__in=ids).order_by("pk")
    return Shared(_at(cell, kind, who), list(others))


def _at(cell: Cell, kind: str, who: Customer) -> str:
    """The cell itself, or the one of the row that it added."""
    if not cell.fact.adds:
        return cell.ident
    rows = who.emails if kind == "email" else who.phones
    return ident(f"{kind}:{rows.latest('pk').pk}:{MAIN[kind]}")

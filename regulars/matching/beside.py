"""Two customers side by side: what agrees is one line, what differs is two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regulars.customers.cards import Card
from regulars.customers.deck import cards
from regulars.customers.models import Location

from .models import Pair

if TYPE_CHECKING:
    from regulars.staff.models import User


@dataclass(frozen=True)
class Row:
    """One fact of both; `agrees` where both say the same, `both` where both say something."""

    label: str
    one: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return set(self.one) == set(self.other)


@dataclass(frozen=True)
class Sides:
    one: Card
    other: Card
    rows: tuple[Row, ...]


def beside(user: User, pair: Pair) -> Sides | None:
    """Everything that tells two people apart, in two statements; None when one just went."""
    found = {card.customer.pk: card for card in cards(user, [pair.customer_id, pair.other_id])}
    if len(found) < 2:
        return None
    one, other = found[pair.customer_id], found[pair.other_id]
    places: dict[int, list[str]] = {}
    for place in Location.objects.filter(customer__in=found).order_by("-is_primary", "id")[:20]:
        places.setdefault(place.customer_id, []).append(", ".join(place.lines))
    rows = (
        _row("Name", [one.customer.name], [other.customer.name]),
        _row("Company", [one.customer.company], [other.customer.company]),
        _row("Phone", (p.shown for p in one.phones), (p.shown for p in other.phones)),
        _row("Email", (e.address for e in one.emails), (e.address for e in other.emails)),
        _row("Address", places.get(one.customer.pk, ()), places.get(other.customer.pk, ())),
        _row("Assigned to", [_owner(one)], [_owner(other)]),
        _row("Tags", (tag.name for tag in one.tags), (tag.name for tag in other.tags)),
    )
    return Sides(one, other, tuple(row for row in rows if row.one or row.other))


def _row(label: str, one: Iterable[str], other: Iterable[str]) -> Row:
    return Row(label, tuple(filter(None, one)), tuple(filter(None, other)))


def _owner(card: Card) -> str:
    return card.customer.owner.name if card.customer.owner else "Unassigned"

"""Customers side by side: what another one says as well is gray, what only one says is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F
from django.db.models import Value as Constant
from django.db.models.functions import JSONObject
from django.utils import timezone

from regulars.criteria.fields import Asking
from regulars.criteria.things import Thing, things
from regulars.customers.cards import Card
from regulars.customers.deck import cards
from regulars.customers.models import Location
from regulars.lib import clock

if TYPE_CHECKING:
    from regulars.staff.models import User

PLACES = 100
PLACE = ("name", "line1", "line2", "city", "state", "postal_code", "country")


@dataclass(frozen=True)
class Value:
    """What one says; `shared` where another one says it as well."""

    text: str
    shared: bool


@dataclass(frozen=True)
class Row:
    """One fact of all of them, in their order."""

    label: str
    cells: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Sides:
    cards: Sequence[Card]
    rows: Sequence[Row]


def beside(user: User, ids: Sequence[int]) -> Sides | None:
    """Everything that tells people apart, in two statements; None when one just went."""
    found = cards(user, ids, marked=False)
    if len(found) < len(ids):
        return None
    places, opened = _more(user, ids)
    facts: list[tuple[str, Callable[[Card], Iterable[str]]]] = [
        ("Name", lambda one: [one.customer.name]),
        ("Company", lambda one: [one.customer.company]),
        ("Phone", lambda one: (phone.shown for phone in one.phones)),
        ("Email", lambda one: (email.address for email in one.emails)),
        ("Address", lambda one: places.get(one.customer.pk, ())),
        ("Assigned to", lambda one: [_owner(one)]),
        ("Tags", lambda one: (tag.name for tag in one.tags)),
        ("Open", lambda one: [*_waits(one), *opened.get(one.customer.pk, ())]),
    ]
    rows = [_row(label, [tuple(filter(None, said(one))) for one in found]) for label, said in facts]
    return Sides(found, [row for row in rows if any(row.cells)])


def _row(label: str, said: Sequence[tuple[str, ...]]) -> Row:
    times = Counter(text for one in said for text in set(one))
    return Row(label, tuple(tuple(Value(text, times[text] > 1) for text in one) for one in said))


def _owner(card: Card) -> str:
    return card.customer.owner.name if card.customer.owner else "Unassigned"


def _waits(card: Card) -> list[str]:
    return ["Waits for an answer"] if card.customer.waiting_since else []


def _more(user: User, ids: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """The places of each, and how many open tasks, deals and the like; one statement."""
    here = Location.objects.filter(customer__in=ids).order_by("-is_primary", "id")[:PLACES]
    rows: Any = here.values_list(
        "customer_id", Constant(""), JSONObject(**{key: key for key in PLACE})
    )
    asking = Asking(user, clock.now(), timezone.get_current_timezone())
    counted = filter(lambda one: one is not None, (_open(one, asking, ids) for one in things))
    places: dict[int, list[str]] = {}
    opened: dict[int, list[str]] = {}
    for pk, key, said in rows.union(*counted, all=True):
        if key:
            thing, n = things[key], said["n"]
            words = f"{n} open {thing.noun if n == 1 else thing.many}"
            opened.setdefault(pk, []).append(words)
        else:
            places.setdefault(pk, []).append(", ".join(Location(**said).lines))
    return places, opened


def _open(thing: Thing, asking: Asking, ids: Sequence[int]) -> Any:
    """How many of them are open, where the thing knows that of itself."""
    said = next((one for one in thing.fields if one.key == "open"), None)
    if said is None:
        return None
    whose = {f"{thing.customer}__in": ids}
    rows = thing.rows().filter(said.q("is", True, asking), **whose).order_by()
    counted = rows.values(thing.customer).annotate(n=Count("pk"))
    return counted.values_list(F(f"{thing.customer}_id"), Constant(thing.key), JSONObject(n="n"))

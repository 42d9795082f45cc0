"""Places: rows of their own, exactly one of them primary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from regulars.customers.facts import CustomerFacts, LocationFacts
from regulars.customers.history.context import act
from regulars.customers.models import Customer, Location
from regulars.lib import addresses
from regulars.lib.copying import add_rows
from regulars.lib.errors import Invalid

from .checking import ask_post, checked_columns
from .pairing import paired
from .rows import rewrite
from .touched import changing

if TYPE_CHECKING:
    from regulars.staff.models import User

COLUMNS = ("name", "kind", "line1", "line2", "city", "state", "postal_code", "country")
NOWHERE = "A location needs at least one line"


def locations_of(customer: Customer) -> list[LocationFacts]:
    """The stored places as facts with their ids, primary first."""
    return [location_facts(row) for row in customer.locations.order_by("-is_primary", "id")]


def location_facts(row: Location) -> LocationFacts:
    known = {key: getattr(row, key) for key in COLUMNS}
    return LocationFacts(**known, primary=row.is_primary, id=row.pk)


def write_new(pairs: Sequence[tuple[Customer, CustomerFacts]]) -> None:
    """The places of customers that have none yet."""
    rows = add_rows(
        Location,
        (
            Location(customer=customer, **_columns(place), **checked_columns(place.address))
            for customer, facts in pairs
            for place in facts.locations
        ),
    )
    if len(pairs) == 1:
        for row in rows:
            ask_post(row)


def write_locations(customer: Customer, wanted: Sequence[LocationFacts]) -> bool:
    """Make these the customer's places; whether anything changed. Kept ones keep their ids."""
    stored = locations_of(customer)
    if stored == list(wanted):
        return False
    found = paired(wanted, stored, _address, lambda place: place.name)
    kept = [s.id for s in found if s is not None and s.id is not None]
    customer.locations.exclude(pk__in=kept).delete()
    step_back(
        customer, next((s.id for s, w in zip(found, wanted, strict=True) if s and w.primary), None)
    )
    rows = customer.locations.in_bulk(kept)
    for want, have in zip(wanted, found, strict=True):
        if have is None:
            _create(customer, want)
        elif have.id is not None:
            write_one(rows[have.id], want)
    return True


def _create(customer: Customer, facts: LocationFacts) -> Location:
    columns = _columns(facts) | checked_columns(facts.address)
    location = Location.objects.create(customer=customer, **columns)
    ask_post(location)
    return location


def write_one(row: Location, facts: LocationFacts) -> bool:
    """An address that stays the same keeps what is known of it."""
    moved = row.address != facts.address
    changed = rewrite(row, _columns(facts) | (checked_columns(facts.address) if moved else {}))
    if moved:
        ask_post(row)
    return changed


def _address(facts: LocationFacts) -> tuple[str, ...] | None:
    lines = (facts.line1.lower(), facts.city.lower(), facts.postal_code.lower())
    return lines if any(lines) else None


def step_back(customer: Customer, heir: int | None) -> None:
    customer.locations.filter(is_primary=True).exclude(pk=heir or 0).update(is_primary=False)


def _columns(facts: LocationFacts) -> dict[str, Any]:
    said = {key: getattr(facts, key) for key in COLUMNS}
    return said | {"is_primary": facts.primary, "normal": addresses.normal(facts.address)}


def add_location(customer: Customer, facts: LocationFacts, *, by: User | None) -> Location:
    """Another place; the first one, or one that claims it, becomes primary."""
    if not facts.says_something:
        raise Invalid({"line1": NOWHERE})
    with changing(customer, by=by) as change:
        first = not customer.locations.exists()
        if facts.primary and not first:
            step_back(customer, None)
        location = _create(customer, replace(facts, primary=first or facts.primary))
        change.added(f"location {location.name}".strip())
    return location


def change_location(location: Location, facts: LocationFacts, *, by: User | None) -> None:
    """Set a place's lines; it may claim to be primary, never give it up."""
    if not facts.says_something:
        raise Invalid({"line1": NOWHERE})
    customer = location.customer
    with changing(customer, by=by, of=location) as change:
        location.refresh_from_db()
        if facts.primary and not location.is_primary:
            step_back(customer, location.pk)
        primary = location.is_primary or facts.primary
        if write_one(location, replace(facts, primary=primary)):
            change.said(f"location {location.name}".strip())


def remove_location(location: Location, *, by: User | None) -> str:
    """Take a place away; the next one becomes primary. Answers the act, for `bring_back`."""
    customer = location.customer
    with changing(customer, by=by, of=location) as change:
        was_primary, name = location.is_primary, location.name
        location.delete()
        heir = customer.locations.order_by("id").first() if was_primary else None
        if heir:
            rewrite(heir, {"is_primary": True})
        change.removed(f"location {name}".strip())
        return act()

"""Where customers are: locations one can ask for, and the pins of a list on the map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from regulars.criteria.kinds import choice_field, text_field
from regulars.criteria.things import Thing
from regulars.lib.errors import Invalid

from . import queries
from .models import Location, LocationKind

if TYPE_CHECKING:
    from regulars.staff.models import User

location = Thing(
    "location",
    "Location",
    Location.objects.all,
    (
        text_field("city", "City", "city"),
        text_field("state", "State", "state", aliases=("province", "region")),
        text_field("zip", "ZIP or postal code", "postal_code", aliases=("postal_code", "postcode")),
        text_field("country", "Country", "country"),
        choice_field("kind", "Kind", "kind", LocationKind.choices, blank=True),
    ),
    aliases=("place", "address"),
)
PAGES = 3
MOST = PAGES * queries.MOST


@dataclass(frozen=True)
class Box:
    """A part of the map in degrees; one that crosses the date line has its west past its east."""

    south: float
    west: float
    north: float
    east: float

    @property
    def condition(self) -> Q:
        """On a location."""
        high = Q(latitude__gte=self.south, latitude__lte=self.north)
        if self.west <= self.east:
            return high & Q(longitude__gte=self.west, longitude__lte=self.east)
        return high & (Q(longitude__gte=self.west) | Q(longitude__lte=self.east))


def read_box(said: str) -> Box | None:
    """The box written “south,west,north,east”, None for nothing said. Raises `Invalid`.

    A map that is drawn more than once around the world asks for longitudes past 180: those are
    brought back to where they lie.
    """
    if not said.strip():
        return None
    try:
        south, west, north, east = (float(part) for part in said.split(","))
    except ValueError:
        raise _unreadable() from None
    if not all(math.isfinite(side) for side in (south, west, north, east)) or south > north:
        raise _unreadable()
    if east - west >= 360:
        return Box(south, -180, north, 180)
    return Box(south, _around(west), north, _around(east))


def _around(longitude: float) -> float:
    return (longitude + 180) % 360 - 180 if not -180 <= longitude <= 180 else longitude


def _unreadable() -> Invalid:
    return Invalid({"box": "A box is written south,west,north,east in degrees"})


def located(within: Box | None = None) -> Q:
    """The condition on a customer that the map can show them, within a box or anywhere."""
    places = Location.objects.filter(
        customer=OuterRef("pk"), is_primary=True, latitude__isnull=False
    )
    return Q(Exists(places.filter(within.condition) if within else places))


@dataclass(frozen=True)
class Pin:
    """One customer on the map; `place` is the town."""

    id: UUID
    name: str
    waiting_since: datetime | None
    last_activity_at: datetime | None
    owner: str
    place: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Pins:
    """The first `MOST` of a list that have a position; `more` when there are further ones."""

    items: list[Pin]
    more: bool


def pins(
    user: User,
    *,
    where: Q | None = None,
    sort: str = "recent",
    q: str = "",
    archived: bool = False,
    within: Box | None = None,
) -> Pins:
    """The list that `queries.find` gives, as far as a map shows it: four statements at most."""
    wanted = located(within) if where is None else where & located(within)
    ids: list[int] = []
    cursor: str | None = None
    for _ in range(PAGES):
        here = queries.find(
            user, where=wanted, sort=sort, q=q, archived=archived, cursor=cursor,
            limit=queries.MOST,
        )  # fmt: skip
        ids += here.ids
        cursor = here.next
        if cursor is None:
            break
    rows = Location.objects.filter(customer__in=ids, is_primary=True, latitude__isnull=False)
    found = {
        customer: Pin(public_id, name, waiting, active, owner or "", place, latitude, longitude)
        for customer, public_id, name, waiting, active, owner, place, latitude, longitude
        in rows.values_list(
            "customer_id", "customer__public_id", "customer__name", "customer__waiting_since",
            "customer__last_activity_at", "customer__owner__name", "city", "latitude", "longitude",
        )
        if latitude is not None and longitude is not None
    }  # fmt: skip
    return Pins([found[pk] for pk in ids if pk in found], more=cursor is not None)

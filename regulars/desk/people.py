"""The people of a customer as their page shows them: who, how to reach them, what can be edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import TYPE_CHECKING

from regulars.customers import editing
from regulars.customers.channels import Channel, Way, ways
from regulars.customers.editing import Cell
from regulars.customers.models import Contact, Email, Location, Phone
from regulars.lib import addresses

from . import reach
from .reach import Line

if TYPE_CHECKING:
    from regulars.customers.profile import Person, Profile

Cells = dict[str, Cell]
ENVELOPE = ("line1", "line2", "city", "state", "postal_code", "country")


@dataclass(frozen=True)
class Address:
    """An email address or a phone number with the channels it opens; `place` counts from 0."""

    row: Email | Phone
    cells: Cells
    lines: Sequence[Line]
    keys: frozenset[Channel]
    place: int
    of: int

    @property
    def ident(self) -> str:
        return f"{self.kind}-{self.row.pk}"

    @property
    def kind(self) -> str:
        return "email" if isinstance(self.row, Email) else "phone"

    @property
    def main(self) -> Cell:
        return self.cells["address" if isinstance(self.row, Email) else "number"]

    @property
    def closed(self) -> list[Line]:
        return [line for line in self.lines if not line.way.allowed]


@dataclass(frozen=True)
class Someone:
    """One contact. `themselves` is the customer, a person, whose name stands elsewhere."""

    contact: Contact
    cells: Cells
    addresses: Sequence[Address]
    themselves: bool

    @property
    def name(self) -> str:
        return self.contact.name or "No name"

    @property
    def lacks(self) -> list[str]:
        """Which of phone and email there is none of."""
        known = {address.kind for address in self.addresses}
        return [kind for kind in ("phone", "email") if kind not in known]

    @property
    def summary(self) -> str:
        """What unfolding shows, in a few words."""
        names = ("title", "role", "language", "birthday", "about")
        said = [self.cells[name].shown.split("\n")[0] for name in names]
        return " · ".join(words for words in said if words)


@dataclass(frozen=True)
class Place:
    location: Location
    cells: Cells

    @property
    def headed(self) -> Cell:
        """What its card is called: its name, else of what kind it is."""
        unnamed = self.cells["kind"].shown and not self.cells["name"].shown
        return self.cells["kind" if unnamed else "name"]

    @property
    def summary(self) -> str:
        """What unfolding shows, in a word."""
        return self.cells["kind"].shown if self.cells["name"].shown else ""

    @property
    def said(self) -> list[str]:
        """The lines of the address that say something."""
        return [name for name in ENVELOPE if self.cells[name].value]

    @property
    def envelope(self) -> list[list[str]]:
        """The same in the order of its country, those of one line together."""
        said = self.said
        lines = [[n for n in row if n in said] for row in addresses.rows(self.location.address)]
        return [line for line in lines if line]

    @property
    def with_comma(self) -> bool:
        """Whether a comma stands behind the town, as in the United States."""
        return addresses.country_of(self.location.address) in ("", "US", "PR")

    @property
    def unsaid(self) -> list[str]:
        return [name for name in ENVELOPE if not self.cells[name].value]

    @property
    def name(self) -> str:
        place = self.location
        return place.name or place.get_kind_display() or place.line1 or place.city or "Location"


def people(profile: Profile, *, today: date, zone: tzinfo) -> list[Someone]:
    """Everybody, the primary contact first; each channel's key stands where it is used from."""
    used = {way.channel: way.href for way in profile.ways if way.allowed}
    return [_someone(person, profile, used, today, zone) for person in profile.people]


def places(profile: Profile) -> list[Place]:
    return [Place(location, editing.cells(location)) for location in profile.locations]


def _someone(
    person: Person, profile: Profile, used: dict[Channel, str], today: date, zone: tzinfo
) -> Someone:
    who, contact = profile.customer, person.contact
    named = (contact.first_name, contact.last_name) == (who.first_name, who.last_name)
    return Someone(
        contact,
        editing.cells(contact),
        list(_addresses(person, used, today, zone)),
        themselves=contact.is_primary and not who.is_company and named,
    )


def _addresses(
    person: Person, used: dict[Channel, str], today: date, zone: tzinfo
) -> Iterator[Address]:
    rows: Sequence[Sequence[Email | Phone]] = (person.phones, person.emails)
    for kind in rows:
        for n, row in enumerate(kind):
            lines = [reach.line(way, row, today=today, zone=zone) for way in _ways(row, today)]
            here = {w.channel for w in _ways(row, today) if used.get(w.channel) == w.href}
            for channel in here:
                del used[channel]
            yield Address(row, editing.cells(row), lines, frozenset(here), n, len(kind))


def _ways(row: Email | Phone, today: date) -> Sequence[Way]:
    """The channels of this one address."""
    if isinstance(row, Email):
        return ways([], [row], today=today)[2:]
    return ways([row], [], today=today)[:2]

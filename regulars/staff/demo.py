"""The demo's people: Marlow Motors, two stores, three teams, five to sign in as, and more."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.contrib.auth.hashers import make_password

from . import actions
from .models import Role, Store, Team, User

PASSWORD = "demo"  # noqa: S105 (it is printed on the sign-in page)
SALT = "marlow-motors-demo"  # the same hash twice: the demo is the same twice


class World(Protocol):
    """What every room's demo is given."""

    @property
    def now(self) -> datetime: ...


@dataclass(frozen=True)
class Person:
    """`seen` is minutes before now, None for never; `years` how long they have worked here."""

    name: str
    email: str
    role: str
    title: str
    store: str
    team: str = ""
    seen: float | None = None
    years: float = 2.0
    phone: str = ""


STORES = {"Marlow North": "America/Detroit", "Marlow South": "America/Chicago"}
TEAMS = {"North": "Marlow North", "South": "Marlow South", "Wholesale": "Marlow North"}

FIVE = (
    Person("Ana Alvarez", "ana@demo.example", "salesperson", "Sales consultant",
           "Marlow North", "North", 0.4, 3.2, "+12485550142"),
    Person("Ben Whitaker", "ben@demo.example", "salesperson", "Sales consultant",
           "Marlow South", "South", 1.1, 2.6, "+13125550117"),
    Person("Mia Hoffmann", "mia@demo.example", "manager", "Sales manager",
           "Marlow North", "", 0.8, 6.0, "+12485550101"),
    Person("Omar Haddad", "omar@demo.example", "marketing", "Marketing lead",
           "Marlow North", "", 14, 2.9, "+12485550125"),
    Person("Ada Novak", "ada@demo.example", "administrator", "Office and systems",
           "Marlow North", "", 52, 7.5, "+12485550100"),
)  # fmt: skip

MORE = (
    Person("Grace Okonkwo", "grace.okonkwo@marlow.example", "salesperson",
           "Senior sales consultant", "Marlow North", "North", 0.2, 5.4, "+12485550143"),
    Person("Tomasz Wieczorek", "tomasz.wieczorek@marlow.example", "salesperson",
           "Sales consultant", "Marlow North", "North", 7, 2.1, "+12485550144"),
    Person("Lena Sørensen", "lena.sorensen@marlow.example", "salesperson",
           "Internet sales", "Marlow North", "North", 1.5, 2.4, "+12485550145"),
    Person("Marcus Bell", "marcus.bell@marlow.example", "salesperson",
           "Sales consultant", "Marlow North", "North", 3 * 1440, 4.0, "+12485550146"),
    Person("Priya Raman", "priya.raman@marlow.example", "salesperson",
           "Senior sales consultant", "Marlow South", "South", 0.6, 4.8, "+13125550118"),
    Person("Dwayne Carter", "dwayne.carter@marlow.example", "salesperson",
           "Sales consultant", "Marlow South", "South", 38, 2.2, "+13125550119"),
    Person("Hana Kobayashi", "hana.kobayashi@marlow.example", "salesperson",
           "Sales consultant", "Marlow South", "South", 9 * 60, 2.0, "+13125550120"),
    Person("Sofia Lindgren", "sofia.lindgren@marlow.example", "salesperson",
           "Wholesale accounts", "Marlow North", "Wholesale", 1.9, 3.5, "+12485550160"),
    Person("Elliot Grant", "elliot.grant@marlow.example", "salesperson",
           "Online shop", "Marlow North", "Wholesale", 25, 2.0, "+12485550161"),
    Person("Ruth Abernathy", "ruth.abernathy@marlow.example", "manager",
           "Store manager", "Marlow South", "", 4, 8.1, "+13125550102"),
    Person("Jerome Watts", "jerome.watts@marlow.example", "salesperson",
           "Service adviser", "Marlow South", "South", 2 * 60, 2.7, "+13125550121"),
    Person("Nadia Petrova", "nadia.petrova@marlow.example", "salesperson",
           "Starts next week", "Marlow North", "North", None, 0.01, "+12485550147"),
)  # fmt: skip

GONE = Person(
    "Karl Brandt",
    "karl.brandt@marlow.example",
    "salesperson",
    "Sales consultant",
    "Marlow South",
    "South",
    120 * 1440,
    3.0,
)


def load(world: World) -> None:
    """Stores, teams and people; nothing in it is left to chance."""
    with _quietly():
        _load(world.now)


def freshen(world: World) -> int:
    """When the demo starts again: people are here, or not, as of now; how many were moved."""
    moved = 0
    for person in (*FIVE, *MORE):
        if person.seen is not None:
            at = world.now - timedelta(minutes=person.seen)
            moved += User.objects.filter(email=person.email).update(last_seen_at=at)
    return moved


@contextmanager
def _quietly() -> Iterator[None]:
    """Made-up people are no news for the log."""
    log = logging.getLogger("regulars.staff")
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(before)


def _load(now: datetime) -> None:
    stores = {
        name: actions.add_store(name, time_zone=zone, by=None) for name, zone in STORES.items()
    }
    teams = {
        name: actions.add_team(name, store=stores[store], by=None) for name, store in TEAMS.items()
    }
    roles = {role.key: role for role in Role.objects.all()}
    for person in (*FIVE, *MORE, GONE):
        _add(person, roles, stores, teams, now)
    encoded = make_password(PASSWORD, salt=SALT)
    User.objects.filter(email__in=[p.email for p in FIVE]).update(password=encoded)
    actions.disable(User.objects.get(email=GONE.email), by=None, now=now)


def _add(
    person: Person,
    roles: dict[str, Role],
    stores: dict[str, Store],
    teams: dict[str, Team],
    now: datetime,
) -> None:
    user = actions.add_person(
        person.name,
        by=None,
        role=roles[person.role],
        email=person.email,
        team=teams.get(person.team),
        store=stores[person.store],
        title=person.title,
        phone=person.phone,
        last_seen_at=None if person.seen is None else now - timedelta(minutes=person.seen),
    )
    User.objects.filter(pk=user.pk).update(created_at=now - timedelta(days=365 * person.years))

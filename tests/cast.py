"""The cast every test can call on: two stores, their people, customers and signed-in browsers.

| who  | role          | team         | sees                                       |
|------|---------------|--------------|--------------------------------------------|
| ana  | salesperson   | North Sales  | own, team's, North's unassigned            |
| cleo | salesperson   | North Sales  | the same: ana's team mate                  |
| finn | salesperson   | North Fleet  | own, team's, North's unassigned            |
| ben  | salesperson   | South Sales  | own, team's, South's unassigned            |
| mia  | manager       | none, North  | everything of North                        |
| omar | marketing     | none, North  | everything, changes nothing                |
| ada  | administrator | none, North  | everything                                 |
| dora | salesperson   | North Sales  | disabled: signs in nowhere                 |
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import pytest
from django.test import Client

from regulars.customers import actions, facts
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff.models import Role, Store, Team, User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event

PASSWORD = "a long enough one"


class MakeCustomer(Protocol):
    def __call__(
        self,
        name: str = ...,
        *,
        owner: User | None = ...,
        store: Store | None = ...,
        by: User | None = ...,
        created_at: datetime | None = ...,
        **raw: Any,
    ) -> Customer: ...


class Happens(Protocol):
    def __call__(
        self,
        customer: Customer,
        kind: str = ...,
        *,
        ago: timedelta | float = ...,
        by: User | None = ...,
        **data: Any,
    ) -> Event: ...


@pytest.fixture
def north(db: None) -> Store:
    return Store.objects.create(name="Marlow North", time_zone="America/Detroit")


@pytest.fixture
def south(db: None) -> Store:
    return Store.objects.create(name="Marlow South", time_zone="America/Chicago")


@pytest.fixture
def north_sales(north: Store) -> Team:
    return Team.objects.create(name="North Sales", store=north)


@pytest.fixture
def north_fleet(north: Store) -> Team:
    return Team.objects.create(name="North Fleet", store=north)


@pytest.fixture
def south_sales(south: Store) -> Team:
    return Team.objects.create(name="South Sales", store=south)


def person(name: str, role: str, *, team: Team | None = None, store: Store | None = None) -> User:
    """A colleague whose email is their first name at demo.example."""
    return User.objects.create_user(
        f"{name.split()[0].lower()}@demo.example",
        None,
        name=name,
        role=Role.objects.get(key=role),
        team=team,
        store=team.store if team else store,
    )


@pytest.fixture
def ana(north_sales: Team) -> User:
    return person("Ana Ferreira", "salesperson", team=north_sales)


@pytest.fixture
def cleo(north_sales: Team) -> User:
    return person("Cleo Marsh", "salesperson", team=north_sales)


@pytest.fixture
def finn(north_fleet: Team) -> User:
    return person("Finn Okafor", "salesperson", team=north_fleet)


@pytest.fixture
def ben(south_sales: Team) -> User:
    return person("Ben Castillo", "salesperson", team=south_sales)


@pytest.fixture
def mia(north: Store) -> User:
    return person("Mia Hollander", "manager", store=north)


@pytest.fixture
def omar(north: Store) -> User:
    return person("Omar Haddad", "marketing", store=north)


@pytest.fixture
def ada(north: Store) -> User:
    return person("Ada Lindqvist", "administrator", store=north)


@pytest.fixture
def dora(north_sales: Team) -> User:
    gone = person("Dora Petrov", "salesperson", team=north_sales)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    return gone


@pytest.fixture
def make_customer(db: None) -> MakeCustomer:
    """`make_customer("Renée Castellanos", owner=ana, email=…, tags=[…])`: further facts as in
    the API; company=… with an empty name makes a company."""

    def make(
        name: str = "Renée Thibodeaux-Castellanos",
        *,
        owner: User | None = None,
        store: Store | None = None,
        by: User | None = None,
        created_at: datetime | None = None,
        **raw: Any,
    ) -> Customer:
        read = facts.clean({"name": name, **raw})
        return actions.add(read, by=by, owner=owner, store=store, created_at=created_at)

    return make


@pytest.fixture
def happens(db: None) -> Happens:
    """`happens(customer, "message.received", ago=3, text="Hi")`: `ago` in minutes or as a span."""

    def put(
        customer: Customer,
        kind: str = "message.received",
        *,
        ago: timedelta | float = 0,
        by: User | None = None,
        **data: Any,
    ) -> Event:
        gap = ago if isinstance(ago, timedelta) else timedelta(minutes=ago)
        event = timeline.record(customer, kind, by=by, data=data, happened_at=clock.now() - gap)
        customer.refresh_from_db()
        return event

    return put


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """`signed_in(ana).get("/")`: a browser in which this colleague has signed in."""

    def open_for(user: User) -> Client:
        client = Client()
        client.force_login(user, "regulars.staff.sign_in.backend.Backend")
        return client

    return open_for


@pytest.fixture
def htmx() -> Callable[..., dict[str, str]]:
    """`client.get(url, headers=htmx("timeline"))`: the headers of a region's request."""

    def headers(target: str = "", page: str = "") -> dict[str, str]:
        found = {"HX-Request": "true", "HX-Request-Type": "partial"}
        if target:
            found["HX-Target"] = f"div#{target}"
        if page:
            found["HX-Current-URL"] = f"http://testserver{page}"
        return found

    return headers


@pytest.fixture
def ana_in(signed_in: Callable[[User], Client], ana: User) -> Client:
    return signed_in(ana)


@pytest.fixture
def mia_in(signed_in: Callable[[User], Client], mia: User) -> Client:
    return signed_in(mia)


@pytest.fixture
def ada_in(signed_in: Callable[[User], Client], ada: User) -> Client:
    return signed_in(ada)

"""The tailor's part of the demo: every tenth customer has had a suit made."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Protocol

from regulars.customers.models import Customer

from . import actions
from .models import Colour


class World(Protocol):
    """What every room's demo is given."""

    @property
    def now(self) -> datetime: ...
    @property
    def rng(self) -> Random: ...


def load(world: World) -> None:
    for customer in Customer.objects.order_by("pk"):
        if world.rng.random() >= 0.1:
            continue
        fitted_at = max(customer.created_at, world.now - timedelta(days=world.rng.randint(1, 300)))
        actions.fit(
            customer,
            cloth=world.rng.choice(["wool", "linen", "tweed"]),
            colour=world.rng.choice(Colour.values),
            price=Decimal(world.rng.randint(400, 2_000)),
            ready_on=world.rng.choice([None, (fitted_at + timedelta(days=30)).date()]),
            by=customer.owner,
            happened_at=fitted_at,
        )

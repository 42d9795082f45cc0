"""Who of the made-up customers lives together, and who sent whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from regulars.customers import actions
from regulars.customers.models import Customer

if TYPE_CHECKING:
    from . import World
    from .people import Person

RELATIONS = ("Wife", "Husband", "Partner", "Daughter", "Son", "Father", "Mother", "")
SOURCES = ("Told us on the phone", "Referral card", "Church picnic", "Came in together", "")


def settle(world: World, customers: Sequence[Customer], cast: Sequence[Person]) -> None:
    """Half of the families are confirmed, the others wait to be; one in thirty was sent by one
    of the same seller's customers who was here before."""
    rng = world.rng
    for before, here, person in zip(customers, customers[1:], cast[1:], strict=False):
        if person.lives_with_the_one_before and rng.random() < 0.5:
            at = max(before.created_at, here.created_at) + timedelta(minutes=20)
            actions.confirm(here, before, relation=rng.choice(RELATIONS), at=at, by=None)
    for customer, person in zip(customers, cast, strict=True):
        if person.kind != "retail" or rng.random() > 0.035:
            continue
        known = [
            other
            for other, one in zip(customers, cast, strict=True)
            if one.owner == person.owner and one.created_at < person.created_at
        ][:40]
        if known:
            at = customer.created_at + timedelta(minutes=2)
            source = rng.choice(SOURCES)
            actions.refer(customer, rng.choice(known), source=source, at=at, by=None)

"""The customers of the demo: a dealership group, its wholesale accounts and its shop."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from regulars.customers import actions
from regulars.customers.models import Category, Customer
from regulars.staff.models import Store, User
from regulars.timeline import actions as timeline
from regulars.timeline.actions import NewEvent

from . import edits, families, people, settings, stories

BATCH = 500


class World(Protocol):
    """What the demo is made from: the same scale and day make the same demo."""

    scale: int
    rng: Random
    now: datetime


def load(world: World) -> None:
    """`world.scale` customers with two years of history, whose latest minutes are busy."""
    sellers = list(
        User.objects.filter(role__key="salesperson", is_active=True)
        .select_related("store")
        .order_by("pk")
    )
    stores = list(Store.objects.order_by("pk"))
    kinds = [Category.objects.get_or_create(name=name)[0] for name in people.CATEGORIES]
    fields = settings.load(world)
    left = world.scale
    number = 0
    while left > 0:
        cast = people.some(world, sellers, stores, kinds, fields, min(BATCH, left), number)
        _add(world, cast)
        left -= len(cast)
        number += len(cast)
    edits.load(world)
    freshen(world)


def _add(world: World, cast: list[people.Person]) -> None:
    customers = actions.add_many([p.new for p in cast], by=None)
    events: list[NewEvent] = []
    for customer, person in zip(customers, cast, strict=True):
        events += stories.history(world, customer, person)
        # A batch answers only what it holds itself: a customer's whole story stays together.
        if len(events) > timeline.BATCH - stories.LONGEST:
            timeline.record_many(events)
            events = []
    timeline.record_many(events)
    families.settle(world, customers, cast)


def freshen(world: World) -> int:
    """Let somebody write just now, unless somebody did in the last minutes; how many did."""
    lately = world.now - timedelta(minutes=25)
    if Customer.objects.get_queryset().filter(last_inbound_at__gt=lately, waiting_since__gt=lately):
        return 0
    events = stories.latest(world)
    timeline.record_many(events)
    return len(events)

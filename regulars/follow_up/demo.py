"""The demo's tasks: what salespeople promised, some of it late."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff.time_zones import zone_of

from . import actions
from .due import Due
from .facts import TaskFacts
from .models import Kind

if TYPE_CHECKING:
    from regulars.customers.demo import World
    from regulars.staff.models import User

EACH = 9  # open tasks of one salesperson
DONE = 5
PROMISED = (
    (Kind.CALL, "Call about the trade-in value", "Asked twice; the appraiser has the photos."),
    (Kind.CALL, "Ask how the first week with the car went", ""),
    (Kind.TEXT, "Send the two colours that are on the lot", ""),
    (Kind.EMAIL, "Send the lease numbers with 4,000 down", "36 and 48 months, with maintenance."),
    (Kind.ACTION, "Find the second key", "It was in the service drawer last time."),
    (Kind.CALL, "Talk about the lease that ends in spring", ""),
    (Kind.EMAIL, "Price list for next season", "With the new delivery terms."),
    (Kind.ACTION, "Put the winter wheels into the back room", ""),
    (Kind.CALL, "Confirm Saturday’s test drive", "With the child seat fitted."),
    (Kind.TEXT, "Say that the part has arrived", ""),
    (Kind.ACTION, "Have the manager sign the offer", ""),
    (Kind.EMAIL, "Answer the fleet questionnaire", "They need it for their own audit."),
)  # fmt: skip
# Days from today, and the hour where it is a moment.
WHEN = ((-3, None), (-1, 16), (0, None), (0, 17), (0, 10), (1, None), (2, 11), (6, None), None)


def load(world: World) -> None:
    """Every salesperson has some to do, the later ones of colleagues; some were done lately."""
    owned: dict[User, list[Customer]] = {}
    rows = Customer.objects.current().exclude(owner=None).order_by("-last_activity_at", "public_id")
    for customer in rows.select_related("owner__store")[: 40 * (EACH + DONE)]:
        mine = owned.setdefault(customer.owner, [])  # type: ignore[arg-type]
        if len(mine) < EACH + DONE:
            mine.append(customer)
    for owner in sorted(owned, key=lambda user: str(user.email)):
        if owner.is_active:
            _of(world, owner, owned[owner])


def _of(world: World, owner: User, customers: list[Customer]) -> None:
    promised = world.rng.sample(PROMISED, len(PROMISED))
    for n, customer in enumerate(customers):
        kind, title, description = promised[n % len(promised)]
        written = world.now - timedelta(days=4 + n % 3, hours=n)
        done = n >= EACH
        due = _due(world, owner, None if done else WHEN[n % len(WHEN)])
        with clock.at(max(written, customer.created_at)):
            facts = TaskFacts(title, kind, description, due)
            task = actions.add(customer, facts, by=owner)
        if done:
            with clock.at(world.now - timedelta(days=n - EACH, hours=2)):
                actions.finish(task, by=owner)


def _due(world: World, owner: User, when: tuple[int, int | None] | None) -> Due:
    if when is None:
        return Due()
    zone = zone_of(owner)
    day = world.now.astimezone(zone).date() + timedelta(days=when[0])
    if when[1] is None:
        return Due(on=day)
    return Due(at=datetime.combine(day, time(when[1]), zone))

"""The demo's audiences and views: what a dealership group keeps an eye on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff.models import User

from . import actions, membership
from .models import Audience, Shared, Size

if TYPE_CHECKING:
    from regulars.customers.demo import World

SINCE = timedelta(days=45)
INVITED = 14
AUDIENCES = (
    ("VIP waiting", "tag:VIP and waiting", "Call these first"),
    ("Recently sold", "has event(kind:order.placed and at < 60 days ago)", "Left alone for now"),
    ("No contact for 90 days", "last_activity > 90 days ago", "For the letter in spring"),
)
VIEWS = (
    ("My VIPs", "tag:VIP and owner:me", "recent"),
    ("Fleets gone quiet", "tag:Fleet and last_activity > 30 days ago", "name"),
)


def load(world: World) -> None:
    """Made some weeks ago, so that there is something to look back at."""
    omar = User.objects.get(email="omar@demo.example")
    mia = User.objects.get(email="mia@demo.example")
    with clock.at(world.now - SINCE):
        for name, criteria, about in AUDIENCES:
            actions.make_audience(name=name, criteria=criteria, description=about, by=omar)
        party = actions.make_audience(
            name="Garden party", description="Invited for the last Sunday in June", by=omar
        )
        best = Customer.objects.order_by("public_id").filter(taggings__tag__name="VIP")
        invited = list(best.values_list("pk", flat=True)[:INVITED])
        actions.put_on_list(party, invited, by=omar)
        for name, criteria, sort in VIEWS:
            shows = actions.ViewFacts(criteria=criteria, sort=sort)
            actions.save_view(name=name, shows=shows, shared=Shared.EVERYONE, by=mia)
    _past(world)
    freshen(world)


def freshen(world: World) -> None:
    """Everybody where they belong by now."""
    membership.keep_up()
    for audience in Audience.objects.exclude(criteria=None):
        membership.settle(audience)
    actions.note_sizes()


def _past(world: World) -> None:
    """Day by day what the clock moved; of the others a curve that ends at what is true."""
    rows = []
    for audience in Audience.objects.exclude(criteria=None).order_by("name"):
        size = audience.size
        for days in range(1, SINCE.days):
            if not audience.moves_with_time:
                change = world.rng.gauss(-0.2, 0.4) * max(size, 10) ** 0.5
                size = max(0, size + round(change))
                day = (world.now - timedelta(days=days)).date()
                rows.append(Size(audience=audience, day=day, size=size))
                continue
            with clock.at(world.now - SINCE + timedelta(days=days)):
                membership.settle(audience)
                audience.refresh_from_db()
                rows.append(Size(audience=audience, day=clock.now().date(), size=audience.size))
    Size.objects.bulk_create(rows)

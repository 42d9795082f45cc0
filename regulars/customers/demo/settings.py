"""What the made-up business set up for itself: coloured tags, fields and sources of its own."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from regulars.customers import actions
from regulars.customers.custom.queries import definitions
from regulars.customers.custom.values import Definition, Value, read
from regulars.customers.models import Colour, FieldKind
from regulars.staff.models import User

if TYPE_CHECKING:
    from . import World

COLOURS = {
    "VIP": Colour.VIOLET,
    "First-time buyer": Colour.TEAL,
    "Trade-in": Colour.BLUE,
    "RECURRENT": Colour.GREEN,
    "PROBLEM": Colour.RED,
    "Fleet": Colour.ORANGE,
    "Spanish": Colour.YELLOW,
    "Cash": Colour.NONE,
    "Net 30": Colour.PINK,
    "Spring line": Colour.GREEN,
}
SOURCES = ("Referral", "Home show", "Radio", "County fair", "Trade show")
TIMES = ("Mornings", "Lunch break", "After five", "Weekends")


def load(world: World) -> list[Definition]:
    """The custom fields there are now."""
    by = User.objects.filter(role__key="administrator", is_active=True).earliest("pk")
    for name, colour in COLOURS.items():
        actions.add_tag(name, colour=colour, by=by)
    for name in SOURCES:
        actions.add_source(name, by=by)
    actions.add_field(
        label="Budget", kind=FieldKind.NUMBER, help="What they want to spend, in dollars", by=by
    )
    actions.add_field(label="Best time to call", kind=FieldKind.CHOICE, choices=TIMES, by=by)
    actions.add_field(label="Loyalty card", kind=FieldKind.TEXT, by=by)
    return list(definitions())


def said(rng: Random, fields: list[Definition]) -> dict[Definition, Value]:
    """What one customer told of them, if anything."""
    told = {
        "budget": str(rng.randrange(12, 72) * 1000),
        "best_time_to_call": rng.choice(TIMES),
        "loyalty_card": f"M-{rng.randrange(10_000, 99_999)}",
    }
    return {f: read(f, told[f.key]) for f in fields if f.key in told and rng.random() < 0.12}

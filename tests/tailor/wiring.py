"""What the tailor plugs into the house."""

from django.db.models import QuerySet
from django.http import HttpRequest

from regulars.criteria.fields import customer_fields
from regulars.criteria.kinds import (
    choice_field,
    date_field,
    how_many,
    number_field,
    worked_out_field,
)
from regulars.criteria.things import Thing, things
from regulars.customers.cards import Badge, Panel, badges, panels
from regulars.customers.models import Customer
from regulars.timeline.kinds import EventKind, Shelf, Side, event_kinds
from regulars.ui.places import Place, places

from .models import Colour, Suit

event_kinds.register(
    EventKind(
        "suit.fitted", "Fitting",
        ("measured a suit in {colour} {cloth}", "measured a suit"),
        Shelf.APPOINTMENTS, Side.US, ("cloth", "colour"), "tool",
    ),
)  # fmt: skip

things.register(
    Thing(
        "suit", "Suit", Suit.objects.all,
        (
            choice_field("colour", "Colour", "colour", Colour.choices),
            date_field("ready", "Ready", "ready_on", whole_days=True),
            number_field("price", "Price", "price", whole=False),
        ),
    ),
)  # fmt: skip

customer_fields.register(worked_out_field("suits", "Suits", lambda: how_many(Suit.objects.all)))


def _unfinished() -> QuerySet[Suit]:
    return Suit.objects.filter(ready_on=None)


def _due(count: int) -> str:
    return f"{count} to be fitted" if count else ""


badges.register(Badge("fittings_due", "Fittings due", lambda: how_many(_unfinished), _due))


def _suits_of(request: HttpRequest, customer: Customer) -> dict[str, object]:
    return {"suits": Suit.objects.filter(customer=customer).order_by("-pk")[:5]}


panels.register(Panel("suits", "Suits", "tailor/_suits.html", _suits_of, function="customers"))
places.register(Place("tailor", "Tailor", "tailor:suits", "tool", 60, function="customers"))

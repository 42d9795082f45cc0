"""Everything that writes about suits."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from regulars.customers.actions.touched import lock
from regulars.customers.history.context import writing
from regulars.lib.errors import Invalid
from regulars.timeline import actions as timeline

from .models import Colour, Suit

if TYPE_CHECKING:
    from regulars.customers.models import Customer
    from regulars.staff.models import User


def fit(
    customer: Customer,
    *,
    cloth: str,
    colour: str,
    price: Decimal,
    by: User | None,
    ready_on: date | None = None,
    happened_at: datetime | None = None,
) -> Suit:
    """Measure the customer for a suit. Raises `Invalid` for a colour we have no cloth in, `Stale`
    for whoever was merged or erased meanwhile."""
    if colour not in Colour.values:
        raise Invalid({"colour": f"There is no cloth in “{colour[:40]}”"})
    with writing(by):
        customer = lock(customer)
        suit = Suit.objects.create(
            customer=customer, cloth=cloth, colour=colour, price=price, ready_on=ready_on
        )
        data = {"cloth": cloth, "colour": colour}
        timeline.record(customer, "suit.fitted", by=by, data=data, happened_at=happened_at)
    return suit

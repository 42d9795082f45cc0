"""Looking for another customer, to say something about the one at hand and them."""

from __future__ import annotations

from django.http import HttpRequest

from regulars.customers import queries
from regulars.customers.models import Customer
from regulars.staff.permission import signed_in

FOUND = 8


def searched(request: HttpRequest) -> str:
    """What was typed."""
    return " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]


def others(request: HttpRequest, who: Customer) -> list[Customer]:
    """Whom the search finds, but for the customer themselves."""
    q = searched(request)
    cards = queries.search(signed_in(request), q, limit=FOUND + 1).items
    return [card.customer for card in cards if card.customer.pk != who.pk][:FOUND]

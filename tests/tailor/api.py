"""Suits for programs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from regulars.customers.models import Customer
from regulars.lib import cursors
from regulars.staff.functions import Level
from regulars.staff.permission import check, signed_in
from regulars.wire.lists import PAGE, Cursor, Limit

from . import actions
from .models import Suit

router = Router(tags=["Tailor"])


class SuitIn(Schema):
    customer: UUID
    cloth: Annotated[str, Field(min_length=1, max_length=80)]
    colour: Annotated[str, Field(max_length=10)]
    price: Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2)]
    ready_on: date | None = None


class SuitRow(SuitIn):
    id: int


class SuitPage(Schema):
    items: list[SuitRow]
    next: str | None


@router.get("/suits", response=SuitPage, summary="Suits of the customers you see")
def suits(request: HttpRequest, cursor: Cursor = None, limit: Limit = PAGE) -> SuitPage:
    user = signed_in(request)
    check(user, "customers", Level.VIEW)
    found = Suit.objects.visible_to(user).select_related("customer").order_by("-pk")
    if cursor:
        found = found.filter(pk__lt=cursors.decode(cursor, int)[0])
    rows = list(found[: limit + 1])
    more = cursors.encode(rows[limit - 1].pk) if len(rows) > limit else None
    return SuitPage(items=[_row(suit) for suit in rows[:limit]], next=more)


@router.post("/suits", response={201: SuitRow}, summary="Measure a customer for a suit")
def fit(request: HttpRequest, body: SuitIn) -> Status[SuitRow]:
    user = signed_in(request)
    check(user, "customers")
    customer = Customer.objects.visible_to(user).filter(public_id=body.customer).first()
    if customer is None:
        raise Http404
    wanted = body.dict(exclude={"customer"})
    return Status(201, _row(actions.fit(customer, **wanted, by=user)))


def _row(suit: Suit) -> SuitRow:
    return SuitRow(
        id=suit.pk,
        customer=suit.customer.public_id,
        cloth=suit.cloth,
        colour=suit.colour,
        price=suit.price,
        ready_on=suit.ready_on,
    )

"""Who is here already: asked before somebody is added, and of somebody who is here."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.customers.api.gate import reader, seen
from regulars.customers.models import Customer
from regulars.customers.schemas.records import CustomerIn
from regulars.matching import keeping, looking
from regulars.matching.features import Written
from regulars.matching.schemas import CandidatePage
from regulars.staff.models import User
from regulars.wire.answers import answer

router = Router()

Of = Annotated[UUID | None, Query(description="The customer about to be changed")]


@router.post("/duplicates/check", response=CandidatePage, summary="Is this customer here already?")
def check(request: HttpRequest, body: CustomerIn, of: Of = None) -> HttpResponse:
    """Nothing is added or changed: at most five customers that you see who may be this one.

    With `of` that customer is asked about as they would be with what is given. They are not
    among those found, nor is whoever something was said about in a verdict.
    """
    user = reader(request)
    if of is None:
        region = user.store.country if user.store else "US"
        return _found(user, looking.of_raw(body.given(), region))
    who = seen(user, of)
    known = keeping.written([who.pk])[who.pk]
    return _found(user, looking.changed(known, body.given()), of=who.pk)


@router.get(
    "/customers/{customer_id}/duplicates",
    response=CandidatePage,
    summary="Who may be this customer",
)
def of_one(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """As the record is now, just written or not: at most five customers that you see."""
    user = reader(request)
    who = seen(user, customer_id)
    return _found(user, keeping.written([who.pk])[who.pk], of=who.pk)


def _found(user: User, written: Written, *, of: int | None = None) -> HttpResponse:
    found = looking.known_to(user, written, of=of)
    names = {
        pk: {"id": str(public_id), "name": name}
        for pk, public_id, name in Customer.objects.visible_to(user)
        .filter(pk__in=[one.customer for one in found])
        .values_list("pk", "public_id", "name")
    }
    items = [{**names[one.customer], **one.judged.plain} for one in found if one.customer in names]
    return answer({"items": items, "next": None})

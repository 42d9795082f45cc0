"""What was written of a customer, field by field, and the record as it was."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.customers import actions
from regulars.customers.history import answers, queries
from regulars.customers.history.answers import ChangePage
from regulars.customers.history.as_of import as_of, referring
from regulars.customers.history.parts import parts
from regulars.customers.merging.then import known_then
from regulars.customers.models import Customer
from regulars.customers.schemas.records import CustomerRow
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.staff.time_zones import zone_of
from regulars.wire.answers import IF_MATCH, answer
from regulars.wire.lists import PAGE, Cursor, Limit

from .gate import held, moment, reader, seen, shown, writer

router = Router()

PartName = Annotated[
    str, Query(max_length=60, description="One part of the record, as `part.kind` names it")
]


@router.get("/customers/{customer_id}/history", response=ChangePage, summary="Every change")
def history(
    request: HttpRequest,
    customer_id: UUID,
    part: PartName = "",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    """Who wrote which field, from what to what, the newest first; imports and bulk writes too."""
    user = reader(request)
    found = seen(user, customer_id)
    if part and part not in parts():
        raise Invalid({"part": "This must be one of " + ", ".join(parts())})
    return answer(answers.page(found, user, part=part, cursor=cursor, limit=limit))


@router.post(
    "/customers/{customer_id}/history/{act}/bring-back",
    response=CustomerRow,
    summary="Bring back what was removed",
    openapi_extra=IF_MATCH,
)
def bring_back(request: HttpRequest, customer_id: UUID, act: UUID) -> HttpResponse:
    """The contacts, emails, phones and locations that this act of writing took away, as they were.

    `act` is that of the change in the history. What was agreed to is read off the evidence.
    """
    user = writer(request)
    with transaction.atomic():
        found = held(request, user, customer_id)
        actions.bring_back(found, act, by=user)
    return shown(request, found.pk)


def past(user: User, customer: Customer, said: str, *, asked: UUID) -> HttpResponse:
    """The record that whoever is asked for by this id had then: their own, or that of whom they
    were one with, which says so with `merged_into`.

    Raises `Invalid` for what is no moment, and for one before anything was known.
    """
    at = moment(user, said)
    record = as_of(known_then(user, customer, asked, at), at, viewer=user)
    if not record.existed:
        if record.begins and record.begins <= at:
            raise Invalid({"as_of": "They were one with another customer then"})
        begins = record.begins.isoformat() if record.begins else "now"
        raise Invalid({"as_of": f"Nothing is known of this customer before {begins}"})
    names = queries.names(user, referring(record))
    return answer(answers.then(record, names, zone_of(user), asked=asked))

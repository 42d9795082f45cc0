"""What a customer's addresses agreed to, with the evidence: read it, add to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router

from regulars.customers import actions
from regulars.customers.models import ConsentRecord, Customer, Email, Phone
from regulars.customers.schemas.consents import ConsentIn, ConsentPage, ConsentRow
from regulars.lib import cursors, emails, phones
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

from .gate import AsOf, moment, reader, seen, writer

router = Router()
NOWHERE = "This customer has no such {}; add it to one of their contacts first"


@router.get(
    "/customers/{customer_id}/consents", response=ConsentPage, summary="Evidence of consent"
)
def evidence(
    request: HttpRequest,
    customer_id: UUID,
    as_of: AsOf = "",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    """Everything that was ever said, what was recorded last first; nothing is ever changed.

    With `as_of` what had been recorded by then.
    """
    user = reader(request)
    found = seen(user, customer_id)
    rows = ConsentRecord.objects.filter(customer=found).select_related("by").order_by("-pk")
    if as_of:
        rows = rows.filter(recorded_at__lte=moment(user, as_of))
    if cursor:
        (before,) = cursors.decode(cursor, int)
        rows = rows.filter(pk__lt=before)
    page = list(rows[: limit + 1])
    more = len(page) > limit
    return answer(
        {
            "items": [_row(record) for record in page[:limit]],
            "next": cursors.encode(page[limit - 1].pk) if more else None,
        }
    )


@router.post(
    "/customers/{customer_id}/consents", response={201: ConsentRow}, summary="Record consent"
)
def record_consent(request: HttpRequest, customer_id: UUID, body: ConsentIn) -> HttpResponse:
    """Kept as evidence; the latest that was said stands, whenever it is recorded."""
    user = writer(request)
    with transaction.atomic():
        address = _address(seen(user, customer_id), body, user)
        given: dict[str, Any] = body.model_dump(exclude={"address", "basis", "method"})
        kept = actions.record_consent(
            address, by=user, basis=body.basis or "", method=body.method or "api", **given
        )
    return answer(_row(kept), status=201)


def _address(customer: Customer, body: ConsentIn, user: User) -> Email | Phone:
    """The customer's own address that is meant."""
    if body.channel == "email":
        normal = emails.normal(body.address)
        email = customer.emails.filter(normal=normal).first() if "\x00" not in normal else None
        if email is not None:
            return email
        raise Invalid({"address": NOWHERE.format("email address")})
    region = user.store.country if user.store else "US"
    digits = phones.read(body.address, region or "US").digits[:40]
    phone = customer.phones.filter(digits=digits).first() if digits else None
    if phone is None:
        raise Invalid({"address": NOWHERE.format("phone number")})
    return phone


def _row(record: ConsentRecord) -> dict[str, Any]:
    keys = (
        "channel", "address", "kind", "basis_note", "basis_on", "wording", "place", "ip",
        "happened_at", "recorded_at", "expires_on",
    )  # fmt: skip
    return {
        "id": record.pk,
        **{key: getattr(record, key) for key in keys},
        "basis": record.basis or None,
        "method": record.method or None,
        "by": {"id": record.by.pk, "name": record.by.name} if record.by else None,
    }

"""Checking an address before it is saved, as the forms do while somebody types."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from ninja import Router

from regulars.customers import address_check, facts
from regulars.customers.schemas.locations import AddressIn, CheckedRow
from regulars.wire.answers import answer

from .gate import reader

router = Router()


@router.post("/addresses/check", response=CheckedRow, summary="Check an address")
def check(request: HttpRequest, body: AddressIn) -> HttpResponse:
    """Offline and at once: its form, and whether ZIP code, city and state agree.

    Nothing is kept. USPS is asked only about an address that was saved.
    """
    reader(request)
    given = facts.read_location(body.model_dump(exclude_none=True)).address
    found = address_check.check(given)
    latitude, longitude = found.position or (None, None)
    row = {
        "check_level": found.level.value or None,
        "words": found.level.label,
        "reasons": list(found.reasons),
        "suggestion": asdict(found.suggestion) if found.suggestion else None,
        "county": found.county,
        "latitude": latitude,
        "longitude": longitude,
    }
    return answer(row)

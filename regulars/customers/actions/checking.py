"""How far an address was checked is written with it; what the post answers comes later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regulars.customers import address_check
from regulars.customers.address_check import usps
from regulars.customers.history.context import writing
from regulars.customers.models import CheckLevel, Location
from regulars.lib import clock
from regulars.lib.addresses import Address
from regulars.live import notices

from .rows import rewrite

if TYPE_CHECKING:
    from regulars.staff.models import User


def checked_columns(address: Address) -> dict[str, Any]:
    """What the offline check finds, as columns of a location; asks nobody."""
    found = address_check.check(address)
    latitude, longitude = found.position or (None, None)
    return {
        "check_level": found.level,
        "checked_at": clock.now() if found.level else None,
        "county": found.county,
        "latitude": latitude,
        "longitude": longitude,
    }


def ask_post(location: Location) -> None:
    """Have the worker ask USPS about a saved address, once this transaction holds."""
    from regulars.customers import tasks

    if usps.is_configured() and usps.can_be_asked(location.address):
        tasks.ask_usps.defer(location_id=location.pk)


def mark_checked(location: Location, found: address_check.Checked, *, by: User | None) -> bool:
    """Keep what USPS answered about these lines; whether anything changed.

    No event: nobody did anything to the customer. Lines that changed meanwhile stay unmarked.
    """
    with writing(by):
        row = Location.objects.select_for_update().filter(pk=location.pk).first()
        if row is None or row.address != location.address:
            return False
        said = {"check_level": found.level, "checked_at": clock.now()}
        if found.level == CheckLevel.UNCHECKED or not rewrite(row, said):
            return False
        notices.announce([row.customer_id])
    return True

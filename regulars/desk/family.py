"""The family panel: who lives with a customer, who may, and who sent whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from regulars.customers import family
from regulars.lib import clock
from regulars.staff.functions import Level
from regulars.staff.permission import signed_in
from regulars.timeline.thresholds import ageing

from .marks import Mark, mark

if TYPE_CHECKING:
    from django.http import HttpRequest

    from regulars.customers.models import Customer

rows = family.rows


@dataclass(frozen=True)
class Near:
    """Somebody near, with how long they wait."""

    customer: Customer
    mark: Mark
    reasons: tuple[str, ...] = ()


def context(request: HttpRequest, customer: Customer, found: Mapping[str, Any]) -> dict[str, Any]:
    """What the panel is drawn with; at most one statement."""
    user, now = signed_in(request), clock.now()
    seen = family.family(user, customer, found)
    return {
        "customer": customer,
        "household": seen.household,
        "members": [_near(row, now) for row in seen.members],
        "proposed": [_near(one.customer, now, one.reasons) for one in seen.proposed],
        "twice": seen.twice,
        "referrer": seen.referrer,
        "referred": seen.referred,
        "may_edit": user.may("customers", Level.EDIT),
    }


def _near(customer: Customer, now: datetime, reasons: tuple[str, ...] = ()) -> Near:
    found = mark(customer.waiting_since, customer.last_activity_at, now, ageing())
    return Near(customer, found, reasons)

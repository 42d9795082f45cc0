"""Who somebody was and is now, and what was merged: reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from regulars.customers.history.as_of import as_of
from regulars.customers.models import Customer, Merge, MergedProfile

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from regulars.staff.models import User


def merges_seen(user: User) -> QuerySet[Merge]:
    """Merges of the customers this user may see."""
    return Merge.objects.filter(customer__in=Customer.objects.visible_to(user))


def known_then(customer: Customer, asked: UUID | None, at: datetime) -> Customer:
    """By an old id the row that had it then, while it was by itself; else who they are now."""
    if asked is None or asked == customer.public_id:
        return customer
    profile = MergedProfile.objects.filter(
        public_id=asked, undone_at=None, merge__at__gt=at, customer=customer
    ).first()
    return Customer(pk=profile.old_id, public_id=asked) if profile else customer


def apart_then(customer: Customer, at: datetime) -> Sequence[tuple[UUID, str]]:
    """Those who live on in this customer and were by themselves then: old id and name then."""
    profiles = MergedProfile.objects.filter(customer=customer, undone_at=None, merge__at__gt=at)
    found = []
    for profile in profiles.order_by("pk")[:20]:
        record = as_of(Customer(pk=profile.old_id), at)
        if record.existed:
            found.append((profile.public_id, str(record.customer["name"])))
    return found

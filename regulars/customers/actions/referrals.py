"""Who referred whom."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from regulars.customers.history.context import writing
from regulars.customers.models import Customer
from regulars.lib import names
from regulars.lib.errors import Invalid
from regulars.lib.retrying import retried
from regulars.timeline import actions as timeline

from .touched import lock, touch, two_of

if TYPE_CHECKING:
    from regulars.staff.models import User

LONGEST = 20  # how far a chain of referrals is followed


@retried
def refer(
    customer: Customer,
    referrer: Customer | None,
    *,
    by: User | None,
    source: str = "",
    at: datetime | None = None,
) -> None:
    """Who sent them, and how we know; None takes it back. Raises `Invalid` for a circle."""
    cleaned = names.clean(source)
    if len(cleaned) > 100:
        raise Invalid({"referral_source": "This is longer than 100 characters"})
    with writing(by):
        if referrer is not None:
            me, them = two_of(customer, referrer, "referred_by")
            if _leads_to(them, me.pk):
                raise Invalid({"referred_by": f"{me.name} referred them, in the end"})
        else:
            me, them = lock(customer), None
        to = them.pk if them else None
        if (me.referred_by_id, me.referral_source) == (to, cleaned):
            return
        Customer.objects.filter(pk=me.pk).update(referred_by=to, referral_source=cleaned)
        touch(me)
        gone = to is None and not cleaned
        timeline.record(
            me,
            "referral.cleared" if gone else "referral.recorded",
            by=by,
            data={"source": cleaned} if cleaned else {},
            happened_at=at,
        )


def _leads_to(referrer: Customer, customer: int) -> bool:
    """Whether following who referred whom from there ends at this customer."""
    at: int | None = referrer.referred_by_id
    for _ in range(LONGEST):
        if at is None or at == customer:
            return at == customer
        rows = Customer.objects.get_queryset().filter(pk=at)
        at = rows.values_list("referred_by", flat=True).first()
    return False

"""Who removed a row of the record, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from regulars.customers.models import keepings
from regulars.staff.models import User

if TYPE_CHECKING:
    from uuid import UUID

    from regulars.customers.models import Customer


@dataclass(frozen=True)
class Removed:
    """`by` is "" for the house itself; `act` is the act of writing that it went with."""

    by: str
    at: datetime
    act: UUID | None


def removed(customer: Customer, of: str, pk: int) -> Removed | None:
    """What became of the customer's contact, email, phone or location; two statements.

    None where it is there still, or never was; the caller has passed the gate.
    """
    kept = next(one for one in keepings() if one.model._meta.model_name == of)
    if kept.model._default_manager.filter(pk=pk).exists():
        return None
    rows = kept.history._default_manager.filter(
        **{kept.customer: customer.pk}, pgh_obj_id=pk, pgh_label="delete"
    )
    last = rows.order_by("-pgh_id").values("pgh_created_at", "pgh_context", "pgh_context_id")[:1]
    for row in last:
        by = (row["pgh_context"] or {}).get("user")
        who = User.objects.filter(pk=by).first() if by else None
        return Removed(who.name if who else "", row["pgh_created_at"], row["pgh_context_id"])
    return None

"""Receipts read back: which there are, and what became of whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from regulars.customers.models import Customer, MergedProfile
from regulars.lib import cursors

from .models import WROTE, Line, Outcome, Receipt, State, Undone

if TYPE_CHECKING:
    from regulars.staff.models import User

PAGE = 50
SHOWN = 100


def one(user: User, public_id: UUID) -> Receipt | None:
    """A receipt this colleague may see; drafts only their own."""
    seen = Receipt.objects.visible_to(user).select_related("by", "undone_by")
    found: Receipt | None = seen.filter(public_id=public_id).first()
    if found is not None and found.state == State.DRAFT and found.by_id != user.pk:
        return None
    return found


def recent(user: User, *, cursor: str = "", limit: int = PAGE) -> tuple[list[Receipt], str]:
    """The newest, and the cursor of those before them; "" at the end. Raises `BadCursor`."""
    rows = Receipt.objects.visible_to(user).exclude(state=State.DRAFT)
    if cursor:
        rows = rows.filter(pk__lt=cursors.row(cursor))
    found = list(rows.select_related("by").order_by("-pk")[: limit + 1])
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else ""


def _seen(receipt: Receipt, user: User) -> QuerySet[Line]:
    """Lines of customers that this colleague may see."""
    seen = Customer.objects.visible_to(user).values("pk")
    return receipt.lines.filter(customer__in=seen).select_related("customer")


def changed(receipt: Receipt, user: User) -> list[Line]:
    """The first of those it was done to."""
    rows = _seen(receipt, user).filter(outcome__in=WROTE)
    return _named(list(rows.order_by("undone", "customer", "whom")[:SHOWN]))


def _named(lines: list[Line]) -> list[Line]:
    """With whoever lives on in somebody else, or was merged into whom must be taken apart first."""
    olds = [line.whom for line in lines if line.whom]
    holders = [line.customer_id for line in lines if line.undone == Undone.MERGED]
    if olds or holders:
        rows = MergedProfile.objects.filter(Q(old_id__in=olds) | Q(customer__in=holders))
        found = rows.filter(undone_at=None).order_by("-pk")
        by_old, held = {one.old_id: one for one in found}, {one.customer_id: one for one in found}
        for line in lines:
            line.profile = by_old.get(line.whom) if line.whom else held.get(line.customer_id)
    return lines


@dataclass(frozen=True)
class Reason:
    reason: str
    count: int


def skipped(receipt: Receipt) -> list[Reason]:
    """Why how many were passed over."""
    found = [Reason(reason, count) for reason, count in receipt.passed.items()]
    return sorted(found, key=lambda one: (-one.count, one.reason))[:20]


def torn(receipt: Receipt, user: User) -> list[Line]:
    """The first of those who were changed since, with both values."""
    if not receipt.conflicts:
        return []
    stays = (Undone.PARTLY, Undone.STAYS, Undone.MERGED)
    rows = _seen(receipt, user).filter(outcome__in=WROTE, undone__in=stays)
    return _named(list(rows.order_by("undone", "customer", "whom")[:SHOWN]))


def added(receipt: Receipt) -> bool:
    """Whether it added customers, whom the undo would remove; no deed does."""
    return receipt.what is None and receipt.lines.filter(outcome=Outcome.ADDED).exists()


def lines(
    receipt: Receipt, user: User, *, outcome: str, cursor: str | None, limit: int
) -> tuple[list[Line], str | None]:
    """Lines by customer; `cursor` is the place behind the last one. Raises `BadCursor`."""
    rows = _seen(receipt, user)
    if outcome:
        rows = rows.filter(Q(outcome=outcome) | Q(undone=outcome))
    if cursor is not None:
        rows = rows.filter(_behind(cursor))
    found = list(rows.order_by("customer", "whom")[: limit + 1])
    following = _place(found[limit - 1]) if len(found) > limit else None
    return _named(found[:limit]), following


def _place(line: Line) -> str:
    return f"{line.customer_id}-{line.whom}" if line.whom else str(line.customer_id)


def _behind(cursor: str) -> Q:
    """Those who were merged into somebody come before whoever that was all along."""
    customer, _, whom = cursor.partition("-")
    behind = Q(customer__gt=cursors.row(customer))
    if whom:
        others = Q(whom__gt=cursors.row(whom)) | Q(whom=None)
        behind |= Q(customer=cursors.row(customer)) & others
    return behind

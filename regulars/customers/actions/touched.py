"""The frame of every change of the record: locked, kept in history, indexed, and told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db.models import F

from regulars.customers.history.context import writing
from regulars.customers.models import Attachment, Contact, Customer, Email, Location, Phone
from regulars.lib.errors import Invalid, Stale
from regulars.live import notices
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event

from .indexing import reindex

if TYPE_CHECKING:
    from regulars.staff.models import User


Owned = Email | Phone | Contact | Location | Attachment | Event


class Change:
    """What a change will have been; nothing is told of one that said nothing."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.more: dict[str, str] = {}

    def said(self, *parts: str) -> None:
        self.parts += parts

    def added(self, part: str) -> None:
        self.said(part)
        self.told(added=part)

    def removed(self, part: str) -> None:
        self.said(part)
        self.told(removed=part)

    def told(self, **more: str) -> None:
        """Further words for the event, such as from what to what."""
        self.more |= more


@contextmanager
def changing(
    customer: Customer, *, by: User | None, of: Owned | None = None, searched: bool = True
) -> Iterator[Change]:
    """Change one customer, or a row `of` theirs, under its lock; then a new version, new postings
    and one event.

    `searched` is False where nothing of it is found by searching.
    """
    change = Change()
    with writing(by):
        lock(customer)
        if of is not None:
            _still_theirs(of, customer)
        yield change
        if change.parts:
            touch(customer)
            if searched:
                reindex([customer.pk])
            data = {"fields": said(change.parts), **change.more}
            timeline.record(customer, "customer.changed", by=by, data=data)


def lock(customer: Customer) -> Customer:
    """The row as it is now, held until the transaction ends.

    Raises `Stale` when it was merged into another one, or erased, meanwhile.
    """
    rows = Customer.objects.get_queryset().select_for_update(no_key=True)
    row = rows.filter(pk=customer.pk).first()
    if row is None:
        raise Stale("This customer was merged or erased meanwhile; load it again")
    return row


def lock_for(row: Owned) -> Customer:
    """The customer whose row this is, held until the transaction ends.

    Raises `Stale` when the row went to another one, or away, while we waited: with a merge that
    was made or undone.
    """
    customer = lock(row.customer)
    _still_theirs(row, customer)
    return customer


def _still_theirs(row: Owned, customer: Customer) -> None:
    now = type(row)._base_manager.filter(pk=row.pk).values_list("customer", flat=True)
    if list(now) != [customer.pk]:
        raise Stale("This belongs to another customer by now, or is gone; load it again")


def touch(customer: Customer) -> None:
    """Every change of the record moves its version, so that a stale page or program is told."""
    Customer.objects.filter(pk=customer.pk).update(version=F("version") + 1)
    notices.announce([customer.pk])


def said(changed: Sequence[str]) -> str:
    hidden = {"sort_name", "is_company"}
    return ", ".join(key.replace("_", " ") for key in changed if key not in hidden)


def several(customers: Iterable[int]) -> dict[int, Customer]:
    """The rows as they are now, held until the transaction ends, locked in the order of their ids.

    Whoever went meanwhile is missing.
    """
    rows = Customer.objects.get_queryset().select_for_update(no_key=True, of=("self",))
    return {row.pk: row for row in rows.filter(pk__in=set(customers)).order_by("pk")}


def two_of(customer: Customer, other: Customer, field: str) -> tuple[Customer, Customer]:
    """Both rows, held. Raises `Invalid` for one customer twice, or where one of them went."""
    rows = several([customer.pk, other.pk])
    if customer.pk == other.pk:
        raise Invalid({field: "This is the same customer"})
    if len(rows) < 2:
        raise Invalid({field: "There is no such customer here"})
    return rows[customer.pk], rows[other.pk]

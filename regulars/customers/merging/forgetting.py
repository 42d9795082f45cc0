"""Erasing somebody who was merged: everyone they were made of goes, and who named them forgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from regulars.customers.models import Customer, MergedProfile, Tombstone
from regulars.timeline.models import Event

from .telling import KINDS

if TYPE_CHECKING:
    from regulars.staff.models import User


@dataclass(frozen=True)
class Lineage:
    """Who lives on in a customer, and who was merged with them once and says so by name."""

    profiles: Sequence[MergedProfile]
    others: frozenset[int]
    public_ids: frozenset[str]

    @property
    def old_ids(self) -> list[int]:
        return [profile.old_id for profile in self.profiles]

    def bury(self, *, by: User) -> None:
        """A tombstone for each id that led here."""
        Tombstone.objects.bulk_create(
            [Tombstone(public_id=profile.public_id, erased_by=by) for profile in self.profiles],
            ignore_conflicts=True,
        )

    def forget(self) -> None:
        """The others know that there was a merge, but no longer with whom."""
        events = Event.objects.filter(customer__in=self.others, kind__in=KINDS)
        for event in events:
            if self.public_ids & set(event.data.get("ids", ())):
                Event.objects.filter(pk=event.pk).update(data={})


def lineage(customer: Customer) -> Lineage:
    """Read before the rows go."""
    profiles = list(MergedProfile.objects.filter(customer=customer, undone_at=None))
    public_ids = {str(p.public_id) for p in profiles} | {str(customer.public_id)}
    held = _holders(MergedProfile.objects.filter(public_id__in=public_ids))
    apart = MergedProfile.objects.filter(customer=customer).exclude(undone_at=None)
    came = Customer.objects.get_queryset().filter(public_id__in=apart.values("public_id"))
    own = {customer.pk, *(profile.old_id for profile in profiles)}
    others = {*held, *came.values_list("pk", flat=True)} - own
    return Lineage(profiles, frozenset(others), frozenset(public_ids))


def _holders(profiles: QuerySet[MergedProfile]) -> set[int]:
    """The rows that these ever lived on in, one in the other."""
    found, new = set[int](), {pk for two in _held_by(profiles) for pk in two}
    while new - found:
        found |= new
        new = {pk for two in _held_by(MergedProfile.objects.filter(old_id__in=new)) for pk in two}
    return found


def _held_by(profiles: QuerySet[MergedProfile]) -> QuerySet[MergedProfile, tuple[int, int]]:
    return profiles.values_list("merge__primary_id", "customer_id")

"""What is done to many customers at once: a thousand at most, with a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef

from regulars.customers import handed
from regulars.customers.history.context import writing
from regulars.customers.models import Category, Customer, Group, Tag, Tagging
from regulars.customers.visibility import CustomerQuerySet
from regulars.lib import clock, names
from regulars.lib.errors import Invalid
from regulars.live import notices
from regulars.timeline import actions as timeline
from regulars.timeline.actions import NewEvent

from .ownership import said as handed_over
from .record import check_owner, tags_named

if TYPE_CHECKING:
    from regulars.staff.models import User

Ids = Sequence[int]


def held(customers: Ids) -> CustomerQuerySet:
    """These rows, locked in the order of their ids, as every writer of many locks them."""
    rows = Customer.objects.get_queryset().filter(pk__in=customers)
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    return rows


def tell(
    said: Mapping[int, dict[str, Any]], kind: str, *, by: User | None, moved: bool = False
) -> None:
    """One event of `kind` for each customer, a new version, and a notice to every screen."""
    ids = sorted(said)
    if not ids:
        return
    Customer.objects.get_queryset().filter(pk__in=ids).update(version=F("version") + 1)
    now, actor = clock.now(), by.pk if by else None
    timeline.record_many(NewEvent(pk, kind, now, actor, said[pk]) for pk in ids)
    notices.announce(ids, moved=moved)


def reassign_many(customers: Ids, *, to: User | None, by: User, reason: str = "") -> list[int]:
    """Give these customers to `to`, or to nobody; the ids of those whose owner really changed.

    Raises `Invalid` when `to` no longer works here. The store stays where there is one.
    """
    check_owner(to)
    with writing(by):
        mine = held(customers).exclude(owner=to) if to else held(customers).exclude(owner=None)
        before = {row.pk: row.owner for row in mine.select_related("owner").only("pk", "owner")}
        ids, now = sorted(before), clock.now()
        rows = Customer.objects.get_queryset().filter(pk__in=ids)
        rows.update(owner=to, owned_since=now if to else None)
        if to is not None and to.store_id is not None:
            rows.filter(store=None).update(store=to.store_id)
        handed.tell({pk: owner.pk if owner else None for pk, owner in before.items()}, to, by)
        timeline.count_unread(ids)
        data = {pk: handed_over(owner, to, reason) for pk, owner in before.items()}
        tell(data, "customer.reassigned", by=by, moved=True)
    return ids


def tag_many(customers: Ids, name: str, *, by: User) -> list[int]:
    """Add one tag; the ids of those who did not have it. Raises `Invalid` for a bad name."""
    cleaned = names.clean(name)
    if not 1 <= len(cleaned) <= 60:
        raise Invalid({"tag": "A tag has 1 to 60 characters"})
    with writing(by):
        (tag,) = tags_named([cleaned])
        there = Tagging.objects.filter(customer=OuterRef("pk"), tag=tag)
        ids = sorted(held(customers).filter(~Exists(there)).values_list("pk", flat=True))
        Tagging.objects.bulk_create(
            [Tagging(customer_id=pk, tag=tag, added_by=by) for pk in ids], ignore_conflicts=True
        )
        tell({pk: {"added": tag.name} for pk in ids}, "customer.tagged", by=by, moved=True)
    return ids


def untag_many(customers: Ids, tag: Tag, *, by: User) -> list[int]:
    """Take one tag off; the ids of those who had it."""
    with writing(by):
        there = Tagging.objects.filter(customer__in=held(customers), tag=tag)
        ids = sorted(there.values_list("customer_id", flat=True))
        there.delete()
        tell({pk: {"removed": tag.name} for pk in ids}, "customer.tagged", by=by, moved=True)
    return ids


def regroup_many(customers: Ids, *, to: Group, by: User) -> list[int]:
    """Put these customers into a group; the ids of those who were in another one."""
    return _choose(customers, "group", to, by)


def recategorise_many(customers: Ids, *, to: Category | None, by: User) -> list[int]:
    """Give these customers a category, or none; the ids of those who had another one."""
    return _choose(customers, "category", to, by)


def _choose(customers: Ids, field: str, to: Group | Category | None, by: User) -> list[int]:
    with writing(by):
        other = held(customers).exclude(**{field: to})
        before = dict(other.values_list("pk", f"{field}__name"))
        rows = Customer.objects.get_queryset().filter(pk__in=before)
        rows.update(**{field: to})
        data = {
            pk: {
                key: value
                for key, value in (("fields", field), ("from", was), ("to", to and to.name))
                if value
            }
            for pk, was in before.items()
        }
        tell(data, "customer.changed", by=by, moved=True)
    return sorted(before)


def archive_many(customers: Ids, *, by: User) -> list[int]:
    """Off the lists, with everything kept; the ids of those who were on them."""
    return _put(customers, clock.now(), "customer.archived", by)


def restore_many(customers: Ids, *, by: User) -> list[int]:
    """Back on the lists; the ids of those who were put away."""
    return _put(customers, None, "customer.restored", by)


def _put(customers: Ids, at: datetime | None, kind: str, by: User) -> list[int]:
    with writing(by):
        other = held(customers).filter(archived_at__isnull=at is not None)
        ids = sorted(other.values_list("pk", flat=True))
        Customer.objects.get_queryset().filter(pk__in=ids).update(archived_at=at)
        tell({pk: {} for pk in ids}, kind, by=by, moved=True)
    return ids

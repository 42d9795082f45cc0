"""What becomes of the rows of a profile that goes into another one, column by column.

Most rows just move. Where two may not stand side by side, a *way* says what becomes of both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.db import models
from django.db.models import Min, Q

from regulars.customers.models import (
    Customer,
    CustomValue,
    ExternalId,
    FormerExternalId,
    NotFamily,
    Tagging,
)
from regulars.timeline.models import Event, Reading

from . import reach
from .moving import MergeWay, Moving, merge_ways
from .whose import columns, paired

__all__ = [
    "MergeWay",
    "Moving",
    "in_pairs",
    "merge_ways",
    "move_all",
    "nothing",
    "once_per",
    "unknown",
]


def unknown() -> list[str]:
    """Columns that a constraint keeps from just moving, and that no way is known for."""
    known = {way.key for way in merge_ways}
    return [
        one.key for one in columns() if (one.is_unique or one.is_checked) and one.key not in known
    ]


def move_all(moving: Moving) -> None:
    """Everything of the one is the other's; the ways first, since plain rows hang on nothing."""
    known = {way.key for way in merge_ways}
    for way in sorted(merge_ways, key=lambda way: _order(way.key)):
        way.move(moving)
    for one in columns():
        if one.key not in known:
            moving.journal.move(one.model, one.attname, from_=moving.of.pk, to=moving.into.pk)


def _order(key: str) -> int:
    return next((n for n, one in enumerate(columns()) if one.key == key), 0)


# --- Ways


def _keep_one(
    moving: Moving,
    model: type[models.Model],
    same: Callable[[Any], Any],
    better: Callable[[Any, Any], bool],
) -> None:
    """Of rows that say the same one stays, the other is absorbed by it; the others move."""
    there = {same(row): row for row in model._base_manager.filter(customer=moving.into.pk)}
    for row in model._base_manager.filter(customer=moving.of.pk).order_by("pk"):
        twin = there.get(same(row))
        if twin is not None and better(row, twin):
            moving.journal.absorb(model, twin.pk, row.pk)
        elif twin is not None:
            moving.journal.absorb(model, row.pk, twin.pk)
    moving.journal.move(model, "customer_id", from_=moving.of.pk, to=moving.into.pk)


def once_per(model: type[models.Model], *columns: str, first: str = "") -> Callable[[Moving], None]:
    """A way for a table that has a customer once for each value of `columns`: the primary's row,
    or that whose column `first` is the earlier."""
    same = attrgetter(*columns)

    def is_first(row: Any, twin: Any) -> bool:
        return bool(first) and (getattr(row, first), row.pk) < (getattr(twin, first), twin.pk)

    def move(moving: Moving) -> None:
        _keep_one(moving, model, same, is_first)

    return move


def _custom_values(moving: Moving) -> None:
    """The primary's answer, unless the other one was picked."""
    keys = dict(CustomValue.objects.filter(customer=moving.of).values_list("field", "field__key"))
    _keep_one(
        moving,
        CustomValue,
        lambda row: row.field_id,
        lambda row, _: moving.takes(f"custom.{keys[row.field_id]}") is True,
    )


def _external_ids(moving: Moving) -> None:
    """A second id of one system goes on leading here."""
    there = dict(ExternalId.objects.filter(customer=moving.into).values_list("system", "pk"))
    for row in ExternalId.objects.filter(customer=moving.of).order_by("pk"):
        if row.system in there:
            moving.journal.absorb(ExternalId, row.pk, there[row.system])
            moving.journal.write(
                FormerExternalId(customer=moving.into, system=row.system, value=row.value)
            )
    moving.journal.move(ExternalId, "customer_id", from_=moving.of.pk, to=moving.into.pk)


def _events(moving: Moving) -> None:
    """The same origin twice: the first one keeps it, the other one says whose it was."""
    _readings(moving)  # which look at who has read which of the events, before they move
    origins = Event.objects.filter(customer=moving.into).exclude(origin="").values("origin")
    twins = Event.objects.filter(customer=moving.of, origin__in=origins)
    for pk, origin in twins.order_by("pk").values_list("pk", "origin"):
        renamed = f"{origin[:170]}#{moving.of.pk}-{pk}"
        moving.journal.change(Event, pk, {"origin": renamed})
    moving.journal.move(Event, "customer_id", from_=moving.of.pk, to=moving.into.pk)


JUST_BEFORE = timedelta(microseconds=1)


def _readings(moving: Moving) -> None:
    """Nothing that somebody has not read counts as read because they read the other profile."""
    mine, theirs = (
        dict(Reading.objects.filter(customer=one).values_list("user", "read_at"))
        for one in (moving.into, moving.of)
    )
    rows = {row.user_id: row for row in Reading.objects.filter(customer=moving.into)}
    others = {row.user_id: row for row in Reading.objects.filter(customer=moving.of)}
    for user in sorted({*mine, *theirs}):
        stays, goes = rows.get(user), others.get(user)
        latest = max(at for at in (mine.get(user), theirs.get(user)) if at is not None)
        unread = [
            at
            for one, reads in ((moving.into, mine), (moving.of, theirs))
            if (at := _first_unread(one, reads.get(user))) is not None
        ]
        read_at = min([latest, *(at - JUST_BEFORE for at in unread)])
        if stays is not None and goes is not None:
            moving.journal.absorb(Reading, goes.pk)
        one = stays or goes
        if one is not None and one.read_at != read_at:
            moving.journal.change(Reading, one.pk, {"read_at": read_at.isoformat()})
    moving.journal.move(Reading, "customer_id", from_=moving.of.pk, to=moving.into.pk)


def _first_unread(customer: Customer, read_at: datetime | None) -> datetime | None:
    events = Event.objects.filter(customer=customer, wants_reading=True)
    if read_at is not None:
        events = events.filter(recorded_at__gt=read_at)
    found: datetime | None = events.aggregate(at=Min("recorded_at"))["at"]
    return found


def in_pairs(model: type[models.Model]) -> Callable[[Moving], None]:
    """A way for words about two customers: who is not the one is not the other, nobody is anything
    to themselves, and of two words about one pair the primary's stays."""

    def move(moving: Moving) -> None:
        of, into = moving.of.pk, moving.into.pk
        words = model._base_manager.filter(Q(customer=of) | Q(other=of)).order_by("pk")
        # Whoever holds the other of the two may be taking the word back.
        for row in words.select_for_update(of=("self",)):
            two = paired(vars(row), of, into)
            low, high = two.values()
            known = model._base_manager.filter(customer=low, other=high).exclude(pk=row.pk)
            if low == high or known.exists():
                moving.journal.absorb(model, row.pk)
            else:
                moving.journal.change(model, row.pk, two)

    return move


def nothing(moving: Moving) -> None:
    """Another way takes care of this column as well."""


def _referrals(moving: Moving) -> None:
    """Whom the one referred, the other did; nobody refers themselves, in the end either."""
    of, into = moving.of.pk, moving.into.pk
    rows = Customer.objects.get_queryset()
    if into in rows.filter(referred_by=of).values_list("pk", flat=True):
        moving.journal.change(Customer, into, {"referred_by_id": None})
    moving.journal.move(Customer, "referred_by_id", from_=of, to=into, only=~Q(pk=into))


merge_ways.register(
    MergeWay("customers.Customer.referred_by", _referrals),
    MergeWay("customers.Contact.customer", reach.people),
    MergeWay("customers.Email.customer", nothing),
    MergeWay("customers.Phone.customer", nothing),
    MergeWay("customers.Location.customer", reach.locations),
    MergeWay("customers.Tagging.customer", once_per(Tagging, "tag_id", first="added_at")),
    MergeWay("customers.CustomValue.customer", _custom_values),
    MergeWay("customers.ExternalId.customer", _external_ids),
    MergeWay("customers.NotFamily.customer", in_pairs(NotFamily)),
    MergeWay("customers.NotFamily.other", nothing),
    MergeWay("timeline.Event.customer", _events),
    MergeWay("timeline.Reading.customer", nothing),
)

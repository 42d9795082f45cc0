"""What becomes of the rows of a profile that goes into another one, column by column.

Most rows just move. Where two may not stand side by side, a *way* says what becomes of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Max, Min, Q

from regulars.customers.models import (
    Contact,
    Customer,
    CustomValue,
    Email,
    ExternalId,
    FormerExternalId,
    Location,
    NotFamily,
    Phone,
    Tagging,
)
from regulars.lib import names
from regulars.lib.registry import Registry
from regulars.timeline.models import Event, Reading

from .journal import Journal, raw
from .walk import columns, paired


@dataclass(frozen=True)
class Moving:
    """One profile on its way into another; both rows are locked.

    `journal` is the only thing a way writes by. `picks` says of fields whose value is taken, as
    public ids. `will_say` are the columns of the one customer in the end, whoever they come from,
    and `brings` the fields among them whose value comes with this profile.
    """

    journal: Journal
    of: Customer
    into: Customer
    picks: dict[str, str]
    will_say: Mapping[str, Any]
    brings: frozenset[str]

    def takes(self, key: str) -> bool | None:
        """Whether the value of the one that goes was picked; None where nobody picked."""
        pick = self.picks.get(key)
        return None if pick is None else pick == str(self.of.public_id)


@dataclass(frozen=True)
class MergeWay:
    """`key` is the column, `Suit.customer` of the tailor as `tailor.Suit.customer`.

    `move(moving)` leaves no row that says `moving.of`.
    """

    key: str
    move: Callable[[Moving], None]


merge_ways: Registry[MergeWay] = Registry("merge_ways")


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


def once_per(model: type[models.Model], column: str) -> Callable[[Moving], None]:
    """A way for a table that has a customer once for each value of `column`: the primary's row."""

    def move(moving: Moving) -> None:
        _keep_one(moving, model, lambda row: getattr(row, column), lambda row, twin: False)

    return move


def _taggings(moving: Moving) -> None:
    """The one that was put on first."""
    _keep_one(
        moving,
        Tagging,
        lambda row: row.tag_id,
        lambda row, twin: (row.added_at, row.pk) < (twin.added_at, twin.pk),
    )


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
    there = set(ExternalId.objects.filter(customer=moving.into).values_list("system", flat=True))
    for row in ExternalId.objects.filter(customer=moving.of).order_by("pk"):
        if row.system in there:
            moving.journal.absorb(ExternalId, row.pk)
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
        for row in model._base_manager.filter(Q(customer=of) | Q(other=of)).order_by("pk"):
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


def _locations(moving: Moving) -> None:
    """The same address is one place; the primary one is the primary profile's, unless picked."""
    into, of = moving.into, moving.of
    there = {row.normal: row for row in into.locations.all() if row.normal}
    for row in of.locations.order_by("pk"):
        twin = there.get(row.normal)
        if twin is not None:
            _fill(moving, Location, twin, row, ("name", "kind", "line2", "county"))
            moving.journal.absorb(Location, row.pk, twin.pk)
            if row.is_primary and moving.takes("location"):
                _lead(moving, Location, twin.pk)
    _one_primary(moving, Location, bool(moving.takes("location")))
    moving.journal.move(Location, "customer_id", from_=of.pk, to=into.pk)


def _fill(
    moving: Moving, model: type[models.Model], row: Any, other: Any, names: Iterable[str]
) -> None:
    """What this row leaves empty and the other one says."""
    said = {n: getattr(other, n) for n in names if not getattr(row, n) and getattr(other, n)}
    moving.journal.change(model, row.pk, said)


def _lead(moving: Moving, model: type[models.Model], pk: Any) -> None:
    """This row is the primary one; the old one steps back first."""
    old = model._base_manager.filter(customer=moving.into.pk, is_primary=True).exclude(pk=pk)
    for other in old.values_list("pk", flat=True):
        moving.journal.change(model, other, {"is_primary": False})
    moving.journal.change(model, pk, {"is_primary": True})


def _one_primary(moving: Moving, model: type[models.Model], takes: bool) -> None:
    """Of two primary rows one steps back before they stand side by side."""
    mine = model._base_manager.filter(customer=moving.into.pk, is_primary=True).first()
    theirs = model._base_manager.filter(customer=moving.of.pk, is_primary=True).first()
    if mine is not None and theirs is not None:
        back = mine if takes else theirs
        moving.journal.change(model, back.pk, {"is_primary": False})


def _referrals(moving: Moving) -> None:
    """Whom the one referred, the other did; nobody refers themselves, in the end either."""
    of, into = moving.of.pk, moving.into.pk
    rows = Customer.objects.get_queryset()
    if into in rows.filter(referred_by=of).values_list("pk", flat=True):
        moving.journal.change(Customer, into, {"referred_by_id": None})
    moving.journal.move(Customer, "referred_by_id", from_=of, to=into, only=~Q(pk=into))


PERSONAL = ("title", "role", "language", "time_zone", "birthday")


def _people(moving: Moving) -> None:
    """Two profiles of a person are that person; of companies people of one name are one."""
    of, into = moving.of, moving.into
    mine, theirs = list(into.contacts.all()), list(of.contacts.order_by("-is_primary", "pk"))
    themselves = not (of.is_company or into.is_company)
    for row in theirs:
        twin = _twin(row, mine, both_primary=themselves)
        if twin is None:
            continue
        _reach(moving, Email, row.pk, twin.pk, "normal")
        _reach(moving, Phone, row.pk, twin.pk, "digits")
        _fill(moving, type(row), twin, row, PERSONAL)
        about = _paragraphs(twin.about, row.about)
        moving.journal.change(type(row), twin.pk, {"about": about})
        moving.journal.absorb(type(row), row.pk, twin.pk)
        twin.refresh_from_db()
        if row.is_primary and not themselves and moving.takes("contact"):
            _lead(moving, type(row), twin.pk)
    for model, key in ((Email, "normal"), (Phone, "digits")):
        _twice(moving, model, key)
    _one_primary(moving, Contact, bool(moving.takes("contact")))
    moving.journal.move(Contact, "customer_id", from_=of.pk, to=into.pk)


def _twin(row: Any, mine: list[Any], *, both_primary: bool) -> Any:
    if row.is_primary and both_primary:
        return next((m for m in mine if m.is_primary), None)
    folded = names.fold(row.name)
    return next((m for m in mine if folded and names.fold(m.name) == folded), None)


def _paragraphs(one: str, two: str) -> str:
    """Both texts; what both say once. As long as a text may be."""
    said = [p for p in one.split("\n\n") if p]
    said += [p for p in two.split("\n\n") if p and p not in said]
    return "\n\n".join(said)[:2_000]


def _reach(moving: Moving, model: type[Any], of: int, into: int, key: str) -> None:
    """Addresses or numbers of a contact that is absorbed: to the other one, behind its own."""
    last = model.objects.filter(contact=into).aggregate(n=Max("position"))["n"]
    place = -1 if last is None else last
    for row in model.objects.filter(contact=of).order_by("position", "pk"):
        place += 1
        moving.journal.change(model, row.pk, {"contact_id": into, "position": place})


def _twice(moving: Moving, model: type[Any], key: str) -> None:
    """One address of one contact is one row; then all of them are the primary profile's."""
    of, into = moving.of.pk, moving.into.pk
    there = {
        (row.contact_id, getattr(row, key)): row
        for row in model.objects.filter(customer=into)
        if getattr(row, key)
    }
    for row in model.objects.filter(customer=of).order_by("pk"):
        twin = there.get((row.contact_id, getattr(row, key)))
        if twin is not None:
            _fill(moving, model, twin, row, ("label",))
            if twin.status in ("unknown", "ok") and row.status not in ("unknown", "ok"):
                status = raw(model, [row.pk])[row.pk]
                moving.journal.change(
                    model, twin.pk, {k: status[k] for k in ("status", "status_at")}
                )
            moving.journal.absorb(model, row.pk, twin.pk)
    moving.journal.move(model, "customer_id", from_=of, to=into)


merge_ways.register(
    MergeWay("customers.Customer.referred_by", _referrals),
    MergeWay("customers.Contact.customer", _people),
    MergeWay("customers.Email.customer", nothing),
    MergeWay("customers.Phone.customer", nothing),
    MergeWay("customers.Location.customer", _locations),
    MergeWay("customers.Tagging.customer", _taggings),
    MergeWay("customers.CustomValue.customer", _custom_values),
    MergeWay("customers.ExternalId.customer", _external_ids),
    MergeWay("customers.NotFamily.customer", in_pairs(NotFamily)),
    MergeWay("customers.NotFamily.other", nothing),
    MergeWay("timeline.Event.customer", _events),
    MergeWay("timeline.Reading.customer", nothing),
)

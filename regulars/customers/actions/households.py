"""Households: who lives together, confirmed or refused by hand; joined, split, and taken back.

Each act leaves a `HouseholdChange` with everybody it was about; `undo_household` reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from regulars.customers.history.context import writing
from regulars.customers.models import (
    Customer,
    Household,
    HouseholdChange,
    HouseholdDeed,
    HouseholdMove,
    NotFamily,
)
from regulars.lib import clock, names
from regulars.lib.errors import Invalid
from regulars.lib.retrying import retried
from regulars.timeline import actions as timeline

from .touched import changing, lock, several, touch, two_of

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST = 20
FULL = f"A household has at most {MOST} people"
COMPANY = "A company lives in no household"
GONE = "There is no such household here"
TWO = "They live in two households: join the two, or take one out first"


class Act:
    """One change of who lives with whom, while it is made: every line of it, and what is told."""

    def __init__(
        self, deed: HouseholdDeed, by: User | None, home: Household, at: datetime | None = None
    ) -> None:
        self.by, self.at = by, at
        self.change = HouseholdChange.objects.create(
            deed=deed, by=by, household=home.pk, at=at or clock.now()
        )

    def put(self, row: Customer, home: Household | None, relation: str, kind: str) -> None:
        """They live here from now on, or with nobody."""
        there = home.pk if home else None
        HouseholdMove.objects.create(
            change=self.change,
            customer=row,
            before=row.household_id,
            after=there,
            relation_before=row.relation,
            relation_after=relation,
        )
        if (row.household_id, row.relation) != (there, relation):
            Customer.objects.filter(pk=row.pk).update(household=there, relation=relation)
        touch(row)
        self._tell(row, kind)

    def stays(self, row: Customer, kind: str) -> None:
        """They live where they did, and are told of it."""
        home = Household(pk=row.household_id) if row.household_id else None
        self.put(row, home, row.relation, kind)

    def apart(self, some: Iterable[Customer], others: Sequence[Customer]) -> bool:
        """None of these is family of any of those; whether that was new."""
        pairs = [tuple(sorted((one.pk, other.pk))) for one in some for other in others]
        known = NotFamily.objects.filter(
            customer__in={low for low, _ in pairs}, other__in={high for _, high in pairs}
        )
        said = set(known.values_list("customer", "other"))
        new = [
            NotFamily(customer_id=low, other_id=high, said_by=self.by, change=self.change)
            for low, high in pairs
            if (low, high) not in said
        ]
        NotFamily.objects.bulk_create(new, ignore_conflicts=True)
        return bool(new)

    def _tell(self, row: Customer, kind: str) -> None:
        """Whoever reads one timeline may not see the others: none is named, and no household."""
        timeline.record(row, kind, by=self.by, happened_at=self.at)


@retried
def confirm(
    customer: Customer,
    other: Customer,
    *,
    by: User | None,
    relation: str = "",
    at: datetime | None = None,
) -> HouseholdChange | None:
    """They live together: in the household one of them has, else in a new one.

    An event on both; `at` lies in the past for what comes from elsewhere. None when they did
    already. Raises `Invalid` for companies and for two who live apart.
    """
    with writing(by):
        me, them = two_of(customer, other, "household")
        if me.is_company or them.is_company:
            raise Invalid({"household": COMPANY})
        if me.household_id and them.household_id:
            if me.household_id != them.household_id:
                raise Invalid({"household": TWO})
            return None
        there = me.household_id or them.household_id
        home = held([there])[there] if there else Household.objects.create(created_by=by)
        act = Act(HouseholdDeed.JOINED, by, home, at)
        for row, word in ((me, _word(relation)), (them, "")):
            if row.household_id:
                act.stays(row, "household.grew")
            else:
                _room(home)
                act.put(row, home, word, "household.joined")
    return act.change


@retried
def join(
    customer: Customer, household: Household, *, by: User | None, relation: str = ""
) -> HouseholdChange | None:
    """Into a household that is there, and out of the one before; None when they live there."""
    with writing(by):
        row = lock(customer)
        if row.is_company:
            raise Invalid({"household": COMPANY})
        before = row.household_id
        if before == household.pk:
            return None
        left = _all_of([before], but=[row.pk]) if before else []
        homes = held([household.pk, *([before] if before else [])])
        home = homes[household.pk]
        _room(home)
        act = Act(HouseholdDeed.JOINED, by, home)
        act.put(row, home, _word(relation), "household.joined")
        if before:
            _end_if_lonely(act, homes[before], left)
    return act.change


@retried
def combine(stays: Household, goes: Household, *, by: User | None) -> HouseholdChange:
    """Two households are one: everybody of the second lives in the first from now on.

    The name stays, else the other one's comes along. Raises `Invalid`.
    """
    with writing(by):
        if stays.pk == goes.pk:
            raise Invalid({"household": "This is the same household"})
        everybody = _all_of([stays.pk, goes.pk])
        homes = held([stays.pk, goes.pk])
        home, ends = homes[stays.pk], homes[goes.pk]
        if len(everybody) > MOST:
            raise Invalid({"household": f"{FULL}; these would be more"})
        act = Act(HouseholdDeed.COMBINED, by, home)
        for row in everybody:
            if row.household_id == ends.pk:
                act.put(row, home, row.relation, "household.combined")
            else:
                act.stays(row, "household.combined")
        act.change.other = ends.pk
        if ends.name and not home.name:
            home.name = ends.name
            home.save(update_fields=["name"])
            act.change.named = True
        act.change.save(update_fields=["other", "named"])
        ends.delete()
    return act.change


@retried
def split(household: Household, leaving: Sequence[Customer], *, by: User | None) -> HouseholdChange:
    """Some leave into a household of their own, one alone into none; who stays alone has none
    either. They are not proposed to each other again. Raises `Invalid`."""
    with writing(by):
        everybody = _all_of([household.pk])
        home = held([household.pk])[household.pk]
        wanted = {one.pk for one in leaving}
        going = [row for row in everybody if row.pk in wanted]
        staying = [row for row in everybody if row.pk not in wanted]
        if len(going) < len(wanted):
            raise Invalid({"members": "They do not all live in this household"})
        if not going or not staying:
            raise Invalid({"members": "Choose some of those who live here, not all of them"})
        own = Household.objects.create(created_by=by) if len(going) > 1 else None
        act = Act(HouseholdDeed.SPLIT if own else HouseholdDeed.LEFT, by, home)
        kind = "household.split" if own else "household.left"
        for row in going:
            act.put(row, own, row.relation if own else "", kind)
        act.apart(going, staying)
        if own:
            act.change.other = own.pk
            act.change.save(update_fields=["other"])
        if not _end_if_lonely(act, home, staying) and own:
            for row in staying:
                act.stays(row, kind)
    return act.change


def leave(customer: Customer, *, by: User | None) -> HouseholdChange | None:
    """Out of their household; one person alone is none. They are not proposed to it again."""
    row = Customer.objects.get_queryset().filter(pk=customer.pk).first()
    home = Household.objects.filter(pk=row.household_id or 0).first() if row else None
    if row is None or home is None:
        return None
    if home.members.exclude(pk=row.pk).exists():
        return split(home, [row], by=by)
    with writing(by):
        row, home = lock(row), held([home.pk])[home.pk]
        act = Act(HouseholdDeed.LEFT, by, home)
        _end_if_lonely(act, home, [row])
    return act.change


@retried
def refuse(customer: Customer, other: Customer, *, by: User | None) -> HouseholdChange | None:
    """They are no family and are never proposed again; an event on both.

    Of two who live in two households nobody of the one is family of the other one's. None when
    that was said before.
    """
    with writing(by):
        me, them = two_of(customer, other, "household")
        homes = sorted({row.household_id for row in (me, them) if row.household_id})
        two = me.household_id != them.household_id
        everybody = {row.pk: row for row in (me, them)}
        if two:
            everybody |= {row.pk: row for row in _all_of(homes)}
        sides = [
            [row for row in everybody.values() if row.pk == one.pk or _with(row, one, two)]
            for one in (me, them)
        ]
        act = Act(HouseholdDeed.REFUSED, by, Household(pk=homes[0] if homes else None))
        if not act.apart(*sides):
            act.change.delete()
            return None
        for row in sides[0] + sides[1]:
            act.stays(row, "household.refused")
    return act.change


def _with(row: Customer, one: Customer, two: bool) -> bool:
    return two and row.household_id is not None and row.household_id == one.household_id


def held(households: Iterable[int]) -> dict[int, Household]:
    """The households as they are now, held until the transaction ends."""
    wanted = sorted(set(households))
    rows = Household.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) < len(wanted):
        raise Invalid({"household": GONE})
    return found


def _all_of(households: Collection[int], but: Collection[int] = ()) -> list[Customer]:
    """Everybody who lives there, held; whoever came meanwhile too, in the order of their ids."""
    rows = Customer.objects.get_queryset().exclude(pk__in=but)
    found: dict[int, Customer] = {}
    while True:
        theirs = rows.filter(household__in=households).values_list("pk", flat=True)
        ids = set(theirs) - found.keys()
        if not ids:
            break
        found |= several(ids)
        if not ids & found.keys():
            break
    return [row for _, row in sorted(found.items()) if row.household_id in households]


def _room(home: Household) -> None:
    if home.members.count() >= MOST:
        raise Invalid({"household": FULL})


def _word(relation: str) -> str:
    word = names.clean(relation)
    if len(word) > 40:
        raise Invalid({"relation": "This is longer than 40 characters"})
    return word


def _end_if_lonely(act: Act, home: Household, left: Sequence[Customer]) -> bool:
    """A household with nobody or one left ends; whether it did."""
    if len(left) > 1:
        return False
    for row in left:
        act.put(row, None, "", "household.left")
    home.delete()
    return True


def rename(household: Household, name: str, *, by: User | None) -> None:
    """Call it otherwise; an event on everybody in it. Raises `Invalid` for a long name.

    Without a name it is called after those who live there, as far as a reader may see them.
    """
    cleaned = names.clean(name)
    if len(cleaned) > 200:
        raise Invalid({"name": "A household's name has at most 200 characters"})
    with writing(by):
        members = _all_of([household.pk])
        row = held([household.pk])[household.pk]
        if row.name == cleaned:
            return
        row.name = cleaned
        row.save(update_fields=["name"])
        for member in members:
            touch(member)
            timeline.record(member, "household.renamed", by=by)


def relate(customer: Customer, relation: str, *, by: User | None) -> None:
    """What they are to the others, such as Wife. Raises `Invalid` for a long word."""
    cleaned = _word(relation)
    with changing(customer, by=by, searched=False) as change:
        row = Customer.objects.get_queryset().get(pk=customer.pk)
        if row.relation != cleaned:
            Customer.objects.filter(pk=row.pk).update(relation=cleaned)
            change.said("relation")

"""Families: who lives together, confirmed or refused by hand, and who referred whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from regulars.customers.history.context import writing
from regulars.customers.models import Customer, Household, NotFamily
from regulars.customers.models.history import keepings
from regulars.lib import names
from regulars.lib.errors import Invalid
from regulars.timeline import actions as timeline

from .touched import changing, touch

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST = 20
LONGEST = 20  # how far a chain of referrals is followed
FULL = f"A household has at most {MOST} people"
COMPANY = "A company lives in no household"


def _lock(customers: Iterable[Customer]) -> dict[int, Customer]:
    """The rows as they are now, held until the transaction ends, locked in the order of their ids.

    Whoever went meanwhile is missing.
    """
    ids = {customer.pk for customer in customers}
    rows = Customer.objects.get_queryset().select_for_update(no_key=True, of=("self",))
    return {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}


def _both(customer: Customer, other: Customer, field: str) -> tuple[Customer, Customer]:
    rows = _lock([customer, other])
    if customer.pk == other.pk:
        raise Invalid({field: "This is the same customer"})
    if len(rows) < 2:
        raise Invalid({field: "There is no such customer here"})
    return rows[customer.pk], rows[other.pk]


def confirm(
    customer: Customer,
    other: Customer,
    *,
    by: User | None,
    relation: str = "",
    at: datetime | None = None,
) -> Household:
    """They live together: in the household one of them has, else in a new one.

    An event on both; `at` lies in the past for what comes from elsewhere. Raises `Invalid` for
    companies and for two who live apart.
    """
    with writing(by):
        me, them = _both(customer, other, "household")
        if me.is_company or them.is_company:
            raise Invalid({"household": COMPANY})
        if me.household_id and them.household_id:
            if me.household_id != them.household_id:
                raise Invalid({"household": "They live in two households: take one out first"})
            return _held(me.household_id)
        first, second = sorted((me.pk, them.pk))
        NotFamily.objects.filter(customer=first, other=second).delete()
        there = me.household_id or them.household_id
        household = _held(there) if there else Household.objects.create(created_by=by)
        for row, word in ((me, relation), (them, "")):
            if row.household_id:
                touch(row)
                _tell(row, "household.grew", by, at)
            else:
                _put(row, household, word, by, at)
    return household


def join(customer: Customer, household: Household, *, by: User | None, relation: str = "") -> None:
    """Into a household that is there, and out of the one before."""
    with writing(by):
        row = _lock([customer])[customer.pk]
        if row.is_company:
            raise Invalid({"household": COMPANY})
        if row.household_id == household.pk:
            return
        before = row.household_id
        _put(row, _held(household.pk), relation, by)
        if before:
            tidy(before, by=by)


def leave(customer: Customer, *, by: User | None) -> None:
    """Out of their household; one person alone is none."""
    with writing(by):
        row = _lock([customer])[customer.pk]
        if row.household_id is None:
            return
        household = _held(row.household_id)
        _out(row, by)
        tidy(household.pk, by=by)


def tidy(household: int, *, by: User | None, forget: Customer | None = None) -> None:
    """A household with nobody or one left ends; where somebody is forgotten, so is their name."""
    left = list(Customer.objects.get_queryset().filter(household=household).order_by("pk")[:MOST])
    found = Household.objects.filter(pk=household).first()
    if len(left) > 1:
        if found is not None and forget is not None and _names(found, forget, left):
            _renamed(found, by)
        return
    for row in _lock(left).values() if found else ():
        _out(row, by)
    Household.objects.filter(pk=household).delete()
    if forget is not None:
        _past(household).delete()


def _names(household: Household, gone: Customer, left: Sequence[Customer]) -> bool:
    """Whether a household is called after somebody, and after nobody who stays."""
    stay = {word for one in left for word in names.fold(one.name).split()}
    theirs = tuple(set(names.fold(gone.name).split()) - stay)
    return any(word.startswith(theirs) for word in names.fold(household.name).split())


def _renamed(household: Household, by: User | None) -> None:
    """Without a name of its own now and, because the earlier one must not be read, always."""
    with writing(by):
        Household.objects.filter(pk=household.pk).update(name="")
        _past(household.pk).update(name="")


def _past(household: int) -> QuerySet[Any]:
    (kept,) = (one for one in keepings() if one.model is Household)
    return kept.history._default_manager.filter(pgh_obj=household)


def rename(household: Household, name: str, *, by: User | None) -> None:
    """Call it otherwise; an event on everybody in it. Raises `Invalid` for a long name.

    Without a name it is called after those who live there, as far as a reader may see them.
    """
    cleaned = names.clean(name)
    if len(cleaned) > 200:
        raise Invalid({"name": "A household's name has at most 200 characters"})
    with writing(by):
        members = _lock(household.members.all())
        row = _held(household.pk)
        if row.name == cleaned:
            return
        row.name = cleaned
        row.save(update_fields=["name"])
        for member in members.values():
            touch(member)
            _tell(member, "household.renamed", by)


def relate(customer: Customer, relation: str, *, by: User | None) -> None:
    """What they are to the others, such as Wife. Raises `Invalid` for a long word."""
    cleaned = names.clean(relation)
    if len(cleaned) > 40:
        raise Invalid({"relation": "This is longer than 40 characters"})
    with changing(customer, by=by, searched=False) as change:
        row = Customer.objects.get_queryset().get(pk=customer.pk)
        if row.relation != cleaned:
            Customer.objects.filter(pk=row.pk).update(relation=cleaned)
            change.said("relation")


def refuse(customer: Customer, other: Customer, *, by: User | None) -> None:
    """They are no family and are never proposed again; an event on both."""
    with writing(by):
        me, them = _both(customer, other, "household")
        first, second = sorted((me.pk, them.pk))
        _, new = NotFamily.objects.get_or_create(
            customer_id=first, other_id=second, defaults={"said_by": by}
        )
        if new:
            for row in (me, them):
                touch(row)
                timeline.record(row, "household.refused", by=by)


def _held(household: int) -> Household:
    """The household as it is now, held until the transaction ends."""
    found = Household.objects.select_for_update(no_key=True).filter(pk=household).first()
    if found is None:
        raise Invalid({"household": "There is no such household here"})
    return found


def _put(
    customer: Customer,
    household: Household,
    relation: str,
    by: User | None,
    at: datetime | None = None,
) -> None:
    if household.members.count() >= MOST:
        raise Invalid({"household": FULL})
    word = names.clean(relation)
    if len(word) > 40:
        raise Invalid({"relation": "This is longer than 40 characters"})
    Customer.objects.filter(pk=customer.pk).update(household=household, relation=word)
    touch(customer)
    _tell(customer, "household.joined", by, at)


def _out(customer: Customer, by: User | None) -> None:
    Customer.objects.filter(pk=customer.pk).update(household=None, relation="")
    touch(customer)
    _tell(customer, "household.left", by)


def _tell(customer: Customer, kind: str, by: User | None, at: datetime | None = None) -> None:
    """Whoever reads one timeline may not see the others: none is named, and no household."""
    timeline.record(customer, kind, by=by, happened_at=at)


# Who referred whom.


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
            me, them = _both(customer, referrer, "referred_by")
            if _leads_to(them, me.pk):
                raise Invalid({"referred_by": f"{me.name} referred them, in the end"})
        else:
            me, them = _lock([customer])[customer.pk], None
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

"""What people decide about two records: the same, different, family, or later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from regulars.customers import actions as customers
from regulars.customers.history.context import writing
from regulars.customers.models import Customer, HouseholdChange
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.matching import keeping
from regulars.matching.judging import Judged, judge
from regulars.matching.learned import current
from regulars.matching.models import Pair, Verdict
from regulars.matching.relations import Relation
from regulars.timeline import actions as timeline

if TYPE_CHECKING:
    from regulars.staff.models import User

LATER = timedelta(days=30)
SAYS = Verdict.Says


@dataclass(frozen=True)
class Decided:
    """The verdict as it stands; `new` is False where the same had been said before."""

    verdict: Verdict
    new: bool


def decide(one: Customer, other: Customer, *, verdict: str, by: User | None) -> Decided:
    """Say what two records are to each other; the pair is not asked again.

    *Family* also makes them a household, or one of their two households; *different*, said of two
    who seem to be family, says that they are none. The same once more changes nothing; another
    word replaces the one before. Raises `Invalid` for one record twice, an unknown word, or a
    firm's family.
    """
    if verdict not in SAYS.values:
        raise Invalid({"verdict": f"This is one of {', '.join(SAYS.values)}"})
    with writing(by):
        first, second = _both(one, other)
        found = Verdict.objects.filter(customer=first, other=second).first()
        if found is not None and found.verdict == verdict:
            return Decided(found, new=False)
        judged = _judged(first, second)
        row, _ = Verdict.objects.update_or_create(
            customer=first,
            other=second,
            defaults={
                "verdict": verdict,
                "said_at": clock.now(),
                "said_by": by,
                "score": judged.weight if judged else None,
                "levels": list(judged.levels) if judged else [],
                "change": _at_home(first, second, verdict, judged, by),
            },
        )
        Pair.objects.filter(customer=first, other=second).delete()
        if verdict != SAYS.FAMILY:
            for record in (first, second):
                timeline.record(record, "duplicate.decided", by=by, data={"answer": verdict})
    return Decided(row, new=True)


def reconsider(one: Customer, other: Customer, *, by: User | None) -> bool:
    """Take a verdict back, so that the pair may be asked again; whether there was one."""
    with writing(by):
        first, second = _both(one, other)
        said = Verdict.objects.filter(customer=first, other=second).select_related("change").first()
        if said is not None:
            said.delete()
            if said.change is not None and said.change.undone_at is None:
                customers.undo_household(said.change, by=by)
            for record in (first, second):
                timeline.record(record, "duplicate.reopened", by=by)
            judged = _judged(first, second)
            if judged is not None:
                from .storing import put

                put([(first.pk, second.pk, judged)], by=by)
    return said is not None


def _at_home(
    one: Customer, other: Customer, verdict: str, judged: Judged | None, by: User | None
) -> HouseholdChange | None:
    """What the verdict says about who lives with whom, as an act that can be taken back."""
    homes = [row.household for row in (one, other)]
    if verdict == SAYS.FAMILY:
        if homes[0] and homes[1] and homes[0] != homes[1]:
            return customers.combine(homes[0], homes[1], by=by)
        return customers.confirm(one, other, by=by)
    if verdict == SAYS.DIFFERENT and judged and judged.relation == Relation.HOUSEHOLD:
        return customers.refuse(one, other, by=by)
    return None


def postpone(one: Customer, other: Customer, *, by: User | None) -> None:
    """Ask again in a month."""
    first, second = sorted((one.pk, other.pk))
    Pair.objects.filter(customer=first, other=second).update(later_until=clock.now() + LATER)


def _both(one: Customer, other: Customer) -> tuple[Customer, Customer]:
    """Locked in the order of their ids."""
    if one.pk == other.pk:
        raise Invalid({"b": "This is the same record"})
    rows = Customer.objects.get_queryset().select_for_update(no_key=True, of=("self",))
    found = list(rows.filter(pk__in=[one.pk, other.pk]).order_by("pk"))
    if len(found) < 2:
        raise Invalid({"b": "There is no such customer here"})
    return found[0], found[1]


def _judged(one: Customer, other: Customer) -> Judged | None:
    found = keeping.read([one.pk, other.pk])
    if len(found) < 2:
        return None
    return judge(found[one.pk], found[other.pk], current())

"""What people decide about two records: the same, different, family, or later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

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
        first, second = both(one, other)
        found = Verdict.objects.filter(customer=first, other=second).first()
        if found is not None and found.verdict == verdict:
            return Decided(found, new=False)
        row = say(first, second, verdict, by=by, at=clock.now())
        tell((first, second), verdict, by=by)
    return Decided(row, new=True)


def say(
    first: Customer,
    second: Customer,
    verdict: str,
    *,
    by: User | None,
    at: datetime,
    together: UUID | None = None,
) -> Verdict:
    """Write the word about two that are locked, the lower id first; nobody is told."""
    judged = _judged(first, second)
    row, _ = Verdict.objects.update_or_create(
        customer=first,
        other=second,
        defaults={
            "verdict": verdict,
            "said_at": at,
            "said_by": by,
            "together": together,
            "score": judged.weight if judged else None,
            "levels": list(judged.levels) if judged else [],
            "change": _at_home(first, second, verdict, judged, by),
        },
    )
    Pair.objects.filter(customer=first, other=second).delete()
    return row


def tell(records: Iterable[Customer], verdict: str, *, by: User | None) -> None:
    """On the timeline of each; of a household its own act tells."""
    if verdict != SAYS.FAMILY:
        for record in records:
            timeline.record(record, "duplicate.decided", by=by, data={"answer": verdict})


def reconsider(one: Customer, other: Customer, *, by: User | None) -> bool:
    """Take a verdict back, so that the pair may be asked again; whether there was one."""
    with writing(by):
        first, second = both(one, other)
        said = Verdict.objects.filter(customer=first, other=second).select_related("change").first()
        if said is not None:
            unsay(said, first, second, by=by)
            for record in (first, second):
                timeline.record(record, "duplicate.reopened", by=by)
    return said is not None


def unsay(said: Verdict, first: Customer, second: Customer, *, by: User | None) -> None:
    """The word goes with what it did to their household, and they are a pair again."""
    from .storing import put

    said.delete()
    if said.change is not None and said.change.undone_at is None:
        customers.undo_household(said.change, by=by)
    judged = _judged(first, second)
    if judged is not None:
        put([(first.pk, second.pk, judged)], by=by)


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
    postpone_all([one, other], by=by)


def postpone_all(records: Sequence[Customer], *, by: User | None) -> None:
    """Ask again in a month, of any two of them."""
    among = Pair.objects.filter(customer__in=records, other__in=records)
    among.update(later_until=clock.now() + LATER)


def ask_now(records: Sequence[Customer], *, by: User | None) -> bool:
    """Take *later* back, of any two of them; whether it was said."""
    among = Pair.objects.filter(customer__in=records, other__in=records)
    return bool(among.exclude(later_until=None).update(later_until=None))


def both(one: Customer, other: Customer) -> tuple[Customer, Customer]:
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

"""What people decide about several records at once: one, not this one, all different, family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F

from regulars.customers.history.context import writing
from regulars.customers.merging.choosing import best_known
from regulars.customers.models import Customer, Merge
from regulars.lib import clock, ids
from regulars.lib.errors import Invalid
from regulars.lib.retrying import retried
from regulars.matching.clusters import MOST
from regulars.matching.models import Verdict
from regulars.timeline import actions as timeline

from .deciding import both, say, tell, unsay
from .uniting import unite

if TYPE_CHECKING:
    from regulars.staff.models import User

SAYS = Verdict.Says
SAID_OF_ALL = (SAYS.DIFFERENT, SAYS.FAMILY)


@dataclass(frozen=True)
class Told:
    """What was said of several at once; `verdicts` are those that are new."""

    together: UUID
    verdicts: list[Verdict]


@retried
def decide_all(
    records: Sequence[Customer], *, verdict: str, by: User | None, out: Customer | None = None
) -> Told:
    """Say of any two that they are different, or family; with `out` only of that one and the rest.

    It is written pair by pair, as `decide` does, and taken back as a whole. What was said of two
    before in the same word stays as it is. Raises `Invalid`.
    """
    if verdict not in SAID_OF_ALL:
        raise Invalid({"verdict": f"This is one of {', '.join(SAID_OF_ALL)}"})
    together, at = ids.uuid7(), clock.now()
    with writing(by):
        rows = _held(records)
        if out is not None and out not in rows:
            raise Invalid({"out": "This is none of them"})
        known = Verdict.objects.filter(customer__in=rows, other__in=rows, verdict=verdict)
        before = set(known.values_list("customer", "other"))
        told = Told(together, [])
        for one, other in combinations(rows, 2):
            if (one.pk, other.pk) in before or (out is not None and out not in (one, other)):
                continue
            # Anew: who lives with whom changes on the way.
            two = both(one, other)
            told.verdicts.append(say(*two, verdict, by=by, at=at, together=together))
        about = {pk for row in told.verdicts for pk in (row.customer_id, row.other_id)}
        tell([row for row in rows if row.pk in about], verdict, by=by)
    return told


@retried
def reconsider_all(verdicts: Sequence[Verdict], *, by: User | None) -> None:
    """Take back what was said together, so that they may be asked about again."""
    with writing(by):
        rows = Verdict.objects.filter(pk__in=[one.pk for one in verdicts])
        found = list(
            rows.select_related("change").order_by(F("change").desc(nulls_last=True), "pk")
        )
        about = {pk for one in found for pk in (one.customer_id, one.other_id)}
        records = {row.pk: row for row in _locked(about)}
        for one in found:
            unsay(one, records[one.customer_id], records[one.other_id], by=by)
        for record in records.values():
            timeline.record(record, "duplicate.reopened", by=by)


def unite_all(
    records: Sequence[Customer], *, by: User | None, primary: Customer | None = None
) -> Merge:
    """Merge them into `primary`, else into whom we know best.

    Raises `Invalid` where some of them were said to be two, or live together; `Stale`.
    """
    with writing(by):
        rows = _held(records)
        said = Verdict.objects.filter(customer__in=rows, other__in=rows, verdict__in=SAID_OF_ALL)
        apart = said.select_related("customer", "other").first()
        if apart is not None:
            two = f"{apart.customer.name} and {apart.other.name}"
            raise Invalid({"members": f"{two} were said to be {apart.verdict}"})
        for one, other in combinations(rows, 2):
            if one.household_id is not None and one.household_id == other.household_id:
                raise Invalid({"members": f"{one.name} and {other.name} live together"})
        stays = primary or best_known(rows)
        return unite(stays, [row for row in rows if row != stays], by=by)


def _held(records: Sequence[Customer]) -> list[Customer]:
    wanted = {one.pk for one in records}
    if not 2 <= len(wanted) <= MOST:
        raise Invalid({"members": f"Between 2 and {MOST} customers"})
    rows = _locked(wanted)
    if len(rows) < len(wanted):
        raise Invalid({"members": "One of them is no customer any more"})
    return rows


def _locked(wanted: set[int]) -> list[Customer]:
    """In the order of their ids."""
    rows = Customer.objects.get_queryset().select_for_update(no_key=True, of=("self",))
    return list(rows.filter(pk__in=wanted).order_by("pk"))

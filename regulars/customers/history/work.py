"""What one piece of work (an import, a bulk action) wrote, and how each row of it is taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import Max, Model, UniqueConstraint

from regulars.customers.merging.telling import KINDS
from regulars.customers.models import ConsentRecord, Customer, Kept, keepings
from regulars.timeline.models import Event

from .reversing import MARKS, Reversal, Row, Step, Together, reversal, step

SLACK = timedelta(hours=1)  # between the clocks of the process and of the database
BY_THE_HOUSE = ("address_check",)
BY_A_MERGE = ("merge", "unmerge")
_ALIKE = (
    {"first_name", "last_name", "name", "sort_name", "is_company"},
    {"owner_id", "owned_since"},
    {"source", "source_other"},
    {"household_id", "relation"},
    {"referred_by_id", "referral_source"},
)
# What somebody agreed to is evidence: it is kept for good, and so is the word that follows from it.
FOR_GOOD = "consent"


@dataclass(frozen=True)
class Undone:
    """One row of the work and the step that takes it back; `is_new` when the work made it."""

    kept: Kept
    obj: int
    customer: int
    is_new: bool
    step: Step


def rows_of(work: int, customers: Collection[int], since: datetime) -> Iterator[Undone]:
    """Every row that the work with this number wrote of these customers, the record's order.

    The work began at `since`. Evidence of consent is not among them, nor rows of no customer.
    """
    theirs = set(customers)
    for kept in keepings():
        if kept.customer and kept.model is not ConsentRecord:
            yield from _rows(kept, work, theirs, since)


def _rows(kept: Kept, work: int, customers: Collection[int], since: datetime) -> Iterator[Undone]:
    history = kept.history._default_manager
    ours: dict[int, set[int]] = defaultdict(set)
    # By the rows that are or were theirs since: one that a merge brought along was another's then.
    theirs = history.filter(
        **{f"{kept.customer}__in": customers}, pgh_created_at__gte=since - SLACK
    ).values("pgh_obj_id")
    for obj, pk in history.filter(
        pgh_obj_id__in=theirs, pgh_created_at__gte=since - SLACK, pgh_context__receipt=work
    ).values_list("pgh_obj_id", "pgh_id"):
        ours[obj].add(pk)
    if not ours:
        return
    past: dict[int, list[Row]] = defaultdict(list)
    for row in history.filter(pgh_obj_id__in=list(ours)).order_by("pgh_id").values():
        past[row["pgh_obj_id"]].append(row)
    columns = {key for row in chain(*past.values()) for key in row} - set(MARKS)
    alive = _now(kept.model, ours, columns)
    hidden = frozenset(_attname(kept.model, name) for name in kept.hidden)
    once = _once(kept)
    gone = [_left(past[obj], mine) for obj, mine in ours.items() if obj not in alive]
    anew = _anew(kept, once, gone, but=ours)
    for obj, mine in sorted(ours.items()):
        found = reversal(past[obj], mine)
        if found is None or _was_undone(past[obj], work):
            continue
        now, after = alive.get(obj), _left(past[obj], mine)
        owner = _attname(kept.model, kept.customer)
        whose = int((now or after)[owner])
        unsaid = hidden | {owner}
        again = once if now is None and _said(after, owner, once) in anew else frozenset()
        done = step(
            found, now, after, together=_together(kept, columns, unsaid), hidden=unsaid, again=again
        )
        is_new = found.created and now is not None
        if whose in customers:
            yield Undone(kept, obj, whose, is_new, _for_good(done, found))


def _once(kept: Kept) -> frozenset[str]:
    """The columns of which a customer has each value once, such as the tag of a tagging."""
    together = (c for c in kept.model._meta.constraints if isinstance(c, UniqueConstraint))
    found = (set(c.fields) for c in together if not c.condition and kept.customer in c.fields)
    columns: set[str] = next(found, set()) - {kept.customer}
    return frozenset(_attname(kept.model, name) for name in columns)


def _anew(
    kept: Kept, once: frozenset[str], gone: Sequence[Row], *, but: Collection[int]
) -> set[tuple[Any, ...]]:
    """Of rows that are gone, what was said of the same customers again, in no row of the work."""
    if not once or not gone:
        return set()
    owner = _attname(kept.model, kept.customer)
    rows = kept.model._base_manager.filter(**{f"{owner}__in": {row[owner] for row in gone}})
    rows = rows.exclude(pk__in=list(but))
    return {_said(row, owner, once) for row in rows.values(owner, *once)}


def _said(row: Row, owner: str, once: frozenset[str]) -> tuple[Any, ...]:
    return (row[owner], *(row[column] for column in sorted(once)))


def _was_undone(past: Sequence[Row], work: int) -> bool:
    """Whether it was taken back already: somebody may have said the same again since."""
    return any((row["pgh_context"] or {}).get("undone") == work for row in past)


def _left(past: Sequence[Row], mine: set[int]) -> Row:
    return next(row for row in reversed(past) if row["pgh_id"] in mine)


def _now(model: type[Model], objs: Collection[int], columns: Collection[str]) -> dict[int, Row]:
    rows = model._base_manager.filter(pk__in=list(objs)).values("pk", *sorted(columns))
    return {row.pop("pk"): row for row in rows}


def _attname(model: type[Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "attname", name))


def _together(kept: Kept, columns: set[str], hidden: frozenset[str]) -> Sequence[Together]:
    if kept.model is Customer:
        return [Together(frozenset(each), frozenset(each)) for each in _ALIKE]
    return [Together(frozenset(columns - hidden), frozenset(columns))]


def _for_good(done: Step, found: Reversal) -> Step:
    if done.does != "update" or not any(FOR_GOOD in key for key in done.values):
        return done
    values = {key: was for key, was in done.values.items() if FOR_GOOD not in key}
    torn = {key: (left, was) for key, (was, left) in found.fields.items() if FOR_GOOD in key}
    return Step("update" if values else "nothing", values, {**done.torn, **torn})


def touched(work: int, written: Mapping[int, datetime]) -> set[int]:
    """Of customers that the work added, those about whom somebody did something since.

    `written` says when the work was done with each of them. Merging and taking apart again is not
    done about them; what was given to them then may be.
    """
    found: set[int] = set()
    for kept in keepings():
        if not kept.customer:
            continue
        column = _attname(kept.model, kept.customer)
        rows = kept.history._default_manager.filter(**{f"{kept.customer}__in": list(written)})
        passed = {}
        for pk, obj, why in rows.values_list(column, "pgh_obj_id", "pgh_context"):
            if (why or {}).get("how") in BY_A_MERGE:
                passed[obj] = pk
            elif _is_foreign(why, work):
                found.add(pk)
        if passed:
            found |= _given(kept, passed, work)
    events = Event.objects.filter(customer__in=list(written)).exclude(kind__in=KINDS)
    latest = events.values_list("customer_id")
    for pk, at in latest.annotate(Max("recorded_at")):
        if at > written[pk]:
            found.add(pk)
    return found


def _given(kept: Kept, passed: Mapping[int, int], work: int) -> set[int]:
    """Of customers whose rows a merge moved, those who have one now that somebody else wrote."""
    column = _attname(kept.model, kept.customer)
    past = kept.history._default_manager.filter(pgh_obj_id__in=list(passed)).order_by("pgh_id")
    foreign, has = set(), {}
    for obj, pk, why in past.values_list("pgh_obj_id", column, "pgh_context"):
        has[obj] = pk
        if (why or {}).get("how") not in BY_A_MERGE and _is_foreign(why, work):
            foreign.add(obj)
    return {passed[obj] for obj in foreign if has[obj] == passed[obj]}


def _is_foreign(why: Mapping[str, Any] | None, work: int) -> bool:
    said = why or {}
    return said.get("receipt") != work and said.get("how") not in BY_THE_HOUSE


def values_of(rows: Sequence[Undone]) -> dict[str, set[Any]]:
    """The ids that these steps would write again, by the model they refer to."""
    found: dict[str, set[Any]] = defaultdict(set)
    for one in rows:
        for field in one.kept.model._meta.concrete_fields:
            value = one.step.values.get(field.attname)
            if field.related_model and value is not None:
                found[field.related_model._meta.label].add(value)
    return found

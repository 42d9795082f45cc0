"""Several profiles become one, with everything of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from regulars.customers.history.context import because, writing
from regulars.customers.models import (
    Customer,
    CustomField,
    Merge,
    MergedProfile,
)
from regulars.lib.errors import Invalid
from regulars.lib.retrying import retried
from regulars.live import notices
from regulars.timeline import actions as timeline

from . import strictness
from .holding import held, one_at_a_time, refresh
from .journal import Journal, delete, label, raw
from .profiles import decisions
from .rule import BY_KEY, MOST, Decision
from .settling import keep_names, settle
from .telling import MERGED, told
from .ways import Moving, move_all
from .whose import drop_derived, tables

if TYPE_CHECKING:
    from regulars.staff.models import User

ROWS = ("location", "contact")  # of which one leads
GONE = "One of them is not here any more"


@retried
def merge(
    primary: Customer,
    others: Iterable[Customer],
    *,
    by: User | None,
    picks: Mapping[str, str | UUID] | None = None,
) -> Merge:
    """Make these profiles one: `primary` stays and holds everything, the others' ids lead to it.

    `picks` says of a field whose value is taken, as the public id of a profile: the keys of
    `rule.FIELDS`, `location`, `contact`, and `custom.<key>`. What is not picked follows the rule.
    One event. Raises `Invalid`.
    """
    wanted = {key: str(pick) for key, pick in (picks or {}).items()}
    others = list({c.pk: c for c in others}.values())
    check(primary, others, wanted)
    with because(how="merge"), writing(by):
        one_at_a_time()
        rows = held([primary, *others])
        if len(rows) < len(others) + 1 or not _may_see(rows, by):
            raise Invalid({"others": GONE})
        stays, gone = rows[primary.pk], [rows[pk] for pk in sorted({c.pk for c in others})]
        decided = decisions([stays, *gone], stays, wanted)
        merge = Merge.objects.create(
            customer=stays,
            primary_id=stays.pk,
            before=raw(Customer, [stays.pk])[stays.pk],
            picked=sorted(wanted),
            marks=marks(),
            by=by,
        )
        said = [strictness.standing(one) for one in (stays, *gone)]
        brought = _brought(decided, stays, gone)
        will_say = {name: value for each in decided for name, value in each.columns.items()}
        journals = [_swallow(merge, stays, one, wanted, will_say, brought[one.pk]) for one in gone]
        settle(stays, gone, journals, decided)
        keep_names(stays, merge.before, gone, journals)
        strictness.keep_strictest(journals[-1], stays, said, by=by)
        for journal in journals:
            journal.keep()
        strictness.restate(stays)
        refresh([stays.pk], beyond=[one.version for one in gone])
        notices.announce([stays.pk, *(one.pk for one in gone)], moved=True)
        ids, named = [str(one.public_id) for one in gone], [one.name for one in gone]
        timeline.record(stays, MERGED, by=by, data=told(merge, ids, named))
    return merge


def check(primary: Customer, others: Sequence[Customer], picks: Mapping[str, str | UUID]) -> None:
    """Whether these can become one as picked. Raises `Invalid`."""
    if not others:
        raise Invalid({"others": "Choose at least two customers"})
    if len(others) >= MOST:
        raise Invalid({"others": f"At most {MOST} at once"})
    if primary.pk in {c.pk for c in others}:
        raise Invalid({"others": "The primary one cannot be merged into itself"})
    of = {str(c.public_id) for c in (primary, *others)}
    fields = {key for key, field in BY_KEY.items() if field.offered} | set(ROWS)
    custom = {key for key in picks if key.startswith("custom.")}
    if custom:
        known = CustomField.objects.values_list("key", flat=True)
        fields |= {f"custom.{key}" for key in known}
    errors = {}
    for key, pick in picks.items():
        if key not in fields:
            errors[f"picks.{key}"] = "There is no such field to choose"
        elif str(pick) not in of:
            errors[f"picks.{key}"] = "This is none of the customers that become one"
    if errors:
        raise Invalid(errors)


def _may_see(rows: Mapping[int, Customer], by: User | None) -> bool:
    if by is None:
        return True
    return Customer.objects.visible_to(by).filter(pk__in=rows).count() == len(rows)


def marks() -> dict[str, Any]:
    """The highest key of every table with a column for customers."""
    found = [m for m in tables() if m._meta.pk.get_internal_type() in ("BigAutoField", "AutoField")]
    quote = connection.ops.quote_name
    selects = [
        f"SELECT '{label(m)}', max({quote(str(m._meta.pk.column))}) FROM {quote(m._meta.db_table)}"  # noqa: S608
        for m in found
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects))
        return {name: top or 0 for name, top in cursor.fetchall()}


def _brought(
    decided: Sequence[Decision], stays: Customer, gone: Sequence[Customer]
) -> dict[int, frozenset[str]]:
    """Of each profile that goes, the fields whose value comes with it; what comes with nobody who
    is here any more comes with the last one."""
    whose = {str(one.public_id): one.pk for one in (stays, *gone)}
    found: dict[int, set[str]] = {one.pk: set() for one in (stays, *gone)}
    for decision in decided:
        found[whose.get(decision.leaf.of, gone[-1].pk)].add(decision.field.key)
    return {pk: frozenset(keys) for pk, keys in found.items()}


def _swallow(
    merge: Merge,
    into: Customer,
    of: Customer,
    picks: dict[str, str],
    will_say: Mapping[str, Any],
    brings: frozenset[str],
) -> Journal:
    """Everything of one profile goes to the other; its own row goes."""
    row = raw(Customer, [of.pk])[of.pk]
    profile = MergedProfile.objects.create(
        merge=merge, customer=into, old_id=of.pk, public_id=of.public_id, row=row
    )
    journal = Journal(profile)
    move_all(Moving(journal, of, into, picks, will_say, brings))
    drop_derived(of.pk)
    delete(Customer, of.pk)
    return journal

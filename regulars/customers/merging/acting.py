"""Merging: several profiles become one, with everything of theirs, and can come apart again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from regulars.customers.actions.indexing import reindex
from regulars.customers.actions.touched import touch
from regulars.customers.history.context import because, writing
from regulars.customers.models import (
    Customer,
    CustomField,
    FormerName,
    Merge,
    MergedProfile,
)
from regulars.lib import names
from regulars.lib.errors import Invalid
from regulars.lib.retrying import retried
from regulars.live import notices
from regulars.timeline import actions as timeline

from . import strictness
from .journal import Journal, delete, label, raw
from .profiles import decisions
from .rule import BY_KEY, MOST, Decision
from .telling import MERGED, told
from .walk import drop_derived, tables
from .ways import Moving, move_all

if TYPE_CHECKING:
    from regulars.staff.models import User

ROWS = ("location", "contact")  # of which one leads
LOCK = 0x6D657267  # "merg"
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
        _keep_names(stays, merge.before, gone, journals)
        strictness.keep_strictest(journals[-1], stays, said, by=by)
        for journal in journals:
            journal.keep()
        strictness.restate(stays)
        refreshed([stays.pk])
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


def one_at_a_time() -> None:
    """Whoever merges or takes apart holds many customers at once; a hundred who do so would wait
    for each other in circles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def held(customers: Iterable[Customer]) -> dict[int, Customer]:
    """The rows as they are now, and those whom they referred, held in the order of their ids.

    Nobody may refer to them meanwhile either: what somebody else writes waits, and then finds
    out where it belongs.
    """
    ids = {c.pk for c in customers}
    rows = Customer.objects.get_queryset()
    referred = rows.filter(referred_by__in=ids).values_list("pk", flat=True)
    wanted = sorted({*ids, *referred})
    found = rows.select_for_update().filter(pk__in=wanted).order_by("pk")
    return {row.pk: row for row in found if row.pk in ids}


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


def settle(
    stays: Customer,
    gone: Sequence[Customer],
    journals: Sequence[Journal],
    found: Sequence[Decision],
) -> None:
    """The one row says what was decided."""
    whose = {one.pk: journal for one, journal in zip(gone, journals, strict=True)}
    by_profile = {str(one.public_id): whose[one.pk] for one in gone}
    ids = {stays.pk, *whose}
    now = raw(Customer, [stays.pk])[stays.pk]
    for decision in found:
        columns = decision.columns
        if columns.get("referred_by_id") in ids or _circles(stays.pk, columns):
            columns = {"referred_by_id": None}
        if all(now[column] == value for column, value in columns.items()):
            continue
        journal = by_profile.get(decision.leaf.of, journals[-1])
        journal.change(Customer, stays.pk, columns)
        if decision.field.key == "name":
            _rename(stays, columns, journal)
    stays.refresh_from_db()


def _keep_names(
    stays: Customer, then: Mapping[str, Any], gone: Sequence[Customer], journals: Sequence[Journal]
) -> None:
    whose = {one.pk: journal for one, journal in zip(gone, journals, strict=True)}
    for one in (Customer(**_names_of(then)), *gone):
        journal = whose.get(one.pk, journals[-1])
        remember(stays, one, journal)
    own = {_folded(stays.first_name, stays.last_name, ""), _folded("", "", stays.company)}
    for former in FormerName.objects.filter(customer=stays).order_by("pk"):
        if _folded(former.first_name, former.last_name, former.company) in own:
            journals[-1].absorb(FormerName, former.pk)


def _circles(customer: int, columns: Mapping[str, Any]) -> bool:
    """Whether who referred them was referred by them, in the end."""
    at = columns.get("referred_by_id")
    for _ in range(20):
        if at is None or at == customer:
            return at == customer
        rows = Customer.objects.get_queryset().filter(pk=at)
        at = rows.values_list("referred_by", flat=True).first()
    return False


def _rename(stays: Customer, columns: Mapping[str, Any], journal: Journal) -> None:
    """A person is their own primary contact: the two names are one."""
    for contact in stays.contacts.filter(
        is_primary=True, first_name=stays.first_name, last_name=stays.last_name
    ):
        named = {key: columns[key] for key in ("first_name", "last_name")}
        journal.change(type(contact), contact.pk, named)


def _names_of(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("first_name", "last_name", "company")}


def _folded(first_name: str, last_name: str, company: str) -> tuple[str, str]:
    return names.fold(names.person(first_name, last_name)), names.fold(company)


def remember(stays: Customer, one: Customer, journal: Journal) -> list[FormerName]:
    """Keep what `one` was called as former names: a person's name and a company's apart, because
    which of them came together depends on the order in which profiles were merged, and must not."""
    nothing = {"first_name": "", "last_name": "", "company": ""}
    known = {
        _folded(former.first_name, former.last_name, former.company)
        for former in FormerName.objects.filter(customer=stays)
    }
    said = _names_of(vars(one))
    found = []
    for keys in (("first_name", "last_name"), ("company",)):
        name = nothing | {key: said[key] for key in keys}
        own = nothing | {key: getattr(stays, key) for key in keys}
        if _folded(**name) not in {_folded(**nothing), _folded(**own), *known}:
            found.append(FormerName(customer=stays, **name))
            journal.write(found[-1])
    return found


def refreshed(customers: Sequence[int]) -> None:
    """Whatever follows from the rows and the events of these customers, anew."""
    reindex(customers)
    timeline.derive_standing(customers)
    for customer in Customer.objects.get_queryset().filter(pk__in=customers):
        touch(customer)

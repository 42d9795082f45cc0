"""Whoever stays in there when somebody is taken out: the record says what it says of them alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from regulars.customers.models import ChangeKind, Customer, FormerName, MergeChange, MergedProfile

from .chain import without
from .journal import Journal, label, raw
from .memory import Adopted, lives_on_as
from .rule import FIELDS, Decision, Leaf
from .settling import keep_names_of, settle

NAMES = ("first_name", "last_name", "company")


def agreed(stays: Customer) -> frozenset[str]:
    """The fields that say what the rule makes of everybody in there: nobody chose or wrote it."""
    there = _there(stays)
    picked = {key for one in there for key in one.merge.picked}
    now, parts = raw(Customer, [stays.pk])[stays.pk], _parts(stays, there)
    return frozenset(
        field.key
        for field in FIELDS
        if field.key not in picked
        and field.value(field.choose(field, parts).row) == field.value(now)
    )


def agree_again(stays: Customer, fields: Collection[str]) -> None:
    """Decide `fields` anew among those who are left, and keep what they were called."""
    stays.refresh_from_db()
    there = _there(stays)
    direct = {one.old_id: one for one in there if one.merge.primary_id == stays.pk}
    journals = {old_id: Journal(one) for old_id, one in direct.items()}
    found = _decisions(stays, fields, there, direct) if there else []
    if found:
        gone = [_as_they_were(one) for one in direct.values()]
        settle(stays, gone, list(journals.values()), found)
    for one in there:
        journal = journals.setdefault(one.old_id, Journal(one))
        for former in keep_names_of(stays, _as_they_were(one), journal):
            Adopted(FormerName, former.pk, "customer_id", one.merge.primary_id).remember()
        journal.keep()


def _there(stays: Customer) -> list[MergedProfile]:
    rows = stays.merged_profiles.filter(undone_at=None)
    return list(rows.select_related("merge").order_by("pk"))


def _parts(stays: Customer, there: Sequence[MergedProfile]) -> list[Leaf]:
    """Itself and everybody in there, without what merges that stand have made of them."""
    rows = {stays.pk: raw(Customer, [stays.pk])[stays.pk]} | {p.old_id: p.row for p in there}
    written: dict[int, list[MergeChange]] = {pk: [] for pk in rows}
    nodes = MergeChange.objects.filter(
        profile__in=there, kind=ChangeKind.CHANGE, model=label(Customer)
    )
    for node in nodes.order_by("pk"):
        written.setdefault(node.ids[0], []).append(node)
    own = {pk: {**row, **without(written[pk], row)} for pk, row in rows.items()}
    leaves = [Leaf(str(one.public_id), own[one.old_id]) for one in there]
    return [Leaf(str(stays.public_id), own[stays.pk], primary=True), *leaves]


def _decisions(
    stays: Customer,
    fields: Collection[str],
    there: Sequence[MergedProfile],
    direct: dict[int, MergedProfile],
) -> list[Decision]:
    now, parts = raw(Customer, [stays.pk])[stays.pk], _parts(stays, there)
    whose = {str(one.public_id): str(_direct(one, direct).public_id) for one in there}
    found = []
    for field in FIELDS:
        leaf = field.choose(field, parts)
        if field.key in fields and field.value(leaf.row) != field.value(now):
            leaf = replace(leaf, of=whose.get(leaf.of, leaf.of))
            found.append(Decision(field, leaf, picked=False, options=()))
    return found


def _direct(one: MergedProfile, direct: dict[int, MergedProfile]) -> MergedProfile:
    """As whom of those who were merged right into this one somebody is in there."""
    return next(each for each in lives_on_as(one.old_id) if each.old_id in direct)


def _as_they_were(one: MergedProfile) -> Customer:
    names = {key: one.row[key] for key in NAMES}
    return Customer(pk=one.old_id, public_id=one.public_id, **names)

"""The one row says what was decided, and keeps what everybody was called as former names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from regulars.customers.models import Customer, FormerName
from regulars.lib import names

from .journal import Journal, raw
from .rule import Decision


def settle(
    stays: Customer,
    gone: Sequence[Customer],
    journals: Sequence[Journal],
    found: Sequence[Decision],
) -> None:
    """Write what was decided, each field in the journal of whoever brought it.

    `journals` are those of `gone`, in the same order; what came with none of them, such as what
    somebody brought who lives on in one of them, is written in the last.
    """
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


def keep_names(
    stays: Customer, then: Mapping[str, Any], gone: Sequence[Customer], journals: Sequence[Journal]
) -> None:
    """Keep what everybody was called, `then` being the row of whoever stays as it was before; a
    former name that is the name now is none."""
    whose = {one.pk: journal for one, journal in zip(gone, journals, strict=True)}
    for one in (Customer(**_names_of(then)), *gone):
        journal = whose.get(one.pk, journals[-1])
        keep_names_of(stays, one, journal)
    own = {_folded(stays.first_name, stays.last_name, ""), _folded("", "", stays.company)}
    for former in FormerName.objects.filter(customer=stays).order_by("pk"):
        if _folded(former.first_name, former.last_name, former.company) in own:
            journals[-1].absorb(FormerName, former.pk)


def keep_names_of(stays: Customer, one: Customer, journal: Journal) -> list[FormerName]:
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


def _names_of(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("first_name", "last_name", "company")}


def _folded(first_name: str, last_name: str, company: str) -> tuple[str, str]:
    return names.fold(names.person(first_name, last_name)), names.fold(company)

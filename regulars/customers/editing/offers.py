"""The rows that may be chosen for a fact: groups, categories, and the stores one works for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from regulars.customers.models import Category, Customer, Group, SourceName
from regulars.lib.errors import Invalid
from regulars.staff.models import Sees, Store

from .sheet import SUGGESTED, Fact

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST = 500


def offered(fact: Fact, customer: Customer, by: User | None) -> QuerySet[Any]:
    """Rows by name; whoever does not see every store is offered their own, and where it is."""
    if fact.offers == "group":
        return Group.objects.all()
    if fact.offers == "category":
        return Category.objects.all()
    stores = Store.objects.all()
    if by is not None and by.role.sees != Sees.ALL:
        stores = stores.filter(pk__in=[pk for pk in (by.store_id, customer.store_id) if pk])
    return stores


def choices(fact: Fact, customer: Customer, by: User | None) -> list[tuple[str, str]]:
    """What a page offers: values with their words, nothing first where nothing may be said."""
    found = list(fact.choices)
    if fact.offers:
        rows = offered(fact, customer, by)[:MOST]
        found = [(str(row.pk), row.name) for row in rows]
    return found if fact.needed else [("", "None"), *found]


def suggestions(fact: Fact) -> list[str]:
    """What completes while typing; of a source of their own, those that Settings offer."""
    if fact.name == "source":
        return list(SourceName.objects.values_list("name", flat=True)[:MOST])
    return list(SUGGESTED.get(fact.suggests, ()))


def chosen(fact: Fact, value: str, customer: Customer, by: User | None) -> Any:
    """The row of this id; None for "". Raises `Invalid` for one that is not offered."""
    if not value:
        return None
    row = offered(fact, customer, by).filter(pk=int(value)).first()
    if row is None:
        raise Invalid({"value": f"There is no such {fact.label.lower()} here"})
    return row

"""Custom fields in the language of filters: like the built-in ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.criteria.fields import Asking, Choice, CustomerField
from regulars.criteria.kinds import choice_field, date_field, number_field, text_field
from regulars.criteria.language import Value
from regulars.customers.models import CustomValue
from regulars.lib import names

from .queries import definitions_for
from .values import Definition

# So many are looked at for one page; more are met soon enough along the list's own order.
FEW = 1_500


def fields(asking: Asking) -> list[CustomerField]:
    """Every custom field in use as a field to filter by."""
    return [_field(one) for one in definitions_for(asking)]


def _field(one: Definition) -> CustomerField:
    made = _BY_KIND[one.kind](one)

    def rows() -> QuerySet[CustomValue]:
        return CustomValue.objects.filter(field=one.id)

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        if operator == "empty":
            return ~Q(Exists(rows().filter(customer=OuterRef("pk"))))
        found = rows().filter(_index(one), made.q(operator, value, asking))
        if operator == "contains":  # no index says where: asked along the list's own order
            return Q(Exists(found.filter(customer=OuterRef("pk"))))
        return _has(found)

    return CustomerField(
        made.key, made.label, made.type, made.operators, condition, made.choices,
        made.english, made.indexed, made.aliases, made.open,
    )  # fmt: skip


def _has(found: QuerySet[CustomValue]) -> Q:
    """Few are taken from their own index; many are asked for along whatever order is walked."""
    if found.order_by()[: FEW + 1].count() <= FEW:
        return Q(pk__in=found.order_by().values("customer")[:FEW])
    return Q(Exists(found.filter(customer=OuterRef("pk"))))


def _index(one: Definition) -> Q:
    """The condition of the partial index, said literally so that it serves."""
    if one.kind == "number":
        return Q(number__isnull=False)
    return Q(day__isnull=False) if one.kind == "date" else ~Q(folded="")


def _folded(one: Definition, choices: Iterable[str]) -> CustomerField:
    offered = [Choice(label, keys=(names.fold(label) or label[:50],)) for label in choices]
    return choice_field(one.key, one.label, "folded", offered)


_BY_KIND: dict[str, Callable[[Definition], CustomerField]] = {
    "text": lambda one: text_field(one.key, one.label, "folded", folded_by=names.fold),
    "link": lambda one: text_field(one.key, one.label, "folded", folded_by=names.fold),
    "number": lambda one: number_field(one.key, one.label, "number", whole=False),
    "date": lambda one: date_field(one.key, one.label, "day", whole_days=True),
    "choice": lambda one: _folded(one, one.choices),
    "yes_no": lambda one: _folded(one, ("yes", "no")),
}

"""Custom fields in the language of filters: like the built-in ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from regulars.criteria.fields import Asking, Choice, CustomerField
from regulars.criteria.kinds import choice_field, date_field, number_field, text_field
from regulars.criteria.language import Value
from regulars.customers.models import CustomValue
from regulars.lib import names

from .queries import definitions_for
from .values import Definition

# So many are taken from their own index; more are met soon enough along the list's own order.
FEW = 1_500
ONE_PLACE = ("is", "=")


def fields(asking: Asking) -> list[CustomerField]:
    """Every custom field in use as a field to filter by."""
    return [_field(one) for one in definitions_for(asking)]


def _field(one: Definition) -> CustomerField:
    column = _COLUMNS.get(one.kind, "folded")
    made, looked_at = _BY_KIND[one.kind](one, column), _BY_KIND[one.kind](one, "held")

    def rows() -> QuerySet[CustomValue]:
        return CustomValue.objects.filter(field=one.id)

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        if operator == "empty":
            return ~_of_each(rows())
        found = rows().filter(_index(column), made.q(operator, value, asking))
        if operator == "contains":  # no index says where: asked along the list's own order
            return _of_each(found)
        if found.order_by()[: FEW + 1].count() <= FEW:
            return Q(pk__in=found.order_by().values("customer")[:FEW])
        if operator in ONE_PLACE:
            return _of_each(found)
        # Asked of one customer after the other, a stretch of the index would be searched for each.
        held = rows().alias(held=Coalesce(column, column))
        return _of_each(held.filter(looked_at.q(operator, value, asking)))

    return CustomerField(
        made.key, made.label, made.type, made.operators, condition, made.choices,
        made.english, made.indexed, made.aliases, made.open,
    )  # fmt: skip


def _of_each(found: QuerySet[CustomValue]) -> Q:
    return Q(Exists(found.filter(customer=OuterRef("pk"))))


def _index(column: str) -> Q:
    """The condition of the partial index, said literally so that it serves."""
    return ~Q(folded="") if column == "folded" else Q((f"{column}__isnull", False))


def _folded(one: Definition, column: str, choices: Iterable[str]) -> CustomerField:
    offered = [Choice(label, keys=(names.fold(label) or label[:50],)) for label in choices]
    return choice_field(one.key, one.label, column, offered)


_COLUMNS = {"number": "number", "date": "day"}
_BY_KIND: dict[str, Callable[[Definition, str], CustomerField]] = {
    "text": lambda one, at: text_field(one.key, one.label, at, folded_by=names.fold),
    "link": lambda one, at: text_field(one.key, one.label, at, folded_by=names.fold),
    "number": lambda one, at: number_field(one.key, one.label, at, whole=False),
    "date": lambda one, at: date_field(one.key, one.label, at, whole_days=True),
    "choice": lambda one, at: _folded(one, at, one.choices),
    "yes_no": lambda one, at: _folded(one, at, ("yes", "no")),
}

"""What customers are worth, in every table that says so: merging and undoing leave it as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regulars.customers.models import Customer

CENT = Decimal("0.01")
TAILOR = "tests.tailor"


def has_tailor() -> bool:
    from django.apps import apps

    return apps.is_installed(TAILOR)


def give(customers: Iterable[Customer], by: Any) -> dict[str, Decimal]:
    """Each of them has spent something odd, and ordered a suit where there is a tailor; by id."""
    from regulars.customers import actions
    from regulars.customers.custom.queries import definition

    spent = definition(actions.add_field(label="Spent", kind="number", by=by))
    found = {}
    for n, one in enumerate(customers, 1):
        found[str(one.public_id)] = value = 1_000 * n + n * CENT
        actions.put_custom(one, {spent: value}, by=by)
        if has_tailor():
            from tests.tailor import actions as tailor

            cloth = str(one.public_id)
            tailor.fit(one, cloth=cloth, colour="navy", price=value, by=by)
    return found


def _columns() -> Iterator[tuple[Any, Any]]:
    from django.db import models

    from regulars.customers.merging.whose import tables

    for model in tables():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.DecimalField):
                yield model, field


def held() -> dict[str, Decimal]:
    """The sum of each such column, with the rows that wait for a merge to be undone."""
    from django.db.models import Sum

    from regulars.customers.models import ChangeKind, MergeChange

    found = {}
    for model, field in _columns():
        there = model._base_manager.aggregate(n=Sum(field.name))["n"] or Decimal(0)
        waiting = MergeChange.objects.filter(
            profile__undone_at=None, kind=ChangeKind.DELETE, model=model._meta.label_lower
        )
        rows = (row.get(field.column) for row in waiting.values_list("before", flat=True))
        said = sum((Decimal(str(value)) for value in rows if value is not None), Decimal(0))
        found[model._meta.label] = there + said
    return found


def differ(before: dict[str, Decimal], ordered: Decimal) -> Iterator[str]:
    """The sums that are not what was there and what was ordered since."""
    for label, now in held().items():
        wanted = before[label] + (ordered if label == "tailor.Suit" else 0)
        if now != wanted:
            yield f"{label} sums up to {now} and not {wanted}"


def not_theirs(given: dict[str, Decimal]) -> Iterator[str]:
    """Once all are on their own again: who has not what they had."""
    from regulars.customers.models import CustomValue

    said = CustomValue.objects.filter(field__key="spent")
    spent = {str(of): n for of, n in said.values_list("customer__public_id", "number")}
    for public_id, value in given.items():
        if spent.get(public_id) != value:
            yield f"{public_id} has spent {spent.get(public_id)} and not {value}"
    if has_tailor():
        from tests.tailor.models import Suit

        for cloth, of in Suit.objects.values_list("cloth", "customer__public_id"):
            if cloth in given and cloth != str(of):
                yield f"the suit of {cloth} is {of}'s"

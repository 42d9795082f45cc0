"""Every column of every table that says whose a row is, found by walking the models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from regulars.customers.models import Customer, SearchTerm
from regulars.customers.models.history import History

PAIR = ("customer_id", "other_id")


def is_derived(model: type[models.Model]) -> bool:
    """Written anew from the rest, so that nothing is moved; rooms above say so themselves."""
    return model is SearchTerm or bool(getattr(model, "follows_from_the_record", False))


def is_given(model: type[models.Model]) -> bool:
    """Whether its rows are somebody's, so that people are told of them and asked whose they are;
    rooms above say of their own which are not."""
    return not getattr(model, "never_given", False)


def drop_derived(customer: int) -> None:
    """Whatever follows from the rows of a profile that goes."""
    for model in apps.get_models():
        if is_derived(model):
            for field in model._meta.local_concrete_fields:
                if field.related_model is Customer:
                    model._base_manager.filter(**{field.name: customer}).delete()


@dataclass(frozen=True)
class Whose:
    """A column that refers to a customer; `field` is its name, as in `Suit.customer`."""

    model: type[models.Model]
    field: str

    @property
    def key(self) -> str:
        return f"{self.model._meta.label}.{self.field}"

    @property
    def attname(self) -> str:
        return str(self.model._meta.get_field(self.field).attname)  # type: ignore[union-attr]

    @property
    def is_unique(self) -> bool:
        """Whether two rows may not come together: moving needs to know what becomes of both."""
        meta = self.model._meta
        if getattr(meta.get_field(self.field), "unique", False):
            return True
        together = [set(group) for group in meta.unique_together]
        together += [_names(c) for c in meta.constraints if isinstance(c, models.UniqueConstraint)]
        return any(self.field in group for group in together)

    @property
    def is_checked(self) -> bool:
        """Whether a constraint compares the column with others."""
        return any(
            self.field in str(c.condition)
            for c in self.model._meta.constraints
            if isinstance(c, models.CheckConstraint)
        )


def _names(constraint: models.UniqueConstraint) -> set[str]:
    found = set(constraint.fields)
    expressions: list[Any] = list(constraint.expressions)
    for expression in expressions:
        found |= {e.name for e in expression.flatten() if hasattr(e, "name")}
    return found


@cache
def columns() -> tuple[Whose, ...]:
    """Every such column of rooms and packs; tables between two are tables too."""
    return tuple(_columns())


def _columns() -> Iterator[Whose]:
    for model in apps.get_models(include_auto_created=True):
        kept_elsewhere = issubclass(model, History) or model._meta.proxy or not model._meta.managed
        if kept_elsewhere or is_derived(model):
            continue
        for field in model._meta.local_concrete_fields:
            if field.related_model is Customer:
                yield Whose(model, field.name)


def tables() -> list[type[models.Model]]:
    """The tables that have such a column, each once."""
    return list(dict.fromkeys(one.model for one in columns()))


@cache
def is_pair(model: type[models.Model]) -> bool:
    """Whether its rows are about two customers, who stand in the order of their ids."""
    return {one.field for one in columns() if one.model is model} == {"customer", "other"}


def paired(row: Mapping[str, Any], of: int, into: int) -> dict[str, Any]:
    """The two columns, once the one is the other."""
    two = (into if row[column] == of else row[column] for column in PAIR)
    return dict(zip(PAIR, sorted(two), strict=True))


def referring(model: type[models.Model]) -> list[Any]:
    """The columns of other tables that refer to rows of this one."""
    return [
        relation.field
        for relation in model._meta.related_objects
        if relation.field.concrete
        and not relation.many_to_many
        and not issubclass(relation.related_model, History)
    ]

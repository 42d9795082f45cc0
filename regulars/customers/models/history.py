"""Every row of the record as it ever was, kept by triggers: who, when and why beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

import pghistory
import pghistory.models
from django.apps import apps
from django.db import models
from pghistory.config import ContextJSONField, ContextUUIDField

from regulars.timeline.kinds import Shelf

M = TypeVar("M", bound=models.Model)


class History(pghistory.models.Event):
    """One writing of one row: what it was afterwards, or last, when it was deleted.

    `pgh_context` says by whom (`user`), how and why; see `history.context`.
    """

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Kept:
    """A model that is kept, and how its rows are told of.

    `customer` is the column that says whose row it is; `named` what a row is called by, the first
    that says something; `of` the column with the contact it belongs to; `hidden` columns follow
    from others. What was said in a row whose `taken_back` is set is told as `unsaid`.
    """

    model: type[models.Model]
    customer: str
    label: str
    named: tuple[str, ...]
    of: str
    hidden: frozenset[str]
    shelf: Shelf
    taken_back: str = ""
    unsaid: Mapping[str, object] = field(default_factory=dict)

    @property
    def history(self) -> type[models.Model]:
        return apps.get_model(self.model._meta.app_label, f"{self.model.__name__}History")


_kept: dict[type[models.Model], Kept] = {}


def kept(
    *,
    exclude: tuple[str, ...] = (),
    customer: str = "customer",
    label: str = "",
    named: tuple[str, ...] = (),
    of: str = "",
    hidden: tuple[str, ...] = (),
    shelf: Shelf = Shelf.CUSTOMER,
    taken_back: str = "",
    unsaid: Mapping[str, object] = MappingProxyType({}),
) -> Callable[[type[M]], type[M]]:
    """Keep every insert, change and deletion of this model's rows in `<Model>History`.

    `exclude` are columns whose changes are no edits. `customer` is the column that says whose row
    it is, which the history is found and erased by; "" for rows that belong to no customer.
    The others say how it is told: `label` ("Email"), `named` (("first_name last_name",)), `of` (the
    column of its contact), `hidden` (kept, but not told) and the `shelf` it stands on. Once the
    row says that it was `taken_back`, all of its past is told with what is `unsaid` in it.
    """

    def decorate(model: type[M]) -> type[M]:
        pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(exclude),
            model_name=f"{model.__name__}History",
            base_model=History,
            context_field=ContextJSONField(),
            context_id_field=ContextUUIDField(),
            meta={"indexes": list(_indexes(model, customer))},
        )(model)
        _kept[model] = Kept(
            model,
            customer,
            label or str(model._meta.verbose_name).capitalize(),
            named,
            of,
            frozenset(hidden),
            shelf,
            taken_back,
            unsaid,
        )
        return model

    return decorate


def _indexes(model: type[models.Model], customer: str) -> Iterator[models.Index]:
    """A customer's rows by the moment, and each row's own past."""
    name = f"{model.__name__.lower()}history"
    if customer:
        yield models.Index(fields=[customer, "pgh_created_at", "pgh_id"], name=f"{name}_when")
    yield models.Index(fields=["pgh_obj", "pgh_id"], name=f"{name}_of")


def keepings() -> Iterator[Kept]:
    """Everything that is kept, in the order in which it was said."""
    yield from _kept.values()


def histories() -> Iterator[tuple[type[models.Model], type[models.Model], str]]:
    """Each model that is kept, its history, and the column that says whose row it is."""
    for one in _kept.values():
        yield one.model, one.history, one.customer

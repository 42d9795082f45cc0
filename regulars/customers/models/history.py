"""Every row of the record as it ever was, kept by triggers: who, when and why beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pghistory
import pghistory.models
from django.apps import apps
from django.db import models
from pghistory.config import ContextJSONField, ContextUUIDField

M = TypeVar("M", bound=models.Model)


class History(pghistory.models.Event):
    """One writing of one row: what it was afterwards, or last, when it was deleted.

    `pgh_context` says by whom (`user`), how and why; see `history.context`.
    """

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


_kept: dict[type[models.Model], str] = {}


def kept(
    *, exclude: tuple[str, ...] = (), customer: str = "customer"
) -> Callable[[type[M]], type[M]]:
    """Keep every insert, change and deletion of this model's rows in `<Model>History`.

    `exclude` are columns whose changes are no edits. `customer` is the column that says whose row
    it is, which the history is found and erased by; "" for rows that belong to no customer.
    """

    def decorate(model: type[M]) -> type[M]:
        name = f"{model.__name__}History"
        first = [customer] if customer else ["pgh_obj"]
        pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(exclude),
            model_name=name,
            base_model=History,
            context_field=ContextJSONField(),
            context_id_field=ContextUUIDField(),
            meta={"indexes": [models.Index(fields=[*first, "pgh_id"], name=f"{name.lower()}_of")]},
        )(model)
        _kept[model] = customer
        return model

    return decorate


def histories() -> Iterator[tuple[type[models.Model], type[models.Model], str]]:
    """Each model that is kept, its history, and the column that says whose row it is."""
    for model, customer in _kept.items():
        name = f"{model.__name__}History"
        yield model, apps.get_model(model._meta.app_label, name), customer

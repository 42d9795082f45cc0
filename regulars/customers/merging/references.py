"""References of rows that come back: to what is here, and to whom those live on in who are not."""

from __future__ import annotations

from typing import Any

from django.db import models

from regulars.customers.models import Customer

from .chain import Row
from .journal import delete, fields_of, raw
from .memory import Adopted, holders, lives_in
from .whose import PAIR, is_pair, paired, tables


class References:
    """Of the rows of one profile, whose key is `pk`.

    `adopted` are those that name somebody who lives on in another one.
    """

    def __init__(self, pk: int) -> None:
        self.pk = pk
        self.adopted: list[Adopted] = []
        self._waiting: list[tuple[type[models.Model], Any, Any]] = []

    def sound(self, model: type[models.Model], row: Row) -> dict[str, Any]:
        """The row with references only to what is there: a merged customer is the one they are
        now, and what is gone is nothing. What it hangs on may yet come back."""
        pk = row[str(model._meta.pk.column)]
        found = self.sound_values(model, pk, row, waits=True)
        if is_pair(model) and None not in (found[column] for column in PAIR):
            found |= paired(found, self.pk, self.pk)
        return found

    def sound_values(
        self, model: type[models.Model], pk: Any, values: Row, *, waits: bool = False
    ) -> dict[str, Any]:
        """The same of some columns of a row; with `waits` what it hangs on may yet come back. A
        column that would have to say nothing, and cannot, is left out."""
        found = dict(values)
        for field in fields_of(model):
            target, value = field.related_model, found.get(field.column)
            if value is None or target is None or isinstance(target, str):
                continue
            if target._base_manager.filter(pk=value).exists():
                continue
            if target is Customer:
                found[field.column] = now = self._instead(value)
                itself = model is Customer and pk in holders(value)
                if itself:
                    found[field.column] = None
                if now is not None or itself:
                    self.adopted.append(Adopted(model, pk, field.column, value))
            elif waits and target in tables() and not field.null:
                self._waiting.append((model, pk, field))
            elif waits or field.null:
                found[field.column] = None
            else:
                del found[field.column]
        return found

    def _instead(self, customer: int) -> int | None:
        now = lives_in(customer)
        return None if now == self.pk else now

    def let_go(self) -> None:
        """What hung on a row that somebody has deleted since has gone with it."""
        for model, pk, field in self._waiting:
            value = raw(model, [pk]).get(pk, {}).get(field.column)
            if value is not None and not field.related_model._base_manager.filter(pk=value):
                delete(model, pk)

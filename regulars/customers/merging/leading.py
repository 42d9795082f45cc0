"""Which contact and which place lead, while some of them leave: one of each, at every moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from regulars.customers.models import ChangeKind, Contact, Customer, Location, MergeChange

from .journal import label

LED: tuple[type[models.Model], ...] = (Contact, Location)


class Leads:
    """`led` says of rows that leave or come back whether they led there."""

    def __init__(self, stays: Customer) -> None:
        self.stays = stays
        self.led: dict[tuple[type[models.Model], Any], bool] = {}

    def step_back(self, own: Sequence[MergeChange]) -> None:
        """Of what goes nothing leads while it moves; who led before will lead again."""
        for model in LED:
            going = {
                pk
                for c in own
                if c.model == label(model) and c.kind == ChangeKind.MOVE
                for pk in c.ids
            }
            lead = model._base_manager.filter(customer=self.stays, is_primary=True)
            for pk in lead.values_list("pk", flat=True):
                if pk in going:
                    self.led.setdefault((model, pk), True)
                    model._base_manager.filter(pk=pk).update(is_primary=False)

    def again(self, leaves: int) -> None:
        """With both customers whoever led leads, where nothing does."""
        for model in LED:
            for customer in (leaves, self.stays.pk):
                rows = model._base_manager.filter(customer=customer)
                if rows.filter(is_primary=True).exists():
                    continue
                led = [pk for (m, pk), was in self.led.items() if m is model and was]
                heir = rows.filter(pk__in=led).order_by("pk").first()
                if heir is not None:
                    model._base_manager.filter(pk=heir.pk).update(is_primary=True)

"""One customer as the list, the queue and the panel draw them: a card, read at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import cached_property

from regulars.customers.cards import Card
from regulars.timeline.thresholds import ageing

from . import ways
from .acts import acts
from .marks import Mark, mark

if TYPE_CHECKING:
    from markupsafe import Markup

    from regulars.customers.models import Customer
    from regulars.staff.models import User
    from regulars.timeline.freshness import Ageing

ONE_LINE = 160


@dataclass(frozen=True)
class Row:
    """A card with its mark, and whether this reader has seen the latest."""

    card: Card
    mark: Mark
    unread: bool
    owner_online: bool

    @property
    def customer(self) -> Customer:
        return self.card.customer

    @cached_property
    def id(self) -> str:
        return str(self.card.customer.public_id)

    @cached_property
    def url(self) -> str:
        """The customer's page, as `get_absolute_url` has it."""
        return f"{_customers()}{self.id}/"

    @cached_property
    def buttons(self) -> list[ways.Button]:
        return ways.buttons(self.card)

    @property
    def best(self) -> ways.Button | None:
        return next((button for button in self.buttons if button.way.best), None)

    @property
    def best_first(self) -> list[ways.Button]:
        return sorted(self.buttons, key=lambda button: not button.way.best)

    @property
    def advice(self) -> list[str]:
        return ways.advice(self.card)

    def acts(self, may_assign: bool) -> Markup:
        """The buttons of this row, drawn."""
        return acts(self, may_assign=may_assign)

    @cached_property
    def why(self) -> str:
        """Why now, on one line."""
        text = " ".join(self.card.why.split())
        return text if len(text) <= ONE_LINE else text[: ONE_LINE - 1].rstrip() + "…"

    @property
    def because(self) -> str:
        """What they did, as a sentence: “Asked about the Highlander, and nobody has answered.”"""
        asked = self.card.asked
        if asked is None:
            return ""
        nobody = " Nobody owns them yet." if self.customer.owner is None else ""
        return f"{asked.sentence}, and nobody has answered yet.{nobody}"


@cache
def _customers() -> str:
    """Looked up once: `reverse` fifty times over is a tenth of the list's whole work."""
    return reverse("desk:customers")


def row(card: Card, user: User, now: datetime) -> Row:
    return rows([card], user, now)[0]


def rows(cards: Iterable[Card], user: User, now: datetime) -> list[Row]:
    limits, joined_at = ageing(), user.created_at
    return [_row(card, joined_at, now, limits) for card in cards]


def _row(card: Card, joined_at: datetime, now: datetime, limits: Ageing) -> Row:
    customer = card.customer
    owner = customer.owner
    return Row(
        card,
        mark(customer.waiting_since, customer.last_activity_at, now, limits),
        card.is_unread(joined_at),
        owner is not None and owner.is_online(now),
    )

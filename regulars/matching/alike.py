"""Somebody who is here already, in the words in which every face says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regulars.customers.cards import Card
from regulars.customers.deck import cards
from regulars.customers.models import Customer

from .looking import Candidate, Nearer
from .relations import Relation

if TYPE_CHECKING:
    from regulars.staff.models import User

SURE = 10.0  # bits: a thousand to one
LIKELY, VERY_LIKELY = "Likely the same", "Very likely the same"
WORDS = {
    Relation.HOUSEHOLD: "Perhaps family",
    Relation.COLLEAGUE: "Perhaps a colleague",
    Relation.REVIEW: "Have a look",
    Relation.NONE: "",
}


def words(relation: Relation, weight: float) -> str:
    """What the two probably are to each other; "" for two who only share a way to be reached."""
    return WORDS.get(relation, VERY_LIKELY if weight >= SURE else LIKELY)


@dataclass(frozen=True)
class Alike:
    """`words` say what they probably are, `reasons` why, each with its bits.

    Without `words` they are reached the same way, and that is all.
    """

    customer: Customer
    words: str
    reasons: Sequence[str]
    card: Card | None = None


def drawn(user: User, found: Iterable[Candidate]) -> list[Alike]:
    """Those whom `user` may see, with their cards."""
    found = list(found)
    there = {card.customer.pk: card for card in cards(user, [one.customer for one in found])}
    cards_of = [(one, there[one.customer]) for one in found if one.customer in there]
    return [_named(one, card.customer, card) for one, card in cards_of]


def hinted(found: Nearer) -> list[Alike]:
    """The same, where a change brought them up: who is only reached so is not called alike."""
    ids = [one.customer for one in (*found.like, *found.reached)]
    there = Customer.objects.in_bulk(ids) if ids else {}
    like = [_named(one, there[one.customer]) for one in found.like if one.customer in there]
    rest = [there[one.customer] for one in found.reached if one.customer in there]
    return [*like, *(Alike(customer, "", ()) for customer in rest)]


def _named(one: Candidate, customer: Customer, card: Card | None = None) -> Alike:
    reasons = [reason.shown for reason in one.judged.reasons]
    return Alike(customer, words(one.judged.relation, one.judged.weight), reasons, card)

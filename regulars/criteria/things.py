"""The socket for things a customer has (a lease, an order), each with fields of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from regulars.lib.registry import Registry

if TYPE_CHECKING:
    from regulars.criteria.fields import CustomerField


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of which a customer has any number: `has suit(colour:navy and price > 500)`.

    `rows` gives a fresh queryset of them all, `customer` is its column that says whose each is,
    and `fields` are made with `kinds` as for a customer, about a row of it. The label is one of
    them in plain words (“Suit”), `plural` many (default: with an s); fields read well after
    “whose” (a date after the thing itself: “a suit *ready* in the last 7 days”). `moment` is the
    key of the date that “no suit for 60 days” is about.
    """

    key: str
    label: str
    rows: Callable[[], QuerySet[Any]]
    fields: "tuple[CustomerField, ...]"
    customer: str = "customer"
    aliases: tuple[str, ...] = ()
    plural: str = ""
    moment: str = ""

    def __post_init__(self) -> None:
        plain = self.key.isidentifier() and self.key.isascii() and self.key == self.key.lower()
        if not plain or self.key in ARTICLES:
            raise ValueError(f"A thing cannot be called “{self.key}”")

    @property
    def noun(self) -> str:
        """In the middle of a sentence: “suit”, but “RO”."""
        return self.label if self._spelled_out else self.label[:1].lower() + self.label[1:]

    @property
    def many(self) -> str:
        """“suits” after a number."""
        return self.plural or f"{self.noun}s"

    @property
    def one(self) -> str:
        """“a suit”, “an order”, “an RO”."""
        vowels = "AEFHILMNORSX" if self._spelled_out else "AEIOU"
        return f"{'an' if self.label[:1].upper() in vowels else 'a'} {self.noun}"

    @property
    def _spelled_out(self) -> bool:
        return self.label[1:2].isupper()


ARTICLES = ("a", "an", "any", "no")

things: Registry[Thing] = Registry("things")

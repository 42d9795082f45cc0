"""The `note_details` socket: what a trade wants said with every note, such as its season."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from regulars.lib.registry import Registry

if TYPE_CHECKING:
    from regulars.customers.models import Customer
    from regulars.staff.models import User

Choices = Sequence[tuple[str, str]]
T = TypeVar("T")


class Asked:
    """One colleague being asked for a note's details, and what was read for it meanwhile.

    `customer` is whom the note is about, None where the notes of many are read.
    """

    def __init__(self, user: User, customer: Customer | None = None) -> None:
        self.user = user
        self.customer = customer
        self._known: dict[str, Any] = {}

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What `read` answers, asked for once however many details need it."""
        if name not in self._known:
            self._known[name] = read()
        found: T = self._known[name]
        return found


def _nothing(asked: Asked) -> str:
    return ""


@dataclass(frozen=True)
class NoteDetail:
    """One choice that stands beside a note's type.

    `choices(asked)` are (value, label) pairs, none where it is not asked of this customer;
    `default(asked)` is what a new note begins with.
    The value is kept with the note under `key`, its label stands in the event's data. `refers` is
    the model whose ids the values are, by whose name the history tells them.
    """

    key: str
    label: str
    choices: Callable[[Asked], Choices]
    default: Callable[[Asked], str] = _nothing
    refers: str = ""


note_details: Registry[NoteDetail] = Registry("note_details")


@dataclass(frozen=True)
class Offer:
    """A detail as one colleague is asked for it."""

    key: str
    label: str
    choices: Choices
    default: str

    def value(self, said: str) -> str | None:
        """The value meant by a value or a label; "" for none, None for an unknown one."""
        wanted = said.strip().lower()
        if not wanted:
            return ""
        found = (v for v, label in self.choices if wanted in (v.lower(), label.lower()))
        return next(found, None)

    def label_of(self, value: str) -> str:
        return next((label for v, label in self.choices if v == value), "")


def offers(user: User, customer: Customer | None = None) -> list[Offer]:
    """Every detail the installed packs ask for, of this customer or of anybody."""
    asked = Asked(user, customer)
    return [Offer(d.key, d.label, d.choices(asked), d.default(asked)) for d in note_details]


def labels(asked: Sequence[Offer], values: Mapping[str, str]) -> dict[str, str]:
    """Key → label of these values; a value that is no longer offered is left out."""
    found = {offer.key: offer.label_of(values.get(offer.key, "")) for offer in asked}
    return {key: label for key, label in found.items() if label}

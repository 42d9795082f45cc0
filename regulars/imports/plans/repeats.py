"""Who stands in a file a second time: by their number, or by an address that is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern

from regulars.imports.options import UPDATE, Options
from regulars.imports.reading.table import Record
from regulars.imports.rows import CustomerDraft
from regulars.lib import emails
from regulars.lib import names as naming

from .others import Name, are_others, names
from .seen import Seen

MOST = 8
"""People of one address; a file in which there are more has no addresses there."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a record is about; `said` is a number for all that it says."""

    number: int
    said: int
    names: tuple[Name, ...]


@dataclass(frozen=True)
class Repeat:
    """The record that was about the same customer; `target` is what the two share."""

    number: int
    target: str
    says_the_same: bool


class Repeats:
    """Remembers a file as it is read, in numbers and the names of who has an address."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.numbers = Seen()
        self.people: dict[int, tuple[Person, ...]] = {}

    def before(self, record: Record, draft: CustomerDraft) -> Repeat | None:
        """None for whom nobody before is: people of one address are told apart by first name,
        unless they are to be updated all the same."""
        said = tuple(record.cells)
        first = self.numbers.before(draft.key, said, record.number)
        if first is not None:
            return Repeat(first[0], "external_id", first[1])
        addresses = self._addresses(draft)
        if not addresses:
            return None
        who = Person(record.number, hash(said), self._names(draft))
        for target, address in addresses:
            one = self._met(hash((target, address)), who)
            if one is not None:
                return Repeat(one.number, target, one.said == who.said)
        return None

    def others(self, record: Record, draft: CustomerDraft) -> tuple[str, list[str]]:
        """By which address it is, and what those are called who had it before."""
        for target, address in self._addresses(draft):
            there = self.people.get(hash((target, address)), ())
            if found := [_called(one) for one in there if one.number < record.number]:
                return target, found
        return "", []

    def _met(self, place: int, who: Person) -> Person | None:
        there = self.people.get(place, ())
        if any(one.number == who.number for one in there):
            return None
        for one in there:
            if len(there) == MOST or not (one.names and are_others(who.names, one.names)):
                return one
        self.people[place] = (*there, who)
        return None

    def _names(self, draft: CustomerDraft) -> tuple[Name, ...]:
        if self.options.other_name == UPDATE:
            return ()
        # A million rows have few names: each is kept once.
        return tuple((intern(first), intern(last)) for first, last in names(draft.facts))

    def _addresses(self, draft: CustomerDraft) -> Sequence[tuple[str, str]]:
        """Those by which a row finds its customer."""
        if draft.has_own_number or draft.public_id is not None:
            return ()
        found = {"email": [emails.normal(one) for one in draft.emails], "phone": draft.phones}
        return [(target, one) for target in self.options.match for one in found[target]]


def _called(one: Person) -> str:
    return naming.person(*one.names[0])

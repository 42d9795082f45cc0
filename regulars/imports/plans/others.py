"""People who share an address are told apart by their first names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regulars.customers.facts import CustomerFacts
from regulars.customers.models import Customer
from regulars.matching.features import features
from regulars.matching.levels import FIRST
from regulars.matching.looking import of_facts

Name = tuple[str, str]
"""First and last."""


def is_another(row: CustomerFacts, customer: Customer) -> bool:
    """Whether the row is about a person, and all whom we know there have another first name.

    Nicknames, initials, slips of the pen and names in the wrong order contradict nothing; neither
    does a company, whose people are many.
    """
    return not customer.is_company and are_others(names(row), _names(customer))


def are_others(said: Sequence[Name], known: Iterable[Name]) -> bool:
    """The same of names: whose record it is comes first; of a company there are none."""
    return bool(said) and all(_differ(said[0], one) for one in known)


def names(row: CustomerFacts) -> tuple[Name, ...]:
    """By which a row's person is told apart, with those of their contacts."""
    if row.is_company or not row.first_name:
        return ()
    own = (row.first_name, row.last_name)
    contacts = [(one.first_name, one.last_name) for one in row.contacts if one.first_name]
    return tuple(dict.fromkeys([own, *contacts]))


def _names(customer: Customer) -> Iterable[Name]:
    yield customer.first_name, customer.last_name
    for contact in customer.contacts.all():
        if contact.first_name:
            yield contact.first_name, contact.last_name


def _differ(one: Name, other: Name) -> bool:
    said, known = (
        features(of_facts(CustomerFacts(first_name=first, last_name=last)))
        for first, last in (one, other)
    )
    at = FIRST.level(said, known)
    return at >= 0 and FIRST.levels[at].key == "other"

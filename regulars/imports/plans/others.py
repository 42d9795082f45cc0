"""People who share an address are told apart by their first names."""

from __future__ import annotations

from collections.abc import Iterable

from regulars.customers.facts import CustomerFacts
from regulars.customers.models import Customer
from regulars.matching.features import features
from regulars.matching.levels import FIRST
from regulars.matching.looking import of_facts


def is_another(row: CustomerFacts, customer: Customer) -> bool:
    """Whether the row is about a person, and all whom we know there have another first name.

    Nicknames, initials, slips of the pen and names in the wrong order contradict nothing; neither
    does a company, whose people are many.
    """
    if row.is_company or customer.is_company or not row.first_name:
        return False
    return all(_differ(row, *names) for names in _names(customer))


def _names(customer: Customer) -> Iterable[tuple[str, str]]:
    yield customer.first_name, customer.last_name
    for contact in customer.contacts.all():
        if contact.first_name:
            yield contact.first_name, contact.last_name


def _differ(row: CustomerFacts, first_name: str, last_name: str) -> bool:
    said = CustomerFacts(first_name=row.first_name, last_name=row.last_name)
    known = CustomerFacts(first_name=first_name, last_name=last_name)
    at = FIRST.level(features(of_facts(said)), features(of_facts(known)))
    return at >= 0 and FIRST.levels[at].key == "other"

"""What a file says about a customer, laid over what is known: adds and corrects, never erases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from regulars.customers.actions.contact_rows import COLUMNS, contact_facts
from regulars.customers.actions.locations import COLUMNS as LOCATION
from regulars.customers.actions.locations import location_facts
from regulars.customers.facts import (
    ContactFacts,
    CustomerFacts,
    LocationFacts,
)
from regulars.customers.models import Customer
from regulars.imports.rows import CustomerDraft
from regulars.lib import emails, names

PERSON = [key for key in COLUMNS if key not in ("first_name", "last_name")]


def facts_of(customer: Customer) -> CustomerFacts:
    """What is known of a customer, from rows already fetched."""
    return CustomerFacts(
        first_name=customer.first_name,
        last_name=customer.last_name,
        company=customer.company,
        type=customer.type,
        source=customer.source,
        source_other=customer.source_other,
        tags=tuple(tag.name for tag in customer.tags.all()),
        contacts=tuple(contact_facts(contact) for contact in customer.contacts.all()),
        locations=tuple(location_facts(place) for place in customer.locations.all()),
        external_ids=tuple((one.system, one.value) for one in customer.external_ids.all()),
    )


def merged(known: CustomerFacts, draft: CustomerDraft) -> tuple[CustomerFacts, tuple[str, ...]]:
    """The facts as they should be, and the names of the fields that differ."""
    new = draft.facts
    wanted = replace(
        known,
        **{
            key: getattr(new, key)
            for key in (
                ("company",) if known.is_company else ("first_name", "last_name", "company")
            )
            if getattr(new, key)
        },
    )
    if "type" in draft.said:
        wanted = replace(wanted, type=new.type)
    if "source" in draft.said:
        wanted = replace(wanted, source=new.source, source_other=new.source_other)
    wanted = replace(
        wanted,
        tags=_united(known.tags, new.tags),
        contacts=_contacts(known, wanted, new.contacts),
        locations=_locations(known.locations, new.locations),
        external_ids=_numbered(known.external_ids, draft),
    )
    fields = tuple(
        key
        for key in CustomerFacts.__dataclass_fields__
        if getattr(wanted, key) != getattr(known, key)
    )
    return wanted, fields


def _united(known: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    there = {name.lower() for name in known}
    return known + tuple(name for name in new if name.lower() not in there)


def _numbered(
    known: tuple[tuple[str, str], ...], draft: CustomerDraft
) -> tuple[tuple[str, str], ...]:
    """A number of its own is added; the memory of a row without one stays with whom it made."""
    if not draft.has_own_number or any(system == draft.key[0] for system, _ in known):
        return known
    return (*known, draft.key)


def _contacts(
    known: CustomerFacts, wanted: CustomerFacts, new: Sequence[ContactFacts]
) -> tuple[ContactFacts, ...]:
    contacts = list(known.contacts)
    if not known.is_company:
        contacts = [
            replace(one, first_name=wanted.first_name, last_name=wanted.last_name)
            if one.primary and _same_person(one, known)
            else one
            for one in contacts
        ]
    for said in new:
        at = _place(contacts, said)
        if at is None:
            contacts.append(replace(said, primary=not contacts))
        else:
            contacts[at] = _filled(contacts[at], said)
    return tuple(contacts)


def _same_person(contact: ContactFacts, customer: CustomerFacts) -> bool:
    return (contact.first_name, contact.last_name) == (customer.first_name, customer.last_name)


def _place(contacts: Sequence[ContactFacts], said: ContactFacts) -> int | None:
    """Who is meant: the one of the same name; without a name, the primary contact."""
    name = names.fold(names.person(said.first_name, said.last_name))
    for at, one in enumerate(contacts):
        same = names.fold(names.person(one.first_name, one.last_name)) == name
        if same or (not name and one.primary):
            return at
    return None


def _filled(contact: ContactFacts, said: ContactFacts) -> ContactFacts:
    there = {emails.normal(one.address) for one in contact.emails}
    numbers = {one.number.digits for one in contact.phones}
    return replace(
        contact,
        **{key: getattr(said, key) or getattr(contact, key) for key in PERSON},
        emails=contact.emails
        + tuple(one for one in said.emails if emails.normal(one.address) not in there),
        phones=contact.phones
        + tuple(one for one in said.phones if one.number.digits not in numbers),
    )


def _locations(
    known: tuple[LocationFacts, ...], new: tuple[LocationFacts, ...]
) -> tuple[LocationFacts, ...]:
    """The primary place is corrected by what the file says, unless another says it already."""
    if not new:
        return known
    if not known:
        return new
    said = _said(new[0])
    if not _there(known, new[0]):
        known = tuple(replace(place, **said) if place.primary else place for place in known)
    more = [replace(place, primary=False) for place in new[1:] if not _there(known, place)]
    return (*known, *more)


def _said(place: LocationFacts) -> dict[str, Any]:
    return {key: getattr(place, key) for key in LOCATION if getattr(place, key)}


def _there(known: Sequence[LocationFacts], place: LocationFacts) -> bool:
    said = _said(place).items()
    return any(all(getattr(one, key) == text for key, text in said) for one in known)

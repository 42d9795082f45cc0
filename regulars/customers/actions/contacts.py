"""Contacts and how to reach them: rows of their own, exactly one contact primary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from regulars.customers.facts import ContactFacts
from regulars.customers.history.context import act
from regulars.customers.models import Contact, Customer
from regulars.lib import clock, names
from regulars.lib.errors import Invalid

from .contact_rows import contact_facts, hear, named, step_back, write_one
from .ledger import Ledger
from .rows import rewrite
from .touched import changing

if TYPE_CHECKING:
    from regulars.staff.models import User

NOBODY = "A contact needs a name, an email or a phone"


def write(row: Contact, facts: ContactFacts, by: User | None) -> bool:
    """One contact with the evidence of what it says; whether anything changed."""
    ledger = Ledger.of(row.customer, by=by)
    hear(ledger, [(row.customer, facts)], clock.now())
    changed = write_one(row, facts, ledger)
    changed |= ledger.write()
    ledger.settle()
    return changed


def add_contact(customer: Customer, facts: ContactFacts, *, by: User | None) -> Contact:
    """Another person to reach; the first one, or one that claims it, becomes primary."""
    if not facts.says_something:
        raise Invalid({"first_name": NOBODY})
    refuse_twice(facts)
    with changing(customer, by=by) as change:
        first = not customer.contacts.exists()
        if facts.primary and not first:
            step_back(customer, None)
        contact = Contact.objects.create(
            customer=customer, is_primary=first or facts.primary, **named(facts)
        )
        write(contact, replace(facts, primary=contact.is_primary), by)
        change.added(f"contact {contact.name}".strip())
    return contact


def change_contact(contact: Contact, facts: ContactFacts, *, by: User | None) -> None:
    """Set what is known of a contact; the primary stays primary until another one claims it."""
    if not facts.says_something:
        raise Invalid({"first_name": NOBODY})
    customer = contact.customer
    with changing(customer, by=by, of=contact) as change:
        contact.refresh_from_db()
        customer = Customer.objects.get_queryset().get(pk=customer.pk)
        refuse_twice(facts, contact_facts(contact))
        themselves = are_themselves(contact, customer)
        if facts.primary and not contact.is_primary:
            step_back(customer, contact.pk)
        if not write(contact, replace(facts, primary=contact.is_primary or facts.primary), by):
            return
        if themselves and contact.name:
            rename_customer(customer, contact)
        change.said(f"contact {contact.name}".strip())


def refuse_twice(after: ContactFacts, before: ContactFacts | None = None) -> None:
    """Nothing stands more often than once, or than it did before."""
    if twice := after.said_twice(before.lines if before else ()):
        raise Invalid(twice)


def are_themselves(contact: Contact, customer: Customer) -> bool:
    """Whether a person's primary contact is that person, and not their spouse."""
    named = (contact.first_name, contact.last_name)
    own = named == (customer.first_name, customer.last_name)
    return contact.is_primary and not customer.is_company and own


def rename_customer(customer: Customer, contact: Contact) -> None:
    """A person is their own primary contact: the two names are one."""
    Customer.objects.filter(pk=customer.pk).update(
        first_name=contact.first_name,
        last_name=contact.last_name,
        name=contact.name[:200],
        sort_name=names.fold(f"{contact.last_name} {contact.first_name}"),
    )


def rename_themselves(customer: Customer, changes: Mapping[str, object]) -> None:
    """The other way round: a person's new name is their own contact's; a spouse's stays."""
    named = {k: v for k, v in changes.items() if k in ("first_name", "last_name")}
    if named:
        customer.contacts.filter(
            is_primary=True, first_name=customer.first_name, last_name=customer.last_name
        ).update(**named)


def remove_contact(contact: Contact, *, by: User | None) -> str:
    """Take a contact away; the next one becomes primary. A person keeps their last one.

    Answers the act, for `bring_back`.
    """
    customer = contact.customer
    with changing(customer, by=by, of=contact) as change:
        others = customer.contacts.exclude(pk=contact.pk)
        if not customer.is_company and not others.exists():
            raise Invalid({"contact": "A person keeps at least one contact: themselves"})
        was_primary, name = contact.is_primary, contact.name
        contact.delete()
        heir = others.order_by("id").first() if was_primary else None
        if heir:
            rewrite(heir, {"is_primary": True})
        change.removed(f"contact {name}".strip())
        return act()

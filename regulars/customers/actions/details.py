"""Contacts and places: rows of their own, exactly one of each kind primary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db import transaction

from regulars.customers.facts import (
    ContactFacts,
    CustomerFacts,
    EmailFacts,
    LocationFacts,
    PhoneFacts,
)
from regulars.customers.models import Contact, Customer, Email, Location, Phone
from regulars.lib import clock, emails, names
from regulars.lib.errors import Invalid
from regulars.lib.phones import Number
from regulars.timeline import actions as timeline

if TYPE_CHECKING:
    from regulars.staff.models import User


def people_of(ids: Sequence[int]) -> list[tuple[int, str, str]]:
    return list(
        Contact.objects.filter(customer__in=ids).values_list(
            "customer_id", "first_name", "last_name"
        )
    )


def write_many(pairs: Sequence[tuple[Customer, CustomerFacts]]) -> None:
    """Contacts with their addresses and numbers, and places, of customers that have none yet."""
    contacts = [(c, f) for customer, facts in pairs for c, f in _rows(customer, facts.contacts)]
    Contact.objects.bulk_create(c for c, _ in contacts)
    write_reach(contacts, from_the_start=True)
    Location.objects.bulk_create(
        _location(customer, place) for customer, facts in pairs for place in facts.locations
    )


def _rows(customer: Customer, wanted: Sequence[ContactFacts]) -> list[tuple[Contact, ContactFacts]]:
    return [
        (
            Contact(
                customer=customer,
                first_name=facts.first_name,
                last_name=facts.last_name,
                title=facts.title,
                is_primary=facts.primary,
            ),
            facts,
        )
        for facts in wanted
    ]


def write_contacts(customer: Customer, wanted: Sequence[ContactFacts]) -> bool:
    """Make these the customer's contacts, in this order; whether anything changed."""
    if contacts_of(customer) == list(wanted):
        return False
    known = known_since(customer)
    customer.contacts.all().delete()
    contacts = _rows(customer, wanted)
    Contact.objects.bulk_create(c for c, _ in contacts)
    write_reach(contacts, known)
    return True


Known = Mapping[tuple[str, str, str], datetime | None]


def known_since(customer: Customer) -> Known:
    """Since when each address is said to be what it is: writing it anew keeps the date."""
    known: dict[tuple[str, str, str], datetime | None] = {}
    for e in customer.emails.all():
        known["consent", e.normal, e.consent] = e.consent_at
        known["status", e.normal, e.status] = e.status_at
    for p in customer.phones.all():
        known["call", p.typed, p.call_consent] = p.call_consent_at
        known["text", p.typed, p.text_consent] = p.text_consent_at
        known["status", p.typed, p.status] = p.status_at
    return known


def write_reach(
    pairs: Sequence[tuple[Contact, ContactFacts]],
    known: Known = MappingProxyType({}),
    *,
    from_the_start: bool = False,
) -> None:
    """Emails and phones; what they agreed to holds since it is known, or since they came to us."""
    now = clock.now()

    def since(contact: Contact, what: str, address: str, said: str) -> datetime | None:
        if said == "unknown":
            return None
        at = contact.customer.created_at if from_the_start else now
        return known.get((what, address, said)) or at

    Email.objects.bulk_create(
        Email(
            customer_id=contact.customer_id,
            contact=contact,
            address=e.address,
            normal=emails.normal(e.address),
            label=e.label,
            status=e.status,
            consent=e.consent,
            consent_basis=e.consent_basis,
            consent_at=since(contact, "consent", emails.normal(e.address), e.consent),
            status_at=since(contact, "status", emails.normal(e.address), e.status),
            position=n,
        )
        for contact, facts in pairs
        for n, e in enumerate(facts.emails)
    )
    Phone.objects.bulk_create(
        Phone(
            customer_id=contact.customer_id,
            contact=contact,
            typed=p.number.typed,
            e164=p.number.e164,
            digits=p.number.digits[:40],
            extension=p.number.extension[:20],
            label=p.label,
            status=p.status,
            call_consent=p.call_consent,
            call_consent_at=since(contact, "call", p.number.typed, p.call_consent),
            text_consent=p.text_consent,
            text_consent_at=since(contact, "text", p.number.typed, p.text_consent),
            status_at=since(contact, "status", p.number.typed, p.status),
            position=n,
        )
        for contact, facts in pairs
        for n, p in enumerate(facts.phones)
    )


def contacts_of(customer: Customer) -> list[ContactFacts]:
    """The stored contacts as facts, primary first."""
    rows = customer.contacts.prefetch_related("emails", "phones").order_by("-is_primary", "id")
    return [
        ContactFacts(
            c.first_name,
            c.last_name,
            c.title,
            tuple(
                EmailFacts(e.address, e.label, e.status, e.consent, e.consent_basis)
                for e in c.emails.all()
            ),
            tuple(
                PhoneFacts(
                    Number(p.typed, p.e164, p.digits, p.extension),
                    p.label,
                    p.status,
                    p.call_consent,
                    p.text_consent,
                )
                for p in c.phones.all()
            ),
            c.is_primary,
        )
        for c in rows
    ]


def write_locations(customer: Customer, wanted: Sequence[LocationFacts]) -> bool:
    """Make these the customer's places; whether anything changed."""
    if locations_of(customer) == list(wanted):
        return False
    customer.locations.all().delete()
    Location.objects.bulk_create(_location(customer, facts) for facts in wanted)
    return True


def _location(customer: Customer, facts: LocationFacts) -> Location:
    return Location(customer=customer, is_primary=facts.primary, **_columns(facts))


def _columns(facts: LocationFacts) -> dict[str, str]:
    keys = ("name", "kind", "line1", "line2", "city", "state", "postal_code", "country")
    return {key: getattr(facts, key) for key in keys}


def locations_of(customer: Customer) -> list[LocationFacts]:
    return [
        LocationFacts(**_columns_of(row), primary=row.is_primary)
        for row in customer.locations.order_by("-is_primary", "id")
    ]


def _columns_of(row: Location) -> dict[str, str]:
    keys = ("name", "kind", "line1", "line2", "city", "state", "postal_code", "country")
    return {key: getattr(row, key) for key in keys}


def add_contact(customer: Customer, facts: ContactFacts, *, by: User | None) -> Contact:
    """Another person to reach; the first one, or one that claims it, becomes primary."""
    if not facts.says_something:
        raise Invalid({"first_name": "A contact needs a name, an email or a phone"})
    with transaction.atomic():
        _lock(customer)
        first = not customer.contacts.exists()
        if facts.primary and not first:
            customer.contacts.update(is_primary=False)
        contact = Contact.objects.create(
            customer=customer,
            first_name=facts.first_name,
            last_name=facts.last_name,
            title=facts.title,
            is_primary=first or facts.primary,
        )
        write_reach([(contact, facts)])
        _changed(customer, f"contact {contact.name}".strip(), by=by)
    return contact


def change_contact(contact: Contact, facts: ContactFacts, *, by: User | None) -> None:
    """Set what is known of a contact; the primary stays primary until another one claims it."""
    if not facts.says_something:
        raise Invalid({"first_name": "A contact needs a name, an email or a phone"})
    customer = contact.customer
    with transaction.atomic():
        _lock(customer)
        themselves = contact.is_primary and not customer.is_company
        if facts.primary and not contact.is_primary:
            customer.contacts.update(is_primary=False)
            contact.is_primary = True
        contact.first_name, contact.last_name = facts.first_name, facts.last_name
        contact.title = facts.title
        contact.save()
        known = known_since(customer)
        contact.emails.all().delete()
        contact.phones.all().delete()
        write_reach([(contact, facts)], known)
        if themselves and contact.name:
            _rename(customer, contact)
        _changed(customer, f"contact {contact.name}".strip(), by=by)


def _rename(customer: Customer, contact: Contact) -> None:
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


def remove_contact(contact: Contact, *, by: User | None) -> None:
    """Take a contact away; the next one becomes primary. A person keeps their last one."""
    customer = contact.customer
    with transaction.atomic():
        _lock(customer)
        others = customer.contacts.exclude(pk=contact.pk)
        if not customer.is_company and not others.exists():
            raise Invalid({"contact": "A person keeps at least one contact: themselves"})
        was_primary, name = contact.is_primary, contact.name
        contact.delete()
        if was_primary:
            heir = others.order_by("id").first()
            if heir:
                Contact.objects.filter(pk=heir.pk).update(is_primary=True)
        _changed(customer, f"contact {name} removed".replace("  ", " "), by=by)


def add_location(customer: Customer, facts: LocationFacts, *, by: User | None) -> Location:
    """Another place; the first one, or one that claims it, becomes primary."""
    if not any(_columns(facts).values()):
        raise Invalid({"line1": "A location needs at least one line"})
    with transaction.atomic():
        _lock(customer)
        first = not customer.locations.exists()
        if facts.primary and not first:
            customer.locations.update(is_primary=False)
        location = _location(customer, facts)
        location.is_primary = first or facts.primary
        location.save()
        _changed(customer, f"location {location.name}".strip(), by=by)
    return location


def change_location(location: Location, facts: LocationFacts, *, by: User | None) -> None:
    """Set a place's lines; it may claim to be primary, never give it up."""
    if not any(_columns(facts).values()):
        raise Invalid({"line1": "A location needs at least one line"})
    customer = location.customer
    with transaction.atomic():
        _lock(customer)
        if facts.primary and not location.is_primary:
            customer.locations.update(is_primary=False)
            location.is_primary = True
        for key, value in _columns(facts).items():
            setattr(location, key, value)
        location.save()
        _changed(customer, f"location {location.name}".strip(), by=by)


def remove_location(location: Location, *, by: User | None) -> None:
    """Take a place away; the next one becomes primary."""
    customer = location.customer
    with transaction.atomic():
        _lock(customer)
        was_primary = location.is_primary
        location.delete()
        heir = customer.locations.order_by("id").first()
        if was_primary and heir:
            Location.objects.filter(pk=heir.pk).update(is_primary=True)
        _changed(customer, "location removed", by=by)


def _lock(customer: Customer) -> None:
    Customer.objects.get_queryset().select_for_update(no_key=True).get(pk=customer.pk)


def _changed(customer: Customer, what: str, *, by: User | None) -> None:
    from .record import reindex, touch

    touch(customer)
    reindex([customer.pk])
    timeline.record(customer, "customer.changed", by=by, data={"fields": what})

"""Contacts and how to reach them: rows of their own, exactly one contact primary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from regulars.customers.facts import ContactFacts, EmailFacts, PhoneFacts
from regulars.customers.models import Contact, Customer, Email, Phone
from regulars.lib import clock, emails, names
from regulars.lib.errors import Invalid
from regulars.lib.phones import Number

from .pairing import paired
from .rows import rewrite
from .touched import changing

if TYPE_CHECKING:
    from regulars.staff.models import User

COLUMNS = ("first_name", "last_name", "title", "role", "language", "time_zone", "birthday", "about")
NOBODY = "A contact needs a name, an email or a phone"
# Since when a word holds: the time moves when the word does.
_SINCE = {
    "consent": "consent_at",
    "call_consent": "call_consent_at",
    "text_consent": "text_consent_at",
    "status": "status_at",
}


def people_of(ids: Sequence[int]) -> list[tuple[int, str, str]]:
    return list(
        Contact.objects.filter(customer__in=ids).values_list(
            "customer_id", "first_name", "last_name"
        )
    )


def contacts_of(customer: Customer) -> list[ContactFacts]:
    """The stored contacts as facts with their ids, primary first."""
    rows = customer.contacts.prefetch_related("emails", "phones").order_by("-is_primary", "id")
    return [contact_facts(row) for row in rows]


def contact_facts(row: Contact) -> ContactFacts:
    return ContactFacts(
        **{key: getattr(row, key) for key in COLUMNS},
        emails=tuple(
            EmailFacts(e.address, e.label, e.status, e.consent, e.consent_basis, e.pk)
            for e in row.emails.all()
        ),
        phones=tuple(
            PhoneFacts(
                Number(p.typed, p.e164, p.digits, p.extension),
                p.label,
                p.status,
                p.call_consent,
                p.text_consent,
                p.pk,
            )
            for p in row.phones.all()
        ),
        primary=row.is_primary,
        id=row.pk,
    )


# --- Writing rows


def write_new(
    pairs: Sequence[tuple[Customer, ContactFacts]], *, at: datetime | None = None
) -> None:
    """Contacts with their addresses and numbers, in a fixed number of statements.

    What they agreed to holds since `at`, or since their customer came to us.
    """
    contacts = Contact.objects.bulk_create(
        Contact(customer=customer, is_primary=facts.primary, **_named(facts))
        for customer, facts in pairs
    )
    both = [(contact, facts) for contact, (_, facts) in zip(contacts, pairs, strict=True)]
    Email.objects.bulk_create(
        Email(**_of(contact), **_dated(_email(e, n), None, at or contact.customer.created_at))
        for contact, facts in both
        for n, e in enumerate(facts.emails)
    )
    Phone.objects.bulk_create(
        Phone(**_of(contact), **_dated(_phone(p, n), None, at or contact.customer.created_at))
        for contact, facts in both
        for n, p in enumerate(facts.phones)
    )


def write_contacts(customer: Customer, wanted: Sequence[ContactFacts]) -> bool:
    """Make these the customer's contacts; whether anything changed. Kept ones keep their ids."""
    stored = contacts_of(customer)
    if stored == list(wanted):
        return False
    found = paired(wanted, stored, _name, _first_email, _first_number)
    kept = [s.id for s in found if s is not None and s.id is not None]
    customer.contacts.exclude(pk__in=kept).delete()
    step_back(
        customer, next((s.id for s, w in zip(found, wanted, strict=True) if s and w.primary), None)
    )
    rows = customer.contacts.in_bulk(kept)
    for want, have in zip(wanted, found, strict=True):
        if have is not None and have.id is not None:
            write_one(rows[have.id], want)
    new = [(customer, w) for w, s in zip(wanted, found, strict=True) if s is None]
    write_new(new, at=clock.now())
    return True


def write_one(row: Contact, facts: ContactFacts) -> bool:
    """Make this stored contact what the facts say; whether anything changed."""
    changed = rewrite(row, {**_named(facts), "is_primary": facts.primary})
    changed |= _write_reach(row, Email, facts.emails, _email, lambda e: emails.normal(e.address))
    changed |= _write_reach(row, Phone, facts.phones, _phone, lambda p: p.number.digits)
    return changed


def _write_reach(
    contact: Contact, model: Any, wanted: Sequence[Any], columns: Any, key: Any
) -> bool:
    rows = {row.pk: row for row in model.objects.filter(contact=contact)}
    stored = _stored(contact_facts(contact), model)
    found = paired(wanted, stored, key)
    gone = rows.keys() - {s.id for s in found if s is not None}
    if gone:
        model.objects.filter(pk__in=gone).delete()
    changed = bool(gone)
    for n, (want, have) in enumerate(zip(wanted, found, strict=True)):
        row = rows.get(have.id) if have is not None else None
        said = _dated(columns(want, n), row, clock.now())
        if row is None:
            model.objects.create(**_of(contact), **said)
            changed = True
        else:
            changed |= rewrite(row, said)
    return changed


def _stored(facts: ContactFacts, model: type[Any]) -> Sequence[Any]:
    return facts.emails if model is Email else facts.phones


def _name(facts: ContactFacts) -> tuple[str, str] | None:
    named = (facts.first_name.lower(), facts.last_name.lower())
    return named if any(named) else None


def _first_email(facts: ContactFacts) -> str:
    return emails.normal(facts.emails[0].address) if facts.emails else ""


def _first_number(facts: ContactFacts) -> str:
    return facts.phones[0].number.digits if facts.phones else ""


def step_back(customer: Customer, heir: int | None) -> None:
    """There is never a moment with two primary ones: the old one steps back first."""
    customer.contacts.filter(is_primary=True).exclude(pk=heir or 0).update(is_primary=False)


def _of(contact: Contact) -> dict[str, Any]:
    return {"customer_id": contact.customer_id, "contact": contact}


def _named(facts: ContactFacts) -> dict[str, str]:
    return {key: getattr(facts, key) for key in COLUMNS}


def _email(e: EmailFacts, position: int) -> dict[str, Any]:
    return {
        "address": e.address,
        "normal": emails.normal(e.address),
        "label": e.label,
        "status": e.status,
        "consent": e.consent,
        "consent_basis": e.consent_basis,
        "position": position,
    }


def _phone(p: PhoneFacts, position: int) -> dict[str, Any]:
    return {
        "typed": p.number.typed,
        "e164": p.number.e164,
        "digits": p.number.digits[:40],
        "extension": p.number.extension[:20],
        "label": p.label,
        "status": p.status,
        "call_consent": p.call_consent,
        "text_consent": p.text_consent,
        "position": position,
    }


def _dated(said: Mapping[str, Any], row: Email | Phone | None, at: datetime) -> dict[str, Any]:
    """With since when each word holds: as kept while it stays the same, else `at`."""
    dated = dict(said)
    for word, since in _SINCE.items():
        if word not in said:
            continue
        same = row is not None and getattr(row, word) == said[word]
        kept = getattr(row, since) if same else None
        dated[since] = None if said[word] == "unknown" else kept or at
    return dated


# --- What is done to one contact


def add_contact(customer: Customer, facts: ContactFacts, *, by: User | None) -> Contact:
    """Another person to reach; the first one, or one that claims it, becomes primary."""
    if not facts.says_something:
        raise Invalid({"first_name": NOBODY})
    with changing(customer, by=by) as change:
        first = not customer.contacts.exists()
        if facts.primary and not first:
            step_back(customer, None)
        contact = Contact.objects.create(
            customer=customer, is_primary=first or facts.primary, **_named(facts)
        )
        write_one(contact, replace(facts, primary=contact.is_primary))
        change.said(f"contact {contact.name}".strip())
    return contact


def change_contact(contact: Contact, facts: ContactFacts, *, by: User | None) -> None:
    """Set what is known of a contact; the primary stays primary until another one claims it."""
    if not facts.says_something:
        raise Invalid({"first_name": NOBODY})
    customer = contact.customer
    with changing(customer, by=by) as change:
        contact.refresh_from_db()
        themselves = contact.is_primary and not customer.is_company
        if facts.primary and not contact.is_primary:
            step_back(customer, contact.pk)
        if not write_one(contact, replace(facts, primary=contact.is_primary or facts.primary)):
            return
        if themselves and contact.name:
            _rename(customer, contact)
        change.said(f"contact {contact.name}".strip())


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
    with changing(customer, by=by) as change:
        others = customer.contacts.exclude(pk=contact.pk)
        if not customer.is_company and not others.exists():
            raise Invalid({"contact": "A person keeps at least one contact: themselves"})
        was_primary, name = contact.is_primary, contact.name
        contact.delete()
        heir = others.order_by("id").first() if was_primary else None
        if heir:
            rewrite(heir, {"is_primary": True})
        change.said(f"contact {name} removed".replace("  ", " "))

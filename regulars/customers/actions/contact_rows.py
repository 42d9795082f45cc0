"""Contacts as rows: read as facts, and written from facts with the evidence of what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from regulars.customers.facts import ContactFacts, EmailFacts, PhoneFacts
from regulars.customers.models import (
    ConsentChannel,
    Contact,
    Customer,
    Email,
    Phone,
    Status,
)
from regulars.customers.suppression import WORDING, suppressed
from regulars.lib import clock, emails
from regulars.lib.copying import add_rows
from regulars.lib.phones import Number

from .ledger import Ledger, in_passing
from .pairing import paired
from .rows import rewrite

if TYPE_CHECKING:
    from regulars.staff.models import User

COLUMNS = ("first_name", "last_name", "title", "role", "language", "time_zone", "birthday", "about")
CALL, TEXT = ConsentChannel.CALL.value, ConsentChannel.TEXT.value


def contacts_of(customer: Customer) -> list[ContactFacts]:
    """The stored contacts as facts with their ids, primary first."""
    rows = customer.contacts.prefetch_related("emails", "phones").order_by("-is_primary", "id")
    return [contact_facts(row) for row in rows]


def contact_facts(row: Contact) -> ContactFacts:
    return ContactFacts(
        **{key: getattr(row, key) for key in COLUMNS},
        emails=tuple(
            EmailFacts(
                e.address, e.label, e.status, e.consent, e.consent_basis, e.consent_at, id=e.pk
            )
            for e in row.emails.all()
        ),
        phones=tuple(
            PhoneFacts(
                Number(p.typed, p.e164, p.digits, p.extension),
                p.label,
                p.status,
                p.call_consent,
                p.text_consent,
                id=p.pk,
            )
            for p in row.phones.all()
        ),
        primary=row.is_primary,
        id=row.pk,
    )


def write_new(
    pairs: Sequence[tuple[Customer, ContactFacts]],
    *,
    by: User | None,
    ledger: Ledger | None = None,
    at: datetime | None = None,
) -> None:
    """Contacts with their addresses and numbers, in a fixed number of statements.

    What they agreed to holds since `at`, or since their customer came to us; `ledger` is what was
    heard of them already, needed for customers who were here before.
    """
    if ledger is None:
        ledger = Ledger(by=by)
        hear(ledger, pairs, at)
        ledger.write()
    contacts = add_rows(
        Contact,
        (
            Contact(customer=customer, is_primary=facts.primary, **named(facts))
            for customer, facts in pairs
        ),
    )
    both = [(contact, facts) for contact, (_, facts) in zip(contacts, pairs, strict=True)]
    add_rows(
        Email,
        (
            Email(**_of(c), **_checked(_email(e, n, ledger, c), None, at or c.customer.created_at))
            for c, facts in both
            for n, e in enumerate(facts.emails)
        ),
    )
    add_rows(
        Phone,
        (
            Phone(**_of(c), **_checked(_phone(p, n, ledger, c), None, at or c.customer.created_at))
            for c, facts in both
            for n, p in enumerate(facts.phones)
        ),
    )


def hear(
    ledger: Ledger,
    pairs: Iterable[tuple[Customer, ContactFacts]],
    at: datetime | None = None,
) -> None:
    """What contacts say about consent goes into the ledger before their rows are written.

    An address of somebody who was erased here opts out, whatever a file or a program says of it.
    """
    pairs = list(pairs)
    for customer, contact in pairs:
        since = at or customer.created_at
        for e in contact.emails:
            key = (customer.pk, ConsentChannel.EMAIL.value, emails.normal(e.address))
            word = in_passing(e.consent, e.consent_basis, e.consent_at, e.consent_how)
            ledger.hear(key, word, at=since)
        for p in contact.phones:
            digits = p.number.digits[:40]
            for channel, kind in ((CALL, p.call_consent), (TEXT, p.text_consent)):
                ledger.hear((customer.pk, channel, digits), in_passing(kind, "", None), at=since)
    known = suppressed(_addresses(contact for _, contact in pairs))
    for customer, contact in pairs if known else ():
        for channel, address in _channels(contact):
            if address in known:
                ledger.opt_out((customer.pk, channel, address), WORDING)


def _channels(contact: ContactFacts) -> Iterator[tuple[str, str]]:
    for e in contact.emails:
        yield ConsentChannel.EMAIL.value, emails.normal(e.address)
    for p in contact.phones:
        yield CALL, p.number.digits[:40]
        yield TEXT, p.number.digits[:40]


def _addresses(contacts: Iterable[ContactFacts]) -> set[str]:
    return {address for contact in contacts for _, address in _channels(contact)}


def write_contacts(customer: Customer, wanted: Sequence[ContactFacts], *, by: User | None) -> bool:
    """Make these the customer's contacts; whether anything changed. Kept ones keep their ids."""
    stored = contacts_of(customer)
    if stored == list(wanted):
        return False
    found = paired(wanted, stored, _name, _first_email, _first_number)
    kept = [s.id for s in found if s is not None and s.id is not None]
    ledger = Ledger.of(customer, by=by)
    hear(ledger, [(customer, want) for want in wanted], clock.now())
    customer.contacts.exclude(pk__in=kept).delete()
    step_back(
        customer, next((s.id for s, w in zip(found, wanted, strict=True) if s and w.primary), None)
    )
    rows = customer.contacts.in_bulk(kept)
    for want, have in zip(wanted, found, strict=True):
        if have is not None and have.id is not None:
            write_one(rows[have.id], want, ledger)
    new = [(customer, w) for w, s in zip(wanted, found, strict=True) if s is None]
    write_new(new, by=by, ledger=ledger, at=clock.now())
    ledger.write()
    ledger.settle()
    return True


def write_one(row: Contact, facts: ContactFacts, ledger: Ledger) -> bool:
    """Make this stored contact what the facts say; whether anything changed."""
    changed = rewrite(row, {**named(facts), "is_primary": facts.primary})
    for model, wanted, columns, key in (
        (Email, facts.emails, _email, lambda e: emails.normal(e.address)),
        (Phone, facts.phones, _phone, lambda p: p.number.digits),
    ):
        changed |= _write_reach(row, model, wanted, columns, key, ledger)
    return changed


def _write_reach(
    contact: Contact, model: Any, wanted: Any, columns: Any, key: Any, ledger: Ledger
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
        said = _checked(columns(want, n, ledger, contact), row, clock.now())
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


def named(facts: ContactFacts) -> dict[str, str]:
    return {key: getattr(facts, key) for key in COLUMNS}


def _email(e: EmailFacts, position: int, ledger: Ledger, contact: Contact) -> dict[str, Any]:
    normal = emails.normal(e.address)
    return {
        "address": e.address,
        "normal": normal,
        "label": e.label,
        "status": e.status,
        "position": position,
        **ledger.email(contact.customer_id, normal),
    }


def _phone(p: PhoneFacts, position: int, ledger: Ledger, contact: Contact) -> dict[str, Any]:
    digits = p.number.digits[:40]
    return {
        "typed": p.number.typed,
        "e164": p.number.e164,
        "digits": digits,
        "extension": p.number.extension[:20],
        "label": p.label,
        "status": p.status,
        "position": position,
        **ledger.phone(contact.customer_id, digits),
    }


def _checked(said: Mapping[str, Any], row: Email | Phone | None, at: datetime) -> dict[str, Any]:
    """With since when the status holds: as kept while it stays the same, else `at`."""
    status = said["status"]
    kept = row.status_at if row is not None and row.status == status else None
    return {**said, "status_at": None if status == Status.UNKNOWN else kept or at}

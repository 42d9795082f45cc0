"""What a customer becomes when only some of it is said: what was not said stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from regulars.lib import emails, names

from .facts import ContactFacts, CustomerFacts, EmailFacts, PhoneFacts, clean
from .models import Consent, Status

if TYPE_CHECKING:
    from .models import Customer

NAMES = frozenset(["first_name", "last_name", "company"])
PLAIN = frozenset(["type", "source", "source_other", "tags", "contacts", "locations"])


def amended(
    customer: Customer,
    given: Mapping[str, Any],
    *,
    contacts: Sequence[ContactFacts],
    region: str = "US",
) -> tuple[CustomerFacts, set[str]]:
    """Facts and the names of the fields to set, for `actions.change`.

    `given` is shaped as in the API and holds only what was said; `contacts` are the present ones.
    `email` and `phone` take the place of the primary contact's first; a person's new name is also
    their own contact's. Consent and status of a known address stay unless said. Raises `Invalid`.
    """
    said = _with_parts_of_name(customer, given)
    raw: dict[str, Any] = {key: getattr(customer, key) for key in NAMES} | dict(said)
    facts = clean(raw, region=region)
    fields = {key for key in said if key in NAMES | PLAIN | {"external_ids"}}
    if "source" in fields or "source_other" in fields:
        facts = _with_source(customer, facts, said)
        fields |= {"source", "source_other"}
    if "contacts" in said:
        return replace(facts, contacts=_keeping(facts.contacts, contacts)), fields
    wanted = _reached(facts, contacts, said)
    if fields & NAMES and not facts.is_company:
        wanted = _renamed(wanted, facts)
    if wanted != tuple(contacts):
        facts, fields = replace(facts, contacts=wanted), fields | {"contacts"}
    return facts, fields


def _with_parts_of_name(customer: Customer, given: Mapping[str, Any]) -> dict[str, Any]:
    """A whole `name` is a company's, or a person's split at the last space."""
    said = dict(given)
    whole = names.clean(said.pop("name", None) or "")
    if not whole or NAMES & said.keys():
        return said
    if customer.is_company:
        return said | {"company": whole}
    first, _, last = whole.rpartition(" ")
    return said | {"first_name": first or last, "last_name": last if first else ""}


def _with_source(
    customer: Customer, facts: CustomerFacts, said: Mapping[str, Any]
) -> CustomerFacts:
    """The other source's words go with the source “other” and with no other."""
    source = facts.source if said.get("source") or "source" in said else customer.source
    other = facts.source_other if "source_other" in said else customer.source_other
    if other and source != "other":
        source, other = ("other", other) if "source" not in said else (source, "")
    return replace(facts, source=source, source_other=other)


def _reached(
    facts: CustomerFacts, contacts: Sequence[ContactFacts], said: Mapping[str, Any]
) -> tuple[ContactFacts, ...]:
    """The present contacts, the primary one with the email and phone given at the top."""
    if not contacts:
        return facts.contacts if {"email", "phone"} & said.keys() else ()
    short = next((c for c in facts.contacts if c.primary), ContactFacts())
    found = []
    for contact in contacts:
        if contact.primary and "email" in said:
            rest = tuple(e for e in contact.emails[1:] if not _same_email(e, short.emails))
            contact = replace(contact, emails=short.emails + rest)
        if contact.primary and "phone" in said:
            left = tuple(p for p in contact.phones[1:] if not _same_phone(p, short.phones))
            contact = replace(contact, phones=short.phones + left)
        found.append(contact)
    return _keeping(found, contacts)


def _same_email(email: EmailFacts, others: Sequence[EmailFacts]) -> bool:
    return emails.normal(email.address) in {emails.normal(o.address) for o in others}


def _same_phone(phone: PhoneFacts, others: Sequence[PhoneFacts]) -> bool:
    return phone.number.digits in {o.number.digits for o in others}


def _renamed(contacts: Sequence[ContactFacts], facts: CustomerFacts) -> tuple[ContactFacts, ...]:
    return tuple(
        replace(c, first_name=facts.first_name, last_name=facts.last_name) if c.primary else c
        for c in contacts
    )


def _keeping(
    wanted: Sequence[ContactFacts], known: Sequence[ContactFacts]
) -> tuple[ContactFacts, ...]:
    """With the consent and health we knew of each address, where nothing new is said of them."""
    normal = emails.normal
    by_email = {normal(e.address): e for c in known for e in c.emails}
    by_digits = {p.number.digits: p for c in known for p in c.phones}
    return tuple(
        replace(
            contact,
            emails=tuple(
                _kept_email(e, by_email.get(emails.normal(e.address))) for e in contact.emails
            ),
            phones=tuple(_kept_phone(p, by_digits.get(p.number.digits)) for p in contact.phones),
        )
        for contact in wanted
    )


def _kept_email(new: EmailFacts, known: EmailFacts | None) -> EmailFacts:
    if known is None:
        return new
    silent = new.consent == Consent.UNKNOWN
    again = silent or (
        new.consent == known.consent
        and new.consent_basis in ("", known.consent_basis)
        and new.consent_at in (None, known.consent_at)
    )
    return replace(
        new,
        status=known.status if new.status == Status.UNKNOWN else new.status,
        consent=known.consent if again else new.consent,
        consent_basis=known.consent_basis if again else new.consent_basis,
        consent_at=known.consent_at if again else new.consent_at,
        label=new.label or known.label,
    )


def _kept_phone(new: PhoneFacts, known: PhoneFacts | None) -> PhoneFacts:
    if known is None:
        return new
    unknown = Consent.UNKNOWN
    return replace(
        new,
        status=known.status if new.status == Status.UNKNOWN else new.status,
        call_consent=known.call_consent if new.call_consent == unknown else new.call_consent,
        text_consent=known.text_consent if new.text_consent == unknown else new.text_consent,
        label=new.label or known.label,
    )

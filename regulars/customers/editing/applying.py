"""A contact or a place with one fact changed, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from regulars.customers.facts import ContactFacts, EmailFacts, LocationFacts, PhoneFacts
from regulars.customers.models import Consent, Status
from regulars.lib import emails, phones

from .keys import At
from .sheet import MANY, Kind

R = TypeVar("R", EmailFacts, PhoneFacts)
# What is known of a mailbox or a line; a complaint is the person's and goes on with them.
_OF_THE_LINE = (Status.OK, Status.BOUNCED)
_REFUSALS = (Consent.NONE, Consent.WITHDRAWN)


def place_with(place: LocationFacts, at: At, value: str) -> LocationFacts:
    return replace(place, **_said(at, value))


def contact_with(contact: ContactFacts, at: At, value: str, *, region: str = "US") -> ContactFacts:
    """The contact with that fact changed; an address or number that is emptied goes."""
    if at.of == "contact":
        if at.fact.name == "email" and value:
            return replace(contact, emails=(*contact.emails, EmailFacts(value)))
        if at.fact.name == "phone" and value:
            number = phones.read(value, region)
            return replace(contact, phones=(*contact.phones, PhoneFacts(number)))
        if at.fact.adds:
            return contact
        return replace(contact, **_said(at, value))
    if at.of == "email":
        return replace(contact, emails=_changed(contact.emails, at, value, region))
    return replace(contact, phones=_changed(contact.phones, at, value, region))


def _said(at: At, value: str) -> dict[str, Any]:
    return {at.fact.name: value == "yes" if at.fact.kind is Kind.FLAG else value}


def _changed(rows: tuple[R, ...], at: At, value: str, region: str) -> tuple[R, ...]:
    if at.fact.name == "position":
        return _moved(rows, at, int(value))
    found: list[R] = []
    for row in rows:
        if row.id != at.pk:
            found.append(row)
        elif at.fact.name not in ("address", "number"):
            found.append(replace(row, **_said(at, value)))
        elif value:
            found.append(_readdressed(row, value, region))
    return tuple(found)


def _moved(rows: tuple[R, ...], at: At, to: int) -> tuple[R, ...]:
    one = next(row for row in rows if row.id == at.pk)
    rest = [row for row in rows if row.id != at.pk]
    rest.insert(to, one)
    return tuple(rest)


def _readdressed(row: R, value: str, region: str) -> R:
    said: dict[str, Any]
    if isinstance(row, EmailFacts):
        said = {"address": value}
        moved = emails.normal(value) != emails.normal(row.address)
    else:
        number = phones.read(value, region)
        said, moved = {"number": number}, number.digits != row.number.digits
    if not moved:
        return replace(row, **said)
    if row.status in _OF_THE_LINE:
        said["status"] = Status.UNKNOWN
    return replace(row, **said, **_refused(row))


def _refused(row: EmailFacts | PhoneFacts) -> dict[str, Any]:
    """Consent is to an address; a refusal is the person's and goes on with them."""
    ways = ["consent"] if isinstance(row, EmailFacts) else ["call_consent", "text_consent"]
    said: dict[str, Any] = {
        way: word if (word := getattr(row, way)) in _REFUSALS else Consent.UNKNOWN for way in ways
    }
    return said | ({"consent_basis": "", "consent_at": None} if isinstance(row, EmailFacts) else {})


def place_of(contact: ContactFacts, at: At) -> int:
    """How far down its list an address or number stands."""
    return next(n for n, row in enumerate(getattr(contact, MANY[at.of])) if row.id == at.pk)

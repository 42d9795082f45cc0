"""How a customer may be reached, said in words beside each channel: allowed or not, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from regulars.customers.channels import HEALTH, Channel, Way
from regulars.customers.models import Basis, Consent, Email, Phone
from regulars.ui import wording

from .ways import LOOKS, Look

if TYPE_CHECKING:
    from regulars.customers.profile import Profile


@dataclass(frozen=True)
class Line:
    """One channel on the page; `words` is small print, `fix` the contact whose details to mend.

    `record` is the address whose consent is to be recorded or changed: "email" or "phone", its id.
    """

    way: Way
    look: Look
    words: str
    fix: int | None
    record: tuple[str, int] | None = None


def lines(profile: Profile, *, today: date, zone: tzinfo) -> list[Line]:
    """Call, text and email, in this order."""
    return [_line(way, profile, today, zone) for way in profile.ways]


def _line(way: Way, profile: Profile, today: date, zone: tzinfo) -> Line:
    row = _row(way, profile)
    if row is None:
        primary = next((p.contact.pk for p in profile.people), None)
        return Line(way, LOOKS[way.channel], way.reason, primary)
    return line(way, row, today=today, zone=zone)


def line(way: Way, row: Email | Phone, *, today: date, zone: tzinfo) -> Line:
    """One channel of this address."""
    said = _agreed(way.channel, row) if way.allowed else way.reason
    at = _since(way, row)
    if at is not None:
        said = f"{said}, {wording.short_date(at.astimezone(zone).date(), today)}"
    if way.allowed and isinstance(row, Email) and row.consent_basis:
        said = f"{said}: {_basis(row.consent_basis)}"
    until = _until(way.channel, row)
    if way.allowed and until is not None:
        said = f"{said}, until {wording.short_date(until, today)}"
    return Line(way, LOOKS[way.channel], said, row.contact_id, _record(way, row, today))


def _basis(text: str) -> str:
    return Basis(text).label.lower() if text in Basis.values else text


def _record(way: Way, row: Email | Phone, today: date) -> tuple[str, int] | None:
    """Where it is a word that closes the way, or one that is missing."""
    kind = "email" if isinstance(row, Email) else "phone"
    consent, _ = _consent(way.channel, row)
    until = _until(way.channel, row)
    over = until is not None and until < today
    unsettled = consent in (Consent.NONE, Consent.WITHDRAWN) or over
    missing = way.allowed and consent == Consent.UNKNOWN
    return (kind, row.pk) if unsettled or missing else None


def _until(channel: Channel, row: Email | Phone) -> date | None:
    if isinstance(row, Email):
        return row.consent_until
    return row.text_consent_until if channel is Channel.TEXT else row.call_consent_until


def _row(way: Way, profile: Profile) -> Email | Phone | None:
    """The address or number the way speaks of."""
    rows: Iterable[Email | Phone] = (
        row
        for person in profile.people
        for row in (person.emails if way.channel is Channel.EMAIL else person.phones)
    )
    return next((row for row in rows if str(row) == way.shown), None)


def _consent(channel: Channel, row: Email | Phone) -> tuple[str, datetime | None]:
    if isinstance(row, Email):
        return row.consent, row.consent_at
    if channel is Channel.TEXT:
        return row.text_consent, row.text_consent_at
    return row.call_consent, row.call_consent_at


def _agreed(channel: Channel, row: Email | Phone) -> str:
    consent, _ = _consent(channel, row)
    return {
        Consent.EXPRESS: "Agreed",
        Consent.IMPLIED: "Implied",
    }.get(Consent(consent), "Consent not recorded")


def _since(way: Way, row: Email | Phone) -> datetime | None:
    consent, at = _consent(way.channel, row)
    if way.allowed:
        return at if consent != Consent.UNKNOWN else None
    if consent in (Consent.NONE, Consent.WITHDRAWN):
        return at
    return row.status_at if way.reason in HEALTH else None

"""May we call, text or write, and if not, why not: one answer for every icon and button."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar
from urllib.parse import quote

from .models import Consent, Status


class Channel(StrEnum):
    CALL = "call"
    TEXT = "text"
    EMAIL = "email"


_EVERY = tuple(Channel)
Until = date | str | None  # the last day of implied consent; a line of a card has it as text


class _Gate(NamedTuple):
    """What closes a channel: that there is no detail, a consent, or the detail's health."""

    missing: str
    consent: Mapping[str, str]
    health: Mapping[str, str]


_GATES = {
    Channel.CALL: _Gate(
        "No phone number",
        {
            Consent.WITHDRAWN.value: "They asked not to be called",
            Consent.NONE.value: "They have not agreed to calls",
        },
        {},
    ),
    Channel.TEXT: _Gate(
        "No phone number",
        {
            Consent.WITHDRAWN.value: "They opted out of texts",
            Consent.NONE.value: "They have not agreed to texts",
        },
        {Status.UNSUBSCRIBED.value: "They opted out of texts"},
    ),
    Channel.EMAIL: _Gate(
        "No email address",
        {
            Consent.WITHDRAWN.value: "They opted out of email",
            Consent.NONE.value: "They have not agreed to email",
        },
        {
            Status.BOUNCED.value: "The address bounced",
            Status.COMPLAINED.value: "They reported our email as spam",
            Status.UNSUBSCRIBED.value: "They unsubscribed",
        },
    ),
}

HEALTH = {reason for gate in _GATES.values() for reason in gate.health.values()}

_CAME_BY = {
    "email.received": Channel.EMAIL,
    "form.submitted": Channel.EMAIL,
    "call.received": Channel.CALL,
    "message.received": Channel.TEXT,
}


class _Phone(Protocol):
    """A phone number, whether a row or a line of a card."""

    @property
    def dialled(self) -> str: ...
    @property
    def shown(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def call_consent(self) -> str: ...
    @property
    def text_consent(self) -> str: ...
    @property
    def call_consent_until(self) -> Until: ...
    @property
    def text_consent_until(self) -> Until: ...


class _Email(Protocol):
    @property
    def address(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def consent(self) -> str: ...
    @property
    def consent_until(self) -> Until: ...


Detail = TypeVar("Detail")


class Way(NamedTuple):
    """One channel: `href` opens the phone or mail program; `reason` says why there is none."""

    channel: Channel
    href: str = ""
    phone: _Phone | None = None
    address: str = ""
    reason: str = ""
    best: bool = False

    @property
    def allowed(self) -> bool:
        return bool(self.href)

    @property
    def shown(self) -> str:
        """The number or address: only where it is drawn, because writing a number is slow."""
        return self.phone.shown if self.phone else self.address


def ways(
    phones: Iterable[_Phone], emails: Iterable[_Email], *, today: date, asked_by: str = ""
) -> tuple[Way, Way, Way]:
    """Call, text and email, each by the first detail that allows it; one allowed way is the best.

    The best is the way they came by (`asked_by` is that event's kind), else the first allowed.

    Withdrawn and refused consent close a channel, and implied consent that has ended; consent that
    nobody has recorded does not close a personal one (messages to many pass a stricter gate of
    their own).
    """
    phones, day = list(phones), today.isoformat()
    call, no_call = _first(
        Channel.CALL, day, [(p, p.call_consent, p.status, p.call_consent_until) for p in phones]
    )
    text, no_text = _first(
        Channel.TEXT, day, [(p, p.text_consent, p.status, p.text_consent_until) for p in phones]
    )
    email, no_email = _first(
        Channel.EMAIL, day, [(e, e.consent, e.status, e.consent_until) for e in emails]
    )
    best = _best(asked_by, no_call, no_text, no_email)
    return (
        Way(
            Channel.CALL,
            f"tel:{call.dialled}" if call and not no_call else "",
            phone=call,
            reason=no_call,
            best=best is Channel.CALL,
        ),
        Way(
            Channel.TEXT,
            f"sms:{text.dialled}" if text and not no_text else "",
            phone=text,
            reason=no_text,
            best=best is Channel.TEXT,
        ),
        Way(
            Channel.EMAIL,
            f"mailto:{quote(email.address, safe='@')}" if email and not no_email else "",
            address=email.address if email else "",
            reason=no_email,
            best=best is Channel.EMAIL,
        ),
    )


def _best(asked_by: str, *reasons: str) -> Channel | None:
    allowed = [channel for channel, reason in zip(_EVERY, reasons, strict=True) if not reason]
    came_by = _CAME_BY.get(asked_by)
    if came_by in allowed:
        return came_by
    return allowed[0] if allowed else None


def _first(
    channel: Channel, today: str, details: Sequence[tuple[Detail, str, str, Until]]
) -> tuple[Detail | None, str]:
    """The first detail whose consent and health leave the channel open; else the first of all,
    with the reason."""
    gate = _GATES[channel]
    why = gate.missing
    for n, (detail, consent, status, until) in enumerate(details):
        closed = gate.consent.get(str(consent)) or _ended(until, today)
        closed = closed or gate.health.get(str(status), "")
        if not closed:
            return detail, ""
        if n == 0:
            why = closed
    return details[0][0] if details else None, why


def _ended(until: Until, today: str) -> str:
    """“Implied consent ended on 28 Feb 2026”: on the day after the last one."""
    if until is None or str(until) >= today:
        return ""
    day = date.fromisoformat(str(until)) + timedelta(days=1)
    return f"Implied consent ended on {day.day} {day:%b %Y}"

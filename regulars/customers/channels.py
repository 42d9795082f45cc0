"""May we call, text or write, and if not, why not: one answer for every icon and button."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol
from urllib.parse import quote

from .models import Consent, Status


class Channel(StrEnum):
    CALL = "call"
    TEXT = "text"
    EMAIL = "email"


@dataclass(frozen=True)
class Way:
    """One channel: `href` opens the phone or mail program; `reason` says why there is none."""

    channel: Channel
    href: str = ""
    shown: str = ""
    reason: str = ""
    best: bool = False

    @property
    def allowed(self) -> bool:
        return bool(self.href)


_UNHEALTHY = {
    Status.BOUNCED: "The address bounced",
    Status.COMPLAINED: "They reported our email as spam",
    Status.UNSUBSCRIBED: "They unsubscribed",
}
_REFUSED = {
    Channel.CALL: ("They asked not to be called", "They have not agreed to calls"),
    Channel.TEXT: ("They opted out of texts", "They have not agreed to texts"),
    Channel.EMAIL: ("They opted out of email", "They have not agreed to email"),
}
_MISSING = {
    Channel.CALL: "No phone number",
    Channel.TEXT: "No phone number",
    Channel.EMAIL: "No email address",
}


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


class _Email(Protocol):
    @property
    def address(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def consent(self) -> str: ...


def ways(
    phones: Iterable[_Phone], emails: Iterable[_Email], *, asked_by: str = ""
) -> tuple[Way, Way, Way]:
    """Call, text and email, each by the first detail that allows it; one allowed way is the best.

    The best is the way they came by (`asked_by` is that event's kind), else the first allowed.

    Withdrawn and refused consent close a channel; consent that nobody has recorded does not close
    a personal one (messages to many pass a stricter gate of their own).
    """
    phones, emails = list(phones), list(emails)
    call = _first(
        Channel.CALL,
        [(f"tel:{p.dialled}", p.shown, p.call_consent, p.status) for p in phones],
    )
    text = _first(
        Channel.TEXT,
        [(f"sms:{p.dialled}", p.shown, p.text_consent, p.status) for p in phones],
    )
    email = _first(
        Channel.EMAIL,
        [(f"mailto:{quote(e.address, safe='@')}", e.address, e.consent, e.status) for e in emails],
    )
    found = (call, text, email)
    allowed = [way for way in found if way.allowed]
    best = next((w for w in allowed if w.channel == _CAME_BY.get(asked_by)), None) or next(
        iter(allowed), None
    )
    return (
        replace(call, best=call is best),
        replace(text, best=text is best),
        replace(email, best=email is best),
    )


def _first(channel: Channel, details: list[tuple[str, str, str, str]]) -> Way:
    reason = _MISSING[channel]
    for n, (href, shown, consent, status) in enumerate(details):
        closed = _closed(channel, consent, status)
        if not closed:
            return Way(channel, href, shown)
        if n == 0:
            reason = closed
    return Way(channel, "", details[0][1] if details else "", reason)


def _closed(channel: Channel, consent: str, status: str) -> str:
    withdrawn, refused = _REFUSED[channel]
    if consent == Consent.WITHDRAWN:
        return withdrawn
    if consent == Consent.NONE:
        return refused
    if channel is Channel.EMAIL:
        return _UNHEALTHY.get(Status(status), "")
    return withdrawn if status == Status.UNSUBSCRIBED and channel is Channel.TEXT else ""

"""A note as it is said by a page or a program, checked against what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from regulars.customers.models import CallStatus, Customer, Note, NoteType
from regulars.lib import names
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level

from .details import Offer, labels, offers

if TYPE_CHECKING:
    from regulars.staff.models import User

LONGEST = 8_000


@dataclass(frozen=True)
class NoteFacts:
    """What a note says; `said` are the labels of its details, as they stand in the event."""

    text: str
    type: NoteType | None = None
    call_status: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """For the event."""
        found = {
            "text": self.text,
            "type": self.type.name if self.type else "",
            "call_status": self.call_status,
            **self.said,
        }
        return {key: value for key, value in found.items() if value}


def read(
    raw: Mapping[str, Any], *, by: User, about: Customer | None = None, of: Note | None = None
) -> NoteFacts:
    """The facts of a note about this customer. Raises `Invalid` with a sentence per field.

    `raw` may hold text, type (a name or an id), call_status and details (key → value or label);
    of a note that is changed, what is not in `raw` stays.
    """
    errors: dict[str, str] = {}
    text = _text(raw, of, errors)
    kind = _type(raw, of, errors)
    status = _status(raw, of, errors)
    asked = offers(by, of.customer if of is not None else about)
    details = _details(raw, of, asked, errors)
    if errors:
        raise Invalid(errors)
    return NoteFacts(text, kind, status, details, _said(asked, details, of))


def _text(raw: Mapping[str, Any], of: Note | None, errors: dict[str, str]) -> str:
    if of is not None and "text" not in raw:
        return of.text
    said = raw.get("text")
    text = names.lines(said if isinstance(said, str) else "", LONGEST)
    if text is None:
        errors["text"] = f"A note has at most {LONGEST:,} characters"
    elif not text:
        errors["text"] = "Write the note first; nothing was kept."
    return text or ""


def _type(raw: Mapping[str, Any], of: Note | None, errors: dict[str, str]) -> NoteType | None:
    now = of.type if of is not None else None
    if "type" not in raw:
        return now
    said = str(raw["type"] or "").strip()
    if not said:
        return None
    every = list(NoteType.objects.all())
    named = [kind for kind in every if kind.name.lower() == said.lower()]
    found = next(iter([*named, *(kind for kind in every if str(kind.pk) == said)]), None)
    if found is None or (found.retired_at is not None and found != now):
        offered = ", ".join(kind.name for kind in every if kind.retired_at is None)
        errors["type"] = f"There is no such type of note; choose one of: {offered or 'none yet'}"
        return None
    return found


def _status(raw: Mapping[str, Any], of: Note | None, errors: dict[str, str]) -> str:
    if "call_status" not in raw:
        return of.call_status if of is not None else ""
    said = str(raw["call_status"] or "").strip().lower()
    if said not in CallStatus.values:
        errors["call_status"] = f"Choose one of: {', '.join(filter(None, CallStatus.values))}"
    return said


def _details(
    raw: Mapping[str, Any], of: Note | None, asked: list[Offer], errors: dict[str, str]
) -> dict[str, str]:
    given = raw.get("details")
    kept = dict(of.details) if of is not None else {}
    if not isinstance(given, Mapping):
        return kept
    by_key = {offer.key: offer for offer in asked}
    for key, said in given.items():
        offer = by_key.get(key)
        if offer is None:
            errors["details"] = f"There is no such detail of a note: “{str(key)[:40]}”"
            continue
        value = offer.value(str(said if said is not None else ""))
        if value is None and str(said) != kept.get(key):
            errors[f"details.{key}"] = _no_such(offer)
        elif value is not None:
            kept[key] = value
    return {key: value for key, value in kept.items() if value}


def _no_such(offer: Offer) -> str:
    if not offer.choices:
        return f"{offer.label} is not asked of this customer"
    return f"Choose one of: {', '.join(label for _, label in offer.choices)}"


def _said(asked: list[Offer], details: Mapping[str, str], of: Note | None) -> dict[str, str]:
    """Labels of today; of what is no longer offered, the label it was kept with."""
    today = labels(asked, details)
    before = of.event.data if of is not None else {}
    kept = {key: before[key] for key in details if isinstance(before.get(key), str)}
    return {**kept, **today}


def may_change(author: User | None, user: User) -> bool:
    """Whether `user` may edit or take back a note of `author`'s; of those who left anybody may."""
    theirs = author is None or author == user or not author.is_active
    return theirs or user.may("settings", Level.EDIT)

"""Contacts and how they are reached, as programs read and say them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, StrictBool
from typing_extensions import TypedDict

from regulars.lib import phones
from regulars.timeline.schemas import Time

from .refs import RowId

StatusName = Literal["unknown", "ok", "bounced", "complained", "unsubscribed"]
ConsentName = Literal["unknown", "express", "implied", "none", "withdrawn"]


class EmailRow(TypedDict):
    """`consent_until` is the last day on which implied consent holds; null when it has no end."""

    id: int
    address: str
    label: str
    status: StatusName
    consent: ConsentName
    consent_basis: str
    consent_at: datetime | None
    consent_until: date | None


class PhoneRow(TypedDict):
    """`number` as typed; `e164` null when no such number can exist."""

    id: int
    number: str
    e164: str | None
    extension: str
    label: str
    status: StatusName
    call_consent: ConsentName
    call_consent_until: date | None
    text_consent: ConsentName
    text_consent_until: date | None


class ContactRow(TypedDict):
    """`email` and `phone` are the first of the lists; `birthday` is 1980-05-04 or --05-04."""

    id: int
    first_name: str
    last_name: str
    title: str
    role: str
    language: str
    time_zone: str
    birthday: str
    about: str
    primary: bool
    email: str | None
    phone: str | None
    emails: list[EmailRow]
    phones: list[PhoneRow]


class EmailIn(BaseModel):
    id: RowId | None = None
    address: str | None = Field(None, max_length=254)
    label: str | None = Field(None, max_length=40)
    status: StatusName | None = None
    consent: ConsentName | None = None
    consent_basis: str | None = Field(
        None, max_length=100, description="purchase, contract, inquiry, …; or in other words"
    )
    consent_at: Time | None = Field(
        None, description="When it was said; of implied consent, the time of what it rests on"
    )


class PhoneIn(BaseModel):
    """`e164` and `extension`, as we answer them, are read from the number itself."""

    id: RowId | None = None
    number: str | None = Field(None, max_length=60)
    label: str | None = Field(None, max_length=40)
    status: StatusName | None = None
    call_consent: ConsentName | None = None
    text_consent: ConsentName | None = None


class ContactIn(BaseModel):
    """A person to reach; `email` and `phone` are short for the first of the lists."""

    id: RowId | None = None
    first_name: str | None = Field(None, max_length=100)
    last_name: str | None = Field(None, max_length=100)
    title: str | None = Field(None, max_length=100)
    role: str | None = Field(None, max_length=60)
    language: str | None = Field(None, max_length=60, description="Code or English name")
    time_zone: str | None = Field(None, max_length=60)
    birthday: str | None = Field(None, max_length=40, description="1980-05-04, or --05-04")
    about: str | None = Field(None, max_length=2_000)
    primary: StrictBool | None = None
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=60)
    emails: list[EmailIn] | None = Field(None, max_length=20)
    phones: list[PhoneIn] | None = Field(None, max_length=20)


def without_echo(contact: dict[str, Any], many: str, key: str, short: str) -> None:
    """Our own answers name the first twice; sent back, it is still one."""
    listed = [row.get(key) for row in contact.get(many) or []]
    if not listed or not contact.get(short):
        return
    if short == "phone":
        reads = {phones.read(text or "").digits for text in listed}
        known = phones.read(contact[short]).digits in reads
    else:
        known = contact[short].lower() in {(text or "").lower() for text in listed}
    if known:
        del contact[short]

"""Evidence of consent, as programs read it and say it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import BaseModel, Field, PlainValidator, WithJsonSchema
from typing_extensions import TypedDict

from regulars.timeline.schemas import EARLIEST, LATEST, Time

from .refs import NamedRow

ChannelName = Literal["email", "call", "text"]
AnswerName = Literal["express", "implied", "none", "withdrawn"]
BasisName = Literal["purchase", "contract", "inquiry", "membership", "handed_over", "other"]
MethodName = Literal["web_form", "paper", "phone", "in_person", "reply", "import", "api", "other"]


class ConsentRow(TypedDict):
    """One piece of evidence. `address` is an email in lower case or the digits of a number;
    `basis_note` are further words; `expires_on` is the first day on which it no longer holds."""

    id: int
    channel: ChannelName
    address: str
    kind: AnswerName
    basis: BasisName | None
    basis_note: str
    basis_on: date | None
    wording: str
    method: MethodName | None
    place: str
    ip: str | None
    happened_at: datetime
    recorded_at: datetime
    by: NamedRow | None
    expires_on: date | None


class ConsentPage(TypedDict):
    items: list[ConsentRow]
    next: str | None


def _day(value: object) -> date:
    if isinstance(value, str) and len(value) == 10:
        with suppress(ValueError):
            day = date.fromisoformat(value)
            if EARLIEST <= day.year <= LATEST:
                return day
    raise ValueError("This must be a day, such as 2026-11-23")


Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


def _ip(value: object) -> str:
    if isinstance(value, str) and len(value) <= 45 and "%" not in value:
        with suppress(ValueError):
            return str(ip_address(value))
    raise ValueError("This must be an IP address")


Ip = Annotated[
    str,
    PlainValidator(_ip),
    WithJsonSchema({"anyOf": [{"type": "string", "format": f} for f in ("ipv4", "ipv6")]}),
]


class ConsentIn(BaseModel):
    """What somebody said about one of their addresses; implied consent needs a basis and its day.

    `address` is an email or phone number of the customer. Without `happened_at` it was just now.
    """

    channel: ChannelName
    address: str = Field(min_length=1, max_length=254)
    kind: AnswerName
    basis: BasisName | None = None
    basis_note: str = Field("", max_length=100, description="Needed for the basis “other”")
    basis_on: Day | None = None
    wording: str = Field("", max_length=2_000, description="The text shown or said")
    method: MethodName | None = None
    place: str = Field("", max_length=500, description="An address on the web, or where it was")
    ip: Ip | None = None
    happened_at: Time | None = None

"""How customers look to programs, and what programs may say about them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from ipaddress import ip_address
from typing import Annotated, Any, Literal, NotRequired
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    PlainValidator,
    RootModel,
    StrictBool,
    WithJsonSchema,
)
from typing_extensions import TypedDict

from regulars.lib import phones
from regulars.timeline.schemas import EARLIEST, LATEST, EventIn, Time
from regulars.wire.problems import FieldError

TypeName = Literal["lead", "prospect", "account"]
SourceName = Literal["internet", "phone", "walk_in", "other"]
StatusName = Literal["unknown", "ok", "bounced", "complained", "unsubscribed"]
ConsentName = Literal["unknown", "express", "implied", "none", "withdrawn"]
FreshnessName = Literal["green", "orange", "red", "gray"]
SortName = Literal["recent", "waiting", "created", "name"]
PlaceName = Literal["billing", "shipping", "headquarters", "home", "other"]
ChannelName = Literal["email", "call", "text"]
AnswerName = Literal["express", "implied", "none", "withdrawn"]
BasisName = Literal["purchase", "contract", "inquiry", "membership", "handed_over", "other"]
MethodName = Literal["web_form", "paper", "phone", "in_person", "reply", "import", "api", "other"]
MOST_EVENTS = 1_000

# --- What is answered


class NamedRow(TypedDict):
    id: int
    name: str


class CustomerRef(TypedDict):
    id: str
    name: str


class HouseholdRow(TypedDict):
    """Who lives together; `members` are the others that the token's user may see."""

    id: int
    name: str
    members: list[CustomerRef]


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


CheckName = Literal["format", "place", "confirmed", "no_unit", "odd_unit", "refused"]


class LocationRow(TypedDict):
    """`check_level` is null for an address that nobody checked, as those outside the US.

    The county and the position are those of its ZIP code.
    """

    id: int
    name: str
    kind: PlaceName | None
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country: str
    county: str
    check_level: CheckName | None
    latitude: float | None
    longitude: float | None
    primary: bool


class AddressRow(TypedDict):
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country: str


class CheckedRow(TypedDict):
    """`words` is the level as people read it; `suggestion` null when nothing better is known."""

    check_level: CheckName | None
    words: str
    reasons: list[str]
    suggestion: AddressRow | None
    county: str
    latitude: float | None
    longitude: float | None


CustomSaid = str | int | float | bool


class CustomerRow(TypedDict):
    """One customer as the token's user sees it.

    `custom` holds what is said in the company's own fields, by their keys.

    `merged_into` is there when the id that was asked for lives on in this customer: their id.

    `freshness` tells how long they have waited (gray: nobody waits), `unread` whether something
    came in that this user has not seen; ratings are null until there is enough to go by.
    """

    id: str
    name: str
    first_name: str
    last_name: str
    company: str
    type: TypeName
    source: SourceName | None
    source_other: str
    owner: NamedRow | None
    store: NamedRow | None
    team: NamedRow | None
    group: str | None
    category: str | None
    tags: list[str]
    contacts: list[ContactRow]
    locations: list[LocationRow]
    external_ids: dict[str, str]
    household: HouseholdRow | None
    relation: str
    referred_by: CustomerRef | None
    referral_source: str
    custom: dict[str, CustomSaid]
    created_at: datetime
    last_activity_at: datetime
    waiting_since: datetime | None
    freshness: FreshnessName
    unread: bool
    financial: int | None
    intent: int | None
    active_deals: int
    all_deals: int
    archived_at: datetime | None
    url: str
    merged_into: NotRequired[str]


class CustomerPage(TypedDict):
    items: list[CustomerRow]
    next: str | None


class PinRow(TypedDict):
    """Where a customer's primary location is, in degrees; `place` is its town."""

    id: str
    name: str
    owner: str
    place: str
    freshness: FreshnessName
    latitude: float
    longitude: float
    url: str


class PinPage(TypedDict):
    """`more` when further customers of the list have a position."""

    items: list[PinRow]
    more: bool


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


# --- What is sent


def _reference(value: object) -> int | str | None:
    if value is None or (type(value) is int and 0 < value < 2**63):
        return value
    if isinstance(value, str) and 0 < len(value.strip()) <= 254:
        return value.strip()
    raise ValueError("This must be an id, a name or null")


# By id, or by the name (of a colleague also the email) that people know.
Reference = Annotated[
    int | str | None,
    PlainValidator(_reference),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
                {"type": "string", "minLength": 1, "maxLength": 254, "pattern": r"\S"},
                {"type": "null"},
            ]
        }
    ),
]


def _digits(value: object) -> object:
    return str(value) if type(value) is int and abs(value) < 10**18 else value


def _customer(value: object) -> UUID | None:
    if value is None:
        return None
    if isinstance(value, str) and len(value) <= 40:
        with suppress(ValueError):
            return UUID(value)
    raise ValueError("This must be the id of a customer, or null")


def _household(value: object) -> int | UUID | None:
    if type(value) is int and 0 < value < 2**63:
        return value
    return _customer(value)


CustomerId = Annotated[
    UUID | None,
    PlainValidator(_customer),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}),
]
HouseholdId = Annotated[
    int | UUID | None,
    PlainValidator(_household),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
                {"type": "string", "format": "uuid"},
                {"type": "null"},
            ]
        }
    ),
]


Ident = Annotated[
    str,
    BeforeValidator(_digits),
    Field(max_length=200),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": 200},
                {"type": "integer", "exclusiveMinimum": -(10**18), "exclusiveMaximum": 10**18},
            ]
        }
    ),
]


# A row that was answered with this id and goes on; without one it is found by what it says.
RowId = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]


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


class AddressIn(BaseModel):
    line1: str | None = Field(None, max_length=200)
    line2: str | None = Field(None, max_length=200)
    city: str | None = Field(None, max_length=100)
    state: str | None = Field(None, max_length=100)
    postal_code: str | None = Field(None, max_length=20)
    country: str | None = Field(
        None, max_length=60, description="ISO 3166 alpha-2, or the country's name"
    )


class LocationIn(AddressIn):
    """A place; exactly one becomes the primary one."""

    id: RowId | None = None
    name: str | None = Field(None, max_length=100)
    kind: PlaceName | None = None
    primary: StrictBool | None = None


def _without_echo(contact: dict[str, Any], many: str, key: str, short: str) -> None:
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


class CustomerIn(BaseModel):
    """Only a name is required: `name`, a first or last name, or a company.

    Fields not listed here are ignored.
    """

    name: str | None = Field(None, max_length=200)
    first_name: str | None = Field(None, max_length=100)
    last_name: str | None = Field(None, max_length=100)
    company: str | None = Field(None, max_length=200)
    type: TypeName | None = None
    source: SourceName | None = None
    source_other: str | None = Field(None, max_length=100)
    owner: Reference = Field(None, description="Id, email or full name of a colleague")
    store: Reference = Field(None, description="Id or name")
    group: str | None = Field(None, max_length=60)
    category: str | None = Field(None, max_length=60, description="Name")
    tags: list[Annotated[str, Field(max_length=60)]] | None = Field(None, max_length=50)
    email: str | None = Field(None, max_length=254, description="Of the primary contact")
    phone: str | None = Field(None, max_length=60, description="Of the primary contact")
    contacts: list[ContactIn] | None = Field(None, max_length=100)
    locations: list[LocationIn] | None = Field(None, max_length=100)
    household: HouseholdId = Field(
        None, description="A household’s id, or a customer they live with; null: nobody"
    )
    household_name: str | None = Field(
        None, max_length=200, description="Empty: called after those who live there"
    )
    relation: str | None = Field(None, max_length=40, description="In the household, such as Wife")
    referred_by: CustomerId = Field(None, description="The customer who sent them")
    referral_source: str | None = Field(None, max_length=100)
    external_ids: dict[Annotated[str, Field(max_length=60)], Ident] | None = Field(
        None, max_length=20, description="What other systems call this customer: system to id"
    )
    custom: (
        dict[
            Annotated[str, Field(max_length=40)],
            Annotated[str, Field(max_length=500)] | StrictBool | int | float | None,
        ]
        | None
    ) = Field(
        None,
        max_length=100,
        description="The company's own fields by their keys; null for nothing. See /custom-fields",
    )

    def given(self) -> dict[str, Any]:
        """What was said, and no more, as `facts.clean` reads it."""
        said = self.model_dump(exclude_unset=True)
        for contact in said.get("contacts") or []:
            _without_echo(contact, "emails", "address", "email")
            _without_echo(contact, "phones", "number", "phone")
        return said


class CustomerPatch(CustomerIn):
    """Only what is given changes; a given list takes the place of the old one."""


class OwnerIn(BaseModel):
    """`owner` null leaves the customer to nobody."""

    owner: Reference = Field(..., description="Id, email or full name of a colleague, or null")
    reason: str | None = Field(None, max_length=500)


class ResolveIn(BaseModel):
    """Without `event` everything that waits counts as addressed."""

    event: Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)] | None = None
    reason: str | None = Field(None, max_length=500)


class ExternalRef(BaseModel):
    system: str = Field(max_length=60)
    id: Ident


class ManyEventIn(EventIn):
    """One event of many: `customer` is an id, or what another system calls them."""

    customer: str | ExternalRef


_EVENT = {
    "title": "Event",
    "description": "As for POST /customers/{id}/events, and `customer`: their id, or "
    '{"system", "id"}. A wrong one is answered in its place and spoils no other.',
}


class EventsIn(RootModel[list[Any]]):
    """Up to 1,000 events, as a list or as `{"events": […]}`."""

    root: Annotated[
        list[Any],
        BeforeValidator(lambda v: v.get("events", v) if isinstance(v, dict) else v),
        Field(max_length=MOST_EVENTS),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "array", "maxItems": MOST_EVENTS, "items": _EVENT},
                    {
                        "type": "object",
                        "required": ["events"],
                        "properties": {
                            "events": {"type": "array", "maxItems": MOST_EVENTS, "items": _EVENT}
                        },
                    },
                ]
            }
        ),
    ]


class EventResult(TypedDict):
    """What became of one event: `created`, `duplicate` (known by its origin) or `error`."""

    index: int
    status: Literal["created", "duplicate", "error"]
    id: int | None
    errors: list[FieldError]


class EventResults(TypedDict):
    items: list[EventResult]
    created: int
    duplicates: int
    failed: int


# --- Custom fields

FieldKindName = Literal["text", "number", "date", "choice", "yes_no", "link"]
ChoiceNames = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=200)]


class CustomFieldRow(TypedDict):
    """`key` names it in filters, files and answers."""

    id: int
    key: str
    label: str
    help: str
    kind: FieldKindName
    choices: list[str]
    archived_at: datetime | None


class CustomFieldList(TypedDict):
    items: list[CustomFieldRow]
    next: None


class CustomFieldIn(BaseModel):
    """`key` is made of the label unless it is given; `choices` belong to the kind “choice”."""

    label: str = Field(min_length=1, max_length=60)
    kind: FieldKindName
    choices: ChoiceNames = []
    help: str = Field("", max_length=200)
    key: str = Field("", max_length=40, pattern="^([a-z][a-z0-9_]*)?$")


class CustomFieldPatch(BaseModel):
    label: str | None = Field(None, min_length=1, max_length=60)
    choices: ChoiceNames | None = None
    help: str | None = Field(None, max_length=200)
    archived: StrictBool | None = None

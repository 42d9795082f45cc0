"""The record of a customer, as programs read it and say it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired

from pydantic import BaseModel, Field, StrictBool
from typing_extensions import TypedDict

from .contacts import ContactIn, ContactRow, without_echo
from .locations import LocationIn, LocationRow
from .refs import CustomerId, CustomerRef, HouseholdId, Ident, NamedRow, Reference

TypeName = Literal["lead", "prospect", "account"]
SourceName = Literal["internet", "phone", "walk_in", "other"]
FreshnessName = Literal["green", "orange", "red", "gray"]
SortName = Literal["recent", "waiting", "created", "name"]


class HouseholdRow(TypedDict):
    """Who lives together; `members` are the others that the token's user may see."""

    id: int
    name: str
    members: list[CustomerRef]


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
            without_echo(contact, "emails", "address", "email")
            without_echo(contact, "phones", "number", "phone")
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

"""Locations and the check of their addresses, as programs read and say them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, StrictBool
from typing_extensions import TypedDict

from .refs import RowId

PlaceName = Literal["billing", "shipping", "headquarters", "home", "other"]
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

"""Where the customers of a list are, as programs read it."""

from __future__ import annotations

from typing_extensions import TypedDict

from .records import FreshnessName


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

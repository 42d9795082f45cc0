"""How colleagues, stores and teams look to programs."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

from ninja import Schema

from regulars.lib import clock

from .functions import functions
from .models import User

T = TypeVar("T")


class Page(Schema, Generic[T]):
    """A list; `next` is the cursor of what follows, null at the end."""

    items: list[T]
    next: str | None = None


class Ref(Schema):
    id: int
    name: str


class RoleOut(Schema):
    key: str
    name: str
    sees: str


class PersonOut(Schema):
    id: int
    name: str
    email: str | None
    title: str
    role: RoleOut
    team: Ref | None
    store: Ref | None
    external_id: str
    active: bool
    online: bool
    last_seen_at: datetime | None

    @staticmethod
    def resolve_active(person: User) -> bool:
        return person.is_active

    @staticmethod
    def resolve_online(person: User) -> bool:
        return person.is_online(clock.now())


class MeOut(PersonOut):
    """The person the token acts as, with what they may do: function → hidden, view or edit."""

    time_zone: str
    rights: dict[str, str]

    @staticmethod
    def resolve_time_zone(person: User) -> str:
        return person.time_zone or (person.store.time_zone if person.store else "UTC")

    @staticmethod
    def resolve_rights(person: User) -> dict[str, str]:
        return {f.key: person.level(f.key).name.lower() for f in functions}


class StoreOut(Schema):
    id: int
    name: str
    time_zone: str
    country: str


class TeamOut(Schema):
    id: int
    name: str
    store: Ref

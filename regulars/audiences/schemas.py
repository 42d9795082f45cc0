"""Audiences and views as programs see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

SharedName = Literal["private", "team", "everyone"]
SortOf = Literal["recent", "waiting", "created", "name"]


class AudienceRow(TypedDict):
    """`criteria` is None for a list chosen by hand; `size` is None for whoever does not see all
    customers; `problem` says why the criteria can no longer be read."""

    id: str
    name: str
    description: str
    criteria: str | None
    english: str
    problem: str
    size: int | None
    owner: dict[str, Any]
    url: str


class AudiencePage(TypedDict):
    items: list[AudienceRow]
    next: str | None


class MemberRow(TypedDict):
    id: str
    name: str
    url: str


class MemberPage(TypedDict):
    items: list[MemberRow]
    next: str | None


class _In(Schema):
    model_config = ConfigDict(extra="forbid")


class AudienceIn(_In):
    """Without `criteria` it is a list, to which people are added by hand."""

    name: str = Field(max_length=1_000)
    criteria: str | None = Field(None, max_length=16_000)
    description: str = Field("", max_length=2_000)


class AudiencePatch(_In):
    name: str | None = Field(None, max_length=1_000)
    criteria: str | None = Field(None, max_length=16_000)
    description: str | None = Field(None, max_length=2_000)
    owner: int | None = Field(None, ge=1, lt=2**63, description="A colleague who is here")


class MembersIn(_In):
    """Customers by id; `remove` takes them off instead."""

    customers: Annotated[list[str], Field(min_length=1, max_length=1_000)]
    remove: bool = False


class MembersOut(TypedDict):
    changed: int


class WithinRow(TypedDict):
    """An audience somebody is or was in; `until` is null where they still are."""

    id: str
    name: str
    since: datetime
    until: datetime | None


class WithinPage(TypedDict):
    items: list[WithinRow]
    next: str | None


Density = Literal["comfortable", "compact"]
Columns = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,80}$")]] | None,
    Field(
        max_length=40,
        description="Further columns by key; with neither these nor `density`, "
        "everybody has their own",
    ),
]


class ViewRow(TypedDict):
    id: str
    name: str
    criteria: str
    q: str
    sort: SortOf
    archived: bool
    columns: list[str] | None
    density: Density | None
    shared: SharedName
    pinned: bool
    owner: dict[str, Any]
    url: str


class ViewPage(TypedDict):
    items: list[ViewRow]
    next: str | None


class ViewIn(_In):
    name: str = Field(max_length=1_000)
    criteria: str = Field("", max_length=16_000)
    q: str = Field("", max_length=200)
    sort: SortOf = "recent"
    archived: bool = False
    columns: Columns = None
    density: Density | None = None
    shared: SharedName = "private"
    pinned: bool = True


class ViewPatch(_In):
    name: str | None = Field(None, max_length=1_000)
    criteria: str | None = Field(None, max_length=16_000)
    q: str | None = Field(None, max_length=200)
    sort: SortOf | None = None
    archived: bool | None = None
    columns: Columns = None
    density: Density | None = None
    shared: SharedName | None = None
    pinned: bool | None = None


class CheckIn(_In):
    """Either the text or the tree."""

    text: str | None = Field(None, max_length=16_000)
    tree: dict[str, Any] | None = None


class CheckOut(TypedDict):
    """`count` stops at 1,000, `more` when there are or may be others; `customers` are the first
    names."""

    text: str
    tree: dict[str, Any]
    english: str
    count: int
    more: bool
    customers: list[str]

"""The company's own fields, as programs read and say them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictBool
from typing_extensions import TypedDict

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

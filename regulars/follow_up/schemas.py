"""Tasks as programs see and write them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from regulars.customers.references import Reference
from regulars.customers.schemas.refs import CustomerRef, NamedRow

from .models import Task

KindName = Literal["call", "text", "email", "action"]
StateName = Literal["todo", "done", "archived"]
WhenName = Literal["overdue", "today", "upcoming", "none"]
DUE = "A day (2026-11-01), a moment (2026-11-01T14:30, in your zone unless it says one), or null"
WHO = "Id, email or full name of a colleague; null for anybody"


class TaskRow(TypedDict):
    """Due on a day (`due_on`), at a moment (`due_at`), or whenever."""

    id: int
    customer: CustomerRef
    kind: KindName
    title: str
    description: str
    due_on: date | None
    due_at: datetime | None
    assignee: NamedRow | None
    state: StateName
    done_at: datetime | None
    done_by: NamedRow | None
    created_at: datetime
    created_by: NamedRow | None
    url: str


class TaskPage(TypedDict):
    items: list[TaskRow]
    next: str | None


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TaskIn(_In):
    """Without `assignee` it is for the owner of the customer."""

    customer: str = Field(max_length=100, description="Id of the customer")
    title: str = Field(max_length=1_000)
    kind: KindName = "action"
    description: str = Field("", max_length=16_000)
    due: str | None = Field(None, max_length=40, description=DUE)
    assignee: Reference = Field(None, description=WHO)


class TaskPatch(_In):
    """Only what is given changes."""

    title: str | None = Field(None, max_length=1_000)
    kind: KindName | None = None
    description: str | None = Field(None, max_length=16_000)
    due: str | None = Field(None, max_length=40, description=DUE)
    assignee: Reference = Field(None, description=WHO)
    state: StateName | None = None

    def says(self) -> dict[str, Any]:
        """What of the task itself was given; null empties only what may be empty."""
        given = self.model_dump(exclude_unset=True, exclude={"assignee", "state"})
        return {k: v for k, v in given.items() if v is not None or k == "due"}


def row(task: Task) -> TaskRow:
    who = task.customer
    return {
        "id": task.pk,
        "customer": {"id": str(who.public_id), "name": who.name},
        "kind": task.kind,  # type: ignore[typeddict-item]
        "title": task.title,
        "description": task.description,
        "due_on": task.due_on,
        "due_at": task.due_at,
        "assignee": _named(task.assignee),
        "state": task.state,  # type: ignore[typeddict-item]
        "done_at": task.done_at,
        "done_by": _named(task.done_by),
        "created_at": task.created_at,
        "created_by": _named(task.created_by),
        "url": settings.BASE_URL + task.get_absolute_url(),
    }


def _named(person: Any) -> NamedRow | None:
    return {"id": person.pk, "name": person.name} if person else None

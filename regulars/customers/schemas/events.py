"""Many events at once, as programs say them and are answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, RootModel, WithJsonSchema
from typing_extensions import TypedDict

from regulars.timeline.schemas import EventIn
from regulars.wire.problems import FieldError

from .refs import Ident

MOST_EVENTS = 1_000


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

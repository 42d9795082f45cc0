"""How programs name something: an id, or the name that people know."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from typing_extensions import TypedDict


class NamedRow(TypedDict):
    id: int
    name: str


class CustomerRef(TypedDict):
    id: str
    name: str


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


def _customer(value: object) -> UUID | None:
    if value is None:
        return None
    if isinstance(value, str) and len(value) <= 40:
        with suppress(ValueError):
            return UUID(value)
    raise ValueError("This must be the id of a customer, or null")


CustomerId = Annotated[
    UUID | None,
    PlainValidator(_customer),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}),
]


def _household(value: object) -> int | UUID | None:
    if type(value) is int and 0 < value < 2**63:
        return value
    return _customer(value)


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


def _digits(value: object) -> object:
    return str(value) if type(value) is int and abs(value) < 10**18 else value


# What another system calls somebody; it may be a number there, which is read by its digits.
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

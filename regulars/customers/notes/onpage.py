"""What a customer's page knows of their notes without asking the database once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef
from django.db.models.functions import Cast, JSONObject

from regulars.customers.models import Note, NoteType

from .queries import PINNED

# The rows that a page of events brings along for its notes.
BESIDE = ("note__type", "note__author", "note__edited_by", "note__retracted_by")


@dataclass(frozen=True)
class Pinned:
    """A note that stands above the timeline; `data` are its event's."""

    event: int
    text: str
    data: Mapping[str, Any]
    happened_at: datetime
    author: str | None
    author_id: int | None

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Pinned:
        return cls(**{**row, "happened_at": datetime.fromisoformat(row["happened_at"])})


def pinned_rows() -> ArraySubquery:
    """A customer's pinned notes, those pinned last first."""
    rows = Note.objects.filter(customer=OuterRef("pk"), pinned_at__isnull=False)
    return ArraySubquery(
        rows.order_by("-pinned_at", "-pk").values(
            json=JSONObject(
                event="event_id",
                text="text",
                data="event__data",
                happened_at=Cast("event__happened_at", CharField()),
                author="author__name",
                author_id="author_id",
            )
        )[:PINNED]
    )


def type_rows() -> ArraySubquery:
    """What a new note may be about."""
    kinds = NoteType.objects.filter(retired_at=None)
    return ArraySubquery(kinds.values(json=JSONObject(id="id", name="name")))

"""How every list is asked for: how many, from where, and what an id is."""

from __future__ import annotations

from typing import Annotated

from ninja import Query
from pydantic import Field

MOST = 200
PAGE = 50

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=2_000, description="`next` of the page before; without it, the first page."),
]
Id = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]

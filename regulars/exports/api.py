"""Lists as files, for programs."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja import Query, Router

from regulars.customers.api.records import criteria
from regulars.customers.schemas.records import SortName
from regulars.staff.functions import Level
from regulars.staff.permission import check, signed_in

from .answers import answer, archive
from .rows import Wanted

router = Router(tags=["Exports"])

Format = Annotated[Literal["csv", "xlsx"], Query(description="csv, or xlsx for Excel")]
Words = Annotated[str, Query(max_length=200, description="The search box, as for /customers")]
Filter = Annotated[str, Query(max_length=16_000, description="Criteria, as text or as a JSON tree")]


@router.get(
    "/customers/{customer_id}/export",
    summary="One customer whole, as a zip",
    openapi_extra={
        "responses": {
            200: {
                "description": "JSON, CSV and files",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def export_one(request: HttpRequest, customer_id: UUID) -> HttpResponseBase:
    """Everything that is kept of them: what to hand over, or to keep, before erasing."""
    user = signed_in(request)
    check(user, "customers", Level.VIEW)
    check(user, "exports", Level.VIEW)
    return archive(user, customer_id)


@router.get(
    "/customers/export",
    summary="A list of customers as a file",
    openapi_extra={
        "responses": {
            200: {
                "description": "The file",
                "content": {
                    "text/csv": {"schema": {"type": "string"}},
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                        "schema": {"type": "string", "format": "binary"}
                    },
                },
            }
        }
    },
)
def export(
    request: HttpRequest,
    format: Format = "csv",
    q: Words = "",
    filter: Filter = "",
    sort: SortName = "recent",
    archived: Annotated[bool, Query(description="Those put away")] = False,
) -> HttpResponseBase:
    """Every customer of the list whom you may see; an import reads the file back."""
    user = signed_in(request)
    check(user, "customers", Level.VIEW)
    check(user, "exports", Level.VIEW)
    where, words = criteria(user, filter, q)
    return answer(user, Wanted(where, sort, words, archived), format)

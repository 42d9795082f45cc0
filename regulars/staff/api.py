"""Who works here, for programs: `/me`, `/staff`, `/stores`, `/teams`."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from . import queries
from .models import Store, Team
from .permission import signed_in
from .schemas import MeOut, Page, PersonOut, StoreOut, TeamOut

router = Router(tags=["Staff"])

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=2_000, description="`next` of the page before; without it, the first page."),
]


@router.get("/me", response=MeOut, summary="Who the token acts as")
def me(request: HttpRequest) -> Any:
    return signed_in(request)


@router.get("/staff", response=Page[PersonOut], summary="Colleagues")
def staff(request: HttpRequest, limit: Limit = 50, cursor: Cursor = None) -> Any:
    """Everybody who works or worked here: the names of the disabled stay on what they did."""
    items, following = queries.after(queries.everybody(), cursor, limit)
    return {"items": items, "next": following}


@router.get("/stores", response=Page[StoreOut], summary="Stores")
def stores(request: HttpRequest, limit: Limit = 50, cursor: Cursor = None) -> Any:
    items, following = queries.after(Store.objects.all(), cursor, limit)
    return {"items": items, "next": following}


@router.get("/teams", response=Page[TeamOut], summary="Teams")
def teams(request: HttpRequest, limit: Limit = 50, cursor: Cursor = None) -> Any:
    items, following = queries.after(Team.objects.select_related("store"), cursor, limit)
    return {"items": items, "next": following}

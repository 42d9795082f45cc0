"""Who works here, for programs: `/me`, `/staff`, `/stores`, `/teams`."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from . import queries
from .models import Store, Team
from .permission import signed_in
from .schemas import MeOut, Page, PersonOut, StoreOut, TeamOut

router = Router(tags=["Staff"])


@router.get("/me", response=MeOut, summary="Who the token acts as")
def me(request: HttpRequest) -> Any:
    return signed_in(request)


@router.get("/staff", response=Page[PersonOut], summary="Colleagues")
def staff(request: HttpRequest) -> Any:
    """Everybody who works here, disabled colleagues last: their names stay on what they did."""
    return {"items": list(queries.everybody()), "next": None}


@router.get("/stores", response=Page[StoreOut], summary="Stores")
def stores(request: HttpRequest) -> Any:
    return {"items": list(Store.objects.all()), "next": None}


@router.get("/teams", response=Page[TeamOut], summary="Teams")
def teams(request: HttpRequest) -> Any:
    return {"items": list(Team.objects.select_related("store")), "next": None}

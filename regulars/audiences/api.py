"""Audiences, views and checking a filter, for programs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from regulars.criteria.fields import Asking
from regulars.criteria.language import CriteriaError
from regulars.customers.api.gate import AsOf, moment, seen
from regulars.customers.merging.then import known_then
from regulars.customers.models import Customer
from regulars.customers.visibility import known_as
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import check, signed_in
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

from . import actions, asking, queries, saved
from .models import Audience, View
from .schemas import (
    AudienceIn,
    AudiencePage,
    AudiencePatch,
    AudienceRow,
    CheckIn,
    CheckOut,
    MemberPage,
    MembersIn,
    MembersOut,
    ViewIn,
    ViewPage,
    ViewPatch,
    ViewRow,
    WithinPage,
)

router = Router()


def _user(request: HttpRequest, level: Level = Level.VIEW, function: str = "marketing") -> User:
    user = signed_in(request)
    check(user, "customers", Level.VIEW)
    check(user, function, level)
    return user


@router.post("/criteria/check", response=CheckOut, summary="What a filter says", tags=["Criteria"])
def check_criteria(request: HttpRequest, body: CheckIn) -> HttpResponse:
    """Both forms, English, how many customers (to 1,001) and the first names; or, as an error of
    `text`, the place where it cannot be read and what was perhaps meant."""
    user = _user(request, function="customers")
    if (body.text is None) == (body.tree is None):
        raise Invalid({"text": "Send either a text or a tree"})
    said = body.text if body.text is not None else json.dumps(body.tree)
    try:
        found = queries.check(said, asking.of(user))
    except CriteriaError as error:
        raise Invalid({"text" if body.tree is None else "tree": str(error)}) from None
    return answer(
        {
            "text": found.text,
            "tree": found.tree,
            "english": found.english,
            "count": found.count,
            "more": found.more,
            "customers": found.names,
        }
    )


# --- Audiences


def _known(public_id: UUID) -> queries.Known:
    found = queries.named(public_id)
    if found is None:
        raise Http404
    return found


def _shown(audience: Audience, user: User, here: Asking | None = None) -> dict[str, Any]:
    return {
        "id": str(audience.public_id),
        "name": audience.name,
        "description": audience.description,
        "criteria": audience.criteria,
        "english": queries.said(audience, here or asking.of(user)).sentence,
        "problem": audience.problem,
        "size": audience.size if queries.sees_sizes(user) else None,
        "owner": {"id": audience.owner_id, "name": audience.owner.name},
        "url": settings.BASE_URL + audience.get_absolute_url(),
    }


@router.get("/audiences", response=AudiencePage, summary="All audiences", tags=["Audiences"])
def audiences(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    here = asking.of(user)
    items = [_shown(known.audience, user, here) for known in queries.all_of_them()]
    return answer({"items": items, "next": None})


@router.post(
    "/audiences", response={201: AudienceRow}, summary="Make an audience", tags=["Audiences"]
)
def make_audience(request: HttpRequest, body: AudienceIn) -> HttpResponse:
    user = _user(request, Level.EDIT)
    made = actions.make_audience(
        name=body.name, criteria=body.criteria, description=body.description, by=user
    )
    return answer(_shown(made, user), status=201)


@router.get("/audiences/{audience_id}", response=AudienceRow, summary="One", tags=["Audiences"])
def audience(request: HttpRequest, audience_id: UUID) -> HttpResponse:
    user = _user(request)
    return answer(_shown(_known(audience_id).audience, user))


@router.patch(
    "/audiences/{audience_id}", response=AudienceRow, summary="Change it", tags=["Audiences"]
)
def change_audience(request: HttpRequest, audience_id: UUID, body: AudiencePatch) -> HttpResponse:
    user, given = _user(request, Level.EDIT), body.dict(exclude_unset=True)
    found = _known(audience_id).audience
    if given.get("owner") is not None:
        given["owner"] = User.objects.filter(pk=given["owner"], is_active=True).first()
        if given["owner"] is None:
            raise Invalid({"owner": "There is no such colleague here"})
    return answer(_shown(actions.change_audience(found, by=user, **given), user))


@router.delete(
    "/audiences/{audience_id}", response={204: None}, summary="Delete it", tags=["Audiences"]
)
def delete_audience(request: HttpRequest, audience_id: UUID) -> HttpResponse:
    user = _user(request, Level.EDIT)
    actions.delete_audience(_known(audience_id).audience, by=user)
    return HttpResponse(status=204)


@router.get(
    "/audiences/{audience_id}/members",
    response=MemberPage,
    summary="Who is in it",
    tags=["Audiences"],
)
def members(
    request: HttpRequest,
    audience_id: UUID,
    as_of: AsOf = "",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    """Those of them that you may see, latest activity first; with `as_of` those of then."""
    user = _user(request)
    then = moment(user, as_of) if as_of else None
    found = queries.members(user, _known(audience_id), then=then, cursor=cursor, limit=limit)
    rows = Customer.objects.visible_to(user).in_bulk(found.ids)
    items = [
        {
            "id": str(rows[pk].public_id),
            "name": rows[pk].name,
            "url": settings.BASE_URL + rows[pk].get_absolute_url(),
        }
        for pk in found.ids
        if pk in rows
    ]
    return answer({"items": items, "next": found.next})


@router.get(
    "/customers/{customer_id}/audiences",
    response=WithinPage,
    summary="Which audiences they are in",
    tags=["Audiences"],
)
def around(request: HttpRequest, customer_id: UUID, as_of: AsOf = "") -> HttpResponse:
    """Now, or with `as_of` then: since when, and until when where they have left since."""
    user = _user(request)
    who, then = seen(user, customer_id), moment(user, as_of) if as_of else None
    if then is not None:
        who = known_then(user, who, customer_id, then)
    rows = [
        {"id": str(one.public_id), "name": one.name, "since": one.since, "until": one.until}
        for one in queries.around(who, then=then)
        if then is None or one.holds(then)
    ]
    return answer({"items": rows, "next": None})


@router.post(
    "/audiences/{audience_id}/members",
    response=MembersOut,
    summary="Put people on a list, or take them off",
    tags=["Audiences"],
)
def change_members(request: HttpRequest, audience_id: UUID, body: MembersIn) -> HttpResponse:
    user = _user(request, Level.EDIT)
    audience = _known(audience_id).audience
    people = _people(user, body.customers)
    if body.remove:
        changed = actions.take_off_list(audience, people, by=user)
    else:
        changed = actions.put_on_list(audience, people, by=user)
    return answer({"changed": len(changed)})


def _people(user: User, said: list[str]) -> list[int]:
    wanted: dict[UUID, int] = {}
    errors: dict[str, str] = {}
    for place, word in enumerate(said):
        try:
            wanted.setdefault(UUID(word), place)
        except ValueError:
            errors[f"customers.{place}"] = "There is no such customer here"
    rows = known_as(user, wanted)
    for public_id, place in wanted.items():
        if public_id not in rows:
            errors[f"customers.{place}"] = "There is no such customer here"
    if errors:
        raise Invalid(errors)
    return list(dict.fromkeys(rows[public_id] for public_id in wanted))


# --- Views


def _view(user: User, public_id: UUID, *, own: bool = False) -> View:
    rows = View.objects.visible_to(user).select_related("owner")
    found = (rows.filter(owner=user) if own else rows).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _displayed(display: str) -> dict[str, Any]:
    density, *columns = display.split(".") if display else (None,)
    return {"columns": columns if display else None, "density": density}


def _with_display(given: dict[str, Any], before: str = "") -> dict[str, Any]:
    """What was given, columns and density as the view keeps them."""
    said = {name: given.pop(name, None) for name in ("columns", "density")}
    if said["columns"] is None and said["density"] is None:
        return given
    was = _displayed(before)
    columns = was["columns"] if said["columns"] is None else said["columns"]
    density = said["density"] or was["density"] or "comfortable"
    return {**given, "display": ".".join([density, *(columns or ())])}


def _view_row(view: View) -> dict[str, Any]:
    shows = actions.shown_by(view)
    return {
        "id": str(view.public_id),
        "name": view.name,
        "criteria": shows.criteria,
        "q": shows.q,
        "sort": shows.sort,
        "archived": shows.archived,
        **_displayed(shows.display),
        "shared": view.shared,
        "pinned": view.pinned,
        "owner": {"id": view.owner_id, "name": view.owner.name},
        "url": settings.BASE_URL + view.get_absolute_url(),
    }


@router.get("/views", response=ViewPage, summary="Saved views", tags=["Views"])
def views(request: HttpRequest) -> HttpResponse:
    """Yours, your team's and everyone's."""
    user = _user(request, function="customers")
    return answer({"items": [_view_row(row) for row in saved.views(user)], "next": None})


@router.post("/views", response={201: ViewRow}, summary="Save a view", tags=["Views"])
def save_view(request: HttpRequest, body: ViewIn) -> HttpResponse:
    user = _user(request, function="customers")
    given = body.dict()
    name, shared, pinned = given.pop("name"), given.pop("shared"), given.pop("pinned")
    made = actions.save_view(
        name=name,
        shows=actions.ViewFacts(**_with_display(given)),
        shared=shared,
        pinned=pinned,
        by=user,
    )
    return answer(_view_row(made), status=201)


@router.get("/views/{view_id}", response=ViewRow, summary="One", tags=["Views"])
def view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    return answer(_view_row(_view(_user(request, function="customers"), view_id)))


@router.patch("/views/{view_id}", response=ViewRow, summary="Change yours", tags=["Views"])
def change_view(request: HttpRequest, view_id: UUID, body: ViewPatch) -> HttpResponse:
    user = _user(request, function="customers")
    found = _view(user, view_id, own=True)
    given = {
        key: value for key, value in body.dict(exclude_unset=True).items() if value is not None
    }
    about = {key: given.pop(key) for key in ("name", "shared", "pinned") if key in given}
    now = actions.shown_by(found)
    shows = replace(now, **_with_display(given, now.display)) if given else None
    return answer(_view_row(actions.change_view(found, shows=shows, by=user, **about)))


@router.delete("/views/{view_id}", response={204: None}, summary="Delete", tags=["Views"])
def delete_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    user = _user(request, function="customers")
    actions.delete_view(_view(user, view_id, own=True), by=user)
    return HttpResponse(status=204)

"""Audiences, who is in them, and making one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.audiences import actions, queries
from regulars.audiences.forms import AudienceForm, OwnerForm
from regulars.audiences.models import Audience
from regulars.criteria import url
from regulars.criteria.language import CriteriaError
from regulars.customers.models import Customer
from regulars.lib import clock, moments
from regulars.lib.errors import Invalid, in_words
from regulars.staff import queries as staff
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other

from .shown import LONGEST, asking_of, blame, curve


@require_safe
@require("marketing")
def marketing(request: HttpRequest) -> HttpResponse:
    """Every audience, what its people have in common and how many they are."""
    user, asking = signed_in(request), asking_of(request)
    sees_sizes = queries.sees_sizes(user)
    context = {
        "audiences": [
            (known.audience, queries.said(known.audience, asking), curve(known.sizes))
            for known in queries.all_of_them()
        ],
        "sees_sizes": sees_sizes,
        "may_edit": user.may("marketing", Level.EDIT),
    }
    return page(request, "audiences/marketing.html", context)


@require_http_methods(["GET", "POST"])
@require("marketing", Level.EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """A form for an audience, which may begin with a list's filter."""
    if request.method == "POST":
        form = AudienceForm(request.POST)
        made = _made(request, form)
        if made is not None:
            messages.success(request, f"{made.name} is there.")
            return see_other(request, made.get_absolute_url())
        return page(request, "audiences/new.html", {"form": form}, status=422)
    given = {"criteria": request.GET.get("criteria", "")[:LONGEST]}
    return page(request, "audiences/new.html", {"form": AudienceForm(initial=given)})


def _made(request: HttpRequest, form: AudienceForm) -> Audience | None:
    if not form.is_valid():
        return None
    said = form.cleaned_data
    try:
        return actions.make_audience(
            name=said["name"],
            description=said["description"],
            criteria=None if said["by_hand"] else said["criteria"],
            by=signed_in(request),
        )
    except Invalid as no:
        blame(form, no)
        return None


@require_safe
@require("customers")
def check(request: HttpRequest) -> HttpResponse:
    """What a filter that is being typed says, and whom it would find; region `checked`."""
    said = request.GET.get("criteria", "")[:LONGEST]
    context: dict[str, Any] = {"error": "", "found": None}
    try:
        context["found"] = queries.check(said, asking_of(request))
    except CriteriaError as error:
        context["error"] = str(error)
    return page(request, "audiences/checked.html", context, block="checked")


@require_http_methods(["GET", "POST"])
@require("marketing")
def audience(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who is in it now, or was on a day (`as_of`); changing it."""
    user, known = signed_in(request), _found(public_id)
    one = known.audience
    may_edit = user.may("marketing", Level.EDIT)
    form, status = AudienceForm(initial=vars(one)), 200
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied
        form = AudienceForm(request.POST)
        if _changed(request, one, form):
            messages.success(request, f"{form.cleaned_data['name']} is saved.")
            return see_other(request, one.get_absolute_url())
        status = 422
    sees_sizes = queries.sees_sizes(user)
    context = _people(request, known) | {
        "audience": one,
        "said": queries.said(one, asking_of(request)),
        "list": f"{resolve_url('desk:customers')}?{url.write(queries.of(one))}",
        "sees_sizes": sees_sizes,
        "may_edit": may_edit,
        "curve": curve(known.sizes) if sees_sizes else None,
        "form": form,
    }
    return page(request, "audiences/audience.html", context, status=max(status, context["status"]))


@require_http_methods(["GET", "POST"])
@require("marketing", Level.EDIT)
def owner(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Handing an audience to a colleague."""
    user, one = signed_in(request), _found(public_id).audience
    given = request.POST if request.method == "POST" else None
    people = dict.fromkeys([*staff.colleagues(user), one.owner])
    form = OwnerForm(given, initial={"owner": one.owner_id}, people=people)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data["owner"]
        try:
            actions.change_audience(one, owner=found, by=user)
        except Invalid as no:
            blame(form, no)
        else:
            messages.success(request, f"{one.name} is {found.name}’s now.")
            return see_other(request, one.get_absolute_url())
    context = {"audience": one, "form": form}
    return page(request, "audiences/owner.html", context, status=422 if form.is_bound else 200)


def _people(request: HttpRequest, known: queries.Known) -> dict[str, Any]:
    """The members, or those of the day that was asked for."""
    said, zone, now = request.GET.get("as_of", ""), timezone.get_current_timezone(), clock.now()
    here: dict[str, Any] = {
        "status": 200, "as_of": said, "then": None, "as_of_problem": "",
        "today": now.astimezone(zone).date(),
    }  # fmt: skip
    if said:
        try:
            here["then"] = moments.read(said, zone=zone, now=now)
        except ValueError as no:
            here |= {"as_of_problem": str(no), "status": 422}
    cursor = request.GET.get("cursor") or None
    return here | vars(queries.people(signed_in(request), known, then=here["then"], cursor=cursor))


def _changed(request: HttpRequest, one: Audience, form: AudienceForm) -> bool:
    if not form.is_valid():
        return False
    said = form.cleaned_data
    try:
        actions.change_audience(
            one,
            name=said["name"],
            description=said["description"],
            criteria=None if one.is_list else said["criteria"],
            by=signed_in(request),
        )
    except Invalid as no:
        blame(form, no)
        return False
    return True


@require_POST
@require("marketing", Level.EDIT)
def take_off(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One customer is no longer on a list."""
    user, one = signed_in(request), _found(public_id).audience
    who = _seen(request, request.POST.get("customer", ""))
    try:
        if actions.take_off_list(one, [who.pk], by=user):
            messages.success(request, f"{who.name} is off the list.")
    except Invalid as no:
        messages.error(request, in_words(no))
    return see_other(request, one.get_absolute_url())


def _seen(request: HttpRequest, said: str) -> Customer:
    try:
        rows = Customer.objects.visible_to(signed_in(request)).filter(public_id=UUID(said))
    except ValueError:
        raise Http404 from None
    found = rows.first()
    if found is None:
        raise Http404
    return found


@require_POST
@require("marketing", Level.EDIT)
def delete(request: HttpRequest, public_id: UUID) -> HttpResponse:
    one = _found(public_id).audience
    try:
        actions.delete_audience(one, by=signed_in(request))
    except Invalid as no:
        messages.error(request, in_words(no))
        return see_other(request, one.get_absolute_url())
    messages.success(request, f"{one.name} is deleted. Its people are all still here.")
    return see_other(request, reverse("audiences:marketing"))


def _found(public_id: UUID) -> queries.Known:
    one = queries.named(public_id)
    if one is None:
        raise Http404
    return one

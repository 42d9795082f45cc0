"""The pages of Marketing: audiences, who is in them, and making one; and saving views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.criteria import text, url
from regulars.criteria.fields import Asking
from regulars.criteria.language import CriteriaError
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other

from . import actions, queries
from .forms import AudienceForm, ViewForm
from .models import Audience, View

SHOWN = 20
LONGEST = 4_000


def _asking(request: HttpRequest) -> Asking:
    return Asking(signed_in(request), clock.now(), timezone.get_current_timezone())


@require_safe
@require("marketing")
def marketing(request: HttpRequest) -> HttpResponse:
    """Every audience, what its people have in common and how many they are."""
    user, asking = signed_in(request), _asking(request)
    context = {
        "audiences": [
            (known.audience, queries.said(known.audience, asking), _curve(known.sizes))
            for known in queries.all_of_them()
        ],
        "sees_sizes": queries.sees_sizes(user),
        "may_edit": user.may("marketing", Level.EDIT),
    }
    return page(request, "audiences/marketing.html", context)


def _curve(sizes: Sequence[int]) -> str:
    """The points of a small curve of its size, 60 days wide and 16 high; "" when too few."""
    if len(sizes) < 2:
        return ""
    most, step = max(sizes) or 1, 60 / (len(sizes) - 1)
    return " ".join(f"{n * step:.1f},{16 - 15 * size / most:.1f}" for n, size in enumerate(sizes))


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
        _blame(form, no)
        return None


@require_safe
@require("customers")
def check(request: HttpRequest) -> HttpResponse:
    """What a filter that is being typed says, and whom it would find; region `checked`."""
    said = request.GET.get("criteria", "")[:LONGEST]
    context: dict[str, Any] = {"error": "", "found": None}
    try:
        context["found"] = queries.check(said, _asking(request))
    except CriteriaError as error:
        context["error"] = str(error)
    return page(request, "audiences/checked.html", context, block="checked")


@require_http_methods(["GET", "POST"])
@require("marketing")
def audience(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who is in it now; changing it."""
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
    found = queries.members(user, known, limit=SHOWN)
    rows = Customer.objects.visible_to(user).select_related("owner").in_bulk(found.ids)
    sees_sizes = queries.sees_sizes(user)
    context = {
        "audience": one,
        "said": queries.said(one, _asking(request)),
        "members": [rows[pk] for pk in found.ids if pk in rows],
        "more": found.next is not None,
        "list": f"{resolve_url('desk:customers')}?{url.write(queries.of(one))}",
        "sees_sizes": sees_sizes,
        "may_edit": may_edit,
        "curve": _curve(known.sizes) if sees_sizes else "",
        "form": form,
    }
    return page(request, "audiences/audience.html", context, status=status)


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
        _blame(form, no)
        return False
    return True


@require_POST
@require("marketing", Level.EDIT)
def delete(request: HttpRequest, public_id: UUID) -> HttpResponse:
    one = _found(public_id).audience
    try:
        actions.delete_audience(one, by=signed_in(request))
    except Invalid as no:
        messages.error(request, " ".join(no.errors.values()))
        return see_other(request, one.get_absolute_url())
    messages.success(request, f"{one.name} is deleted. Its people are all still here.")
    return see_other(request, reverse("audiences:marketing"))


def _found(public_id: UUID) -> queries.Known:
    one = queries.named(public_id)
    if one is None:
        raise Http404
    return one


def _blame(form: forms.Form, no: Invalid) -> None:
    for field, sentence in no.errors.items():
        form.add_error(field if field in form.fields else None, sentence)


# --- Views of the list


@require_POST
@require("customers")
def save_view(request: HttpRequest) -> HttpResponse:
    """The list as it stands, under a name; then the list again, with its tab."""
    user, form = signed_in(request), ViewForm(request.POST)
    here = f"{resolve_url('desk:customers')}?{request.POST.get('list', '')[:LONGEST]}"
    try:
        if not form.is_valid():
            raise Invalid({name: " ".join(map(str, said)) for name, said in form.errors.items()})
        made = actions.save_view(
            name=form.cleaned_data["name"],
            shows=_shown(request),
            shared=form.cleaned_data["shared"] or "private",
            by=user,
        )
    except Invalid as no:
        messages.error(request, " ".join(no.errors.values()))
        return see_other(request, here)
    messages.success(request, f"“{made.name}” is saved and stands as a tab.")
    return see_other(request, here)


def _shown(request: HttpRequest) -> actions.ViewFacts:
    """The list whose address the form carries."""
    given = QueryDict(request.POST.get("list", "")[:LONGEST])
    try:
        criteria = text.write(url.read(given, _asking(request)))
    except CriteriaError as error:
        raise Invalid({"criteria": str(error)}) from None
    return actions.ViewFacts(
        criteria=criteria,
        q=given.get("q", ""),
        sort=given.get("sort", "recent"),
        archived=given.get("archived") == "1",
    )


@require_POST
@require("customers")
def delete_view(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One's own; a foreign one and a missing one are the same 404."""
    user = signed_in(request)
    found = View.objects.filter(owner=user, public_id=public_id).first()
    if found is None:
        raise Http404
    actions.delete_view(found, by=user)
    messages.success(request, f"The view “{found.name}” is deleted.")
    return see_other(request, reverse("desk:customers"))

"""Settings of the company: stores, teams, and what each role sees and may do."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff import actions, queries
from regulars.staff.forms import NewTeamForm, RightsForm, StoreForm, TeamForm
from regulars.staff.functions import Level, functions
from regulars.staff.models import Role, Store, Team
from regulars.staff.permission import require, signed_in


def _stores(request: HttpRequest, **forms: Any) -> HttpResponse:
    status = 422 if any(form.errors for form in forms.values()) else 200
    stores = list(queries.stores_with_teams())
    known = {
        "stores": stores,
        "store_form": StoreForm(prefix="store"),
        "team_form": NewTeamForm(prefix="team", stores=stores),
        "can_edit": signed_in(request).may("settings", Level.EDIT),
        **forms,
    }
    return render(request, "staff/stores.html", known, status=status)


@require("settings")
@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    return _stores(request)


@require("settings", Level.EDIT)
@require_POST
def new_store(request: HttpRequest) -> HttpResponse:
    form = StoreForm(request.POST, prefix="store")
    if form.is_valid():
        try:
            store = actions.add_store(**form.cleaned_data, by=signed_in(request))
        except Invalid as no:
            _tell(form, no)
        else:
            messages.success(request, f"{store.name} is added.")
            return redirect("staff:stores")
    return _stores(request, store_form=form)


@require("settings", Level.EDIT)
@require_POST
def new_team(request: HttpRequest) -> HttpResponse:
    form = NewTeamForm(request.POST, prefix="team", stores=Store.objects.all())
    if form.is_valid():
        try:
            team = actions.add_team(**form.cleaned_data, by=signed_in(request))
        except Invalid as no:
            _tell(form, no)
        else:
            messages.success(request, f"{team.name} is added.")
            return redirect("staff:stores")
    return _stores(request, team_form=form)


@require("settings", Level.EDIT)
def store(request: HttpRequest, pk: int) -> HttpResponse:
    store = get_object_or_404(Store, pk=pk)
    kept = {"name": store.name, "time_zone": store.time_zone, "country": store.country}
    form = StoreForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_store(store, by=signed_in(request), **form.cleaned_data)
        except Invalid as no:
            _tell(form, no)
        else:
            messages.success(request, f"{store.name} is saved.")
            return redirect("staff:stores")
    return _place(request, form, store)


@require("settings", Level.EDIT)
def team(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team.objects.select_related("store"), pk=pk)
    form = TeamForm(request.POST or None, initial={"name": team.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_team(team, by=signed_in(request), **form.cleaned_data)
        except Invalid as no:
            _tell(form, no)
        else:
            messages.success(request, f"{team.name} is saved.")
            return redirect("staff:stores")
    return _place(request, form, team)


def _place(request: HttpRequest, form: forms.Form, place: Store | Team) -> HttpResponse:
    known = {"form": form, "name": place.name}
    return render(request, "staff/place.html", known, status=422 if form.errors else 200)


def _tell(form: forms.Form, no: Invalid) -> None:
    for field, text in no.errors.items():
        form.add_error(field if field in form.fields else None, text)


@require("settings")
def rights(request: HttpRequest) -> HttpResponse:
    """The matrix: a row per function, a column per role, one of three in each cell."""
    roles = list(Role.objects.all())
    form = RightsForm(request.POST or None, roles=roles)
    if request.method == "POST":
        return _set_rights(request, form)
    return _matrix(request, form)


@require("settings", Level.EDIT)
def _set_rights(request: HttpRequest, form: RightsForm) -> HttpResponse:
    if form.is_valid():
        try:
            changed = actions.set_rights(
                form.levels(),
                sights=form.sights(),
                within=form.within(),
                by=signed_in(request),
            )
        except NotAllowed as no:
            form.add_error(None, str(no))
        except Invalid as no:
            _tell(form, no)
        else:
            messages.success(request, f"Saved: {changed} changed. It holds from now on.")
            return redirect("staff:rights")
    return _matrix(request, form)


def _matrix(request: HttpRequest, form: RightsForm) -> HttpResponse:
    rows = [
        (function, [(role, form[f"{role.key}.{function.key}"]) for role in form.roles])
        for function in functions
    ]
    known = {
        "form": form,
        "roles": form.roles,
        "sights": [(role, form[f"sees.{role.key}"]) for role in form.roles],
        "limits": [(role, form[f"within.{role.key}"]) for role in form.roles],
        "rows": rows,
        "can_edit": signed_in(request).may("settings", Level.EDIT),
    }
    return render(request, "staff/rights.html", known, status=422 if form.errors else 200)

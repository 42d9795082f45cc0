"""Settings › Seasons."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other

from . import actions, queries
from .forms import SeasonForm, SellingForm
from .models import Season


@require("settings")
@require_http_methods(["GET", "POST"])
def seasons(request: HttpRequest) -> HttpResponse:
    """The seasons in their order, what is being sold, and a form for another season."""
    if request.method == "POST":
        return _add(request)
    return _listed(request)


@require("settings", Level.EDIT)
def _add(request: HttpRequest) -> HttpResponse:
    form = SeasonForm(request.POST)
    if form.is_valid():
        try:
            made = actions.add_season(form.cleaned_data["name"], by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"{made.name} is added.")
            return redirect("wholesale:seasons")
    return _listed(request, form=form)


def _listed(
    request: HttpRequest, form: SeasonForm | None = None, selling: SellingForm | None = None
) -> HttpResponse:
    rows = list(Season.objects.all())
    context = {
        "rows": [row for row in rows if row.retired_at is None],
        "retired": [row for row in rows if row.retired_at is not None],
        "form": form or SeasonForm(),
        "selling": selling or SellingForm(None, now=queries.now()),
        "can_edit": signed_in(request).may("settings", Level.EDIT),
    }
    wrong = any(given is not None and given.errors for given in (form, selling))
    return page(request, "wholesale/seasons.html", context, status=422 if wrong else 200)


@require("settings", Level.EDIT)
@require_POST
def selling(request: HttpRequest) -> HttpResponse:
    """What is sold from now on."""
    form = SellingForm(request.POST, now=queries.now())
    if form.is_valid():
        said = form.cleaned_data["season"]
        season = Season.objects.filter(pk=int(said)).first() if said else None
        try:
            sold = actions.sell(season, form.cleaned_data["year"], by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"Being sold now: {sold}.")
            return redirect("wholesale:seasons")
    return _listed(request, selling=form)


@require("settings", Level.EDIT)
@require_http_methods(["GET", "POST"])
def season(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Season, pk=pk)
    name = {"name": row.name}
    form = SeasonForm(request.POST if request.method == "POST" else None, initial=name)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_season(row, form.cleaned_data["name"], by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"{row.name} is saved.")
            return redirect("wholesale:seasons")
    status = 422 if form.errors else 200
    return render(request, "wholesale/season.html", {"row": row, "form": form}, status=status)


@require("settings", Level.EDIT)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Season, pk=pk)
    actions.move_season(row, up="up" in request.POST, by=signed_in(request))
    return see_other(request, reverse("wholesale:seasons"))


@require("settings", Level.EDIT)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer offered; a removed one is offered again."""
    row = get_object_or_404(Season, pk=pk)
    if row.retired_at is not None:
        actions.add_season(row.name, by=signed_in(request))
        messages.success(request, f"{row.name} is offered again.")
    else:
        actions.remove_season(row, by=signed_in(request))
        messages.success(request, f"{row.name} is no longer offered. What has it keeps it.")
    return redirect("wholesale:seasons")


def _blame(form: forms.Form, no: Invalid) -> None:
    for name, sentence in no.errors.items():
        form.add_error(name if name in form.fields else None, f"{sentence}.")

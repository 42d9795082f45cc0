"""Settings › Notes: what notes are about, in the order in which it is offered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.customers import actions
from regulars.customers.forms import NameForm
from regulars.customers.models import NoteType
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other


@require("settings")
@require_http_methods(["GET", "POST"])
def note_types(request: HttpRequest) -> HttpResponse:
    """The types, and a form for another one."""
    if request.method == "POST":
        return _add(request)
    return _listed(request, NameForm())


@require("settings", Level.EDIT)
def _add(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            made = actions.add_note_type(form.cleaned_data["name"], by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"{made.name} is offered for notes now.")
            return redirect("customers:note_types")
    return _listed(request, form)


def _listed(request: HttpRequest, form: NameForm) -> HttpResponse:
    rows = list(NoteType.objects.all())
    context = {
        "rows": [row for row in rows if row.retired_at is None],
        "retired": [row for row in rows if row.retired_at is not None],
        "form": form,
        "can_edit": signed_in(request).may("settings", Level.EDIT),
    }
    status = 422 if form.errors else 200
    return page(request, "customers/note_types.html", context, status=status)


@require("settings", Level.EDIT)
@require_http_methods(["GET", "POST"])
def note_type(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename one; notes of this type are called so from now on."""
    row = get_object_or_404(NoteType, pk=pk)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_note_type(row, form.cleaned_data["name"], by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"{row.name} is saved.")
            return redirect("customers:note_types")
    context = {"row": row, "form": form}
    status = 422 if form.errors else 200
    return render(request, "customers/note_type.html", context, status=status)


@require("settings", Level.EDIT)
@require_POST
def move_note_type(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(NoteType, pk=pk)
    actions.move_note_type(row, up="up" in request.POST, by=signed_in(request))
    return see_other(request, reverse("customers:note_types"))


@require("settings", Level.EDIT)
@require_POST
def remove_note_type(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(NoteType, pk=pk)
    actions.remove_note_type(row, by=signed_in(request))
    messages.success(request, f"{row.name} is no longer offered. Notes that have it keep it.")
    return redirect("customers:note_types")


@require("settings", Level.EDIT)
@require_POST
def restore_note_type(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(NoteType, pk=pk)
    if row.retired_at is not None:
        actions.add_note_type(row.name, by=signed_in(request))
        messages.success(request, f"{row.name} is offered again.")
    return redirect("customers:note_types")


def _blame(form: NameForm, no: Invalid) -> None:
    for name, sentence in no.errors.items():
        form.add_error(name if name in form.fields else None, f"{sentence}.")

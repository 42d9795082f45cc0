"""Settings › Custom fields, and the form in which a customer's are filled in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.customers import actions
from regulars.customers.custom import queries
from regulars.customers.forms import CustomForm, FieldForm
from regulars.customers.models import Customer, CustomField
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other


@require("settings")
@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    rows = list(CustomField.objects.order_by("position", "pk")[: 3 * queries.MOST_FIELDS])
    context = {
        "rows": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at is not None],
        "can_edit": signed_in(request).may("settings", Level.EDIT),
    }
    return page(request, "customers/fields.html", context)


@require("settings", Level.EDIT)
@require_http_methods(["GET", "POST"])
def new_field(request: HttpRequest) -> HttpResponse:
    form = FieldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_field(**form.said(), by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"{made.label} is added: it stands on every customer now.")
            return redirect("customers:fields")
    return _drawn(request, form, None)


@require("settings", Level.EDIT)
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CustomField, pk=pk)
    kept = {"label": row.label, "help": row.help, "choices": "\n".join(row.choices)}
    form = FieldForm(request.POST if request.method == "POST" else None, known=True, initial=kept)
    if row.kind != "choice":
        del form.fields["choices"]
    if request.method == "POST" and form.is_valid():
        said = {"choices": [], **form.cleaned_data}
        if row.kind == "choice":
            said = form.said()
        try:
            actions.change_field(row, **said, by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"{row.label} is saved.")
            return redirect("customers:fields")
    return _drawn(request, form, row)


def _drawn(request: HttpRequest, form: FieldForm, row: CustomField | None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "customers/field.html", {"form": form, "row": row}, status=status)


def _blame(form: FieldForm, no: Invalid) -> None:
    for name, sentence in no.errors.items():
        form.add_error(name if name in form.fields else None, f"{sentence}.")


@require("settings", Level.EDIT)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place `up`, or down."""
    row = get_object_or_404(CustomField, pk=pk)
    actions.move_field(row, up=bool(request.POST.get("up")), by=signed_in(request))
    return see_other(request, reverse("customers:fields"))


@require("settings", Level.EDIT)
@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of sight, or back again when it is archived."""
    row = get_object_or_404(CustomField, pk=pk)
    if row.archived_at is None:
        actions.archive_field(row, by=signed_in(request))
        messages.success(request, f"{row.label} is archived; what was said in it is kept.")
    else:
        actions.restore_field(row, by=signed_in(request))
        messages.success(request, f"{row.label} is back.")
    return redirect("customers:fields")


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def custom(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All custom fields of one customer in one form."""
    user = signed_in(request)
    who = Customer.objects.visible_to(user).known_as(public_id).first()
    if who is None:
        raise Http404("No such customer")
    known = queries.definitions()
    kept = queries.values_of([who.pk], known)[who.pk]
    form = CustomForm(
        request.POST if request.method == "POST" else None, definitions=known, kept=kept
    )
    if request.method == "POST" and form.is_valid():
        actions.put_custom(who, form.read, by=user)
        messages.success(request, "The details are saved.")
        return see_other(request, who.get_absolute_url())
    context = {"customer": who, "form": form}
    return page(
        request,
        "customers/custom.html",
        context,
        block="editor",
        status=422 if form.errors else 200,
    )

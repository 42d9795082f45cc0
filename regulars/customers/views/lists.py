"""Settings › Tags, and Settings › Groups and sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Func, IntegerField, OuterRef, Value
from django.db.models.functions import Coalesce, Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.customers import actions
from regulars.customers.forms import NameForm, TagForm
from regulars.customers.models import (
    Category,
    Customer,
    CustomerType,
    Group,
    Source,
    SourceName,
    Tag,
    Tagging,
)
from regulars.lib import numbers
from regulars.lib.errors import Invalid, in_words
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui.wording import plural

PAGE = 50
COUNTED = 99


def _blame(form: TagForm | NameForm, no: Invalid) -> None:
    for name, sentence in no.errors.items():
        form.add_error(name if name in form.fields else None, f"{sentence}.")


# --- Tags


@require("settings")
@require_http_methods(["GET", "POST"])
def tags(request: HttpRequest) -> HttpResponse:
    """All tags, fifty to a page, and a form for another one."""
    user = signed_in(request)
    form = TagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return _add_tag(request, form)
    return _tags(request, form, may_edit=user.may("settings", Level.EDIT))


@require("settings", Level.EDIT)
def _add_tag(request: HttpRequest, form: TagForm) -> HttpResponse:
    if form.is_valid():
        try:
            made = actions.add_tag(**form.cleaned_data, by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"{made.name} is added.")
            return redirect("customers:tags")
    return _tags(request, form, may_edit=True)


def _tags(request: HttpRequest, form: TagForm, *, may_edit: bool) -> HttpResponse:
    after = request.GET.get("after", "")[:60].replace("\x00", "")
    rows = Tag.objects.annotate(folded=Lower("name")).order_by("folded")
    rows = rows.filter(folded__gt=Lower(Value(after))) if after else rows
    found = list(rows.annotate(people=_people())[: PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "after": found[PAGE - 1].name if len(found) > PAGE else "",
        "most": COUNTED,
        "form": form,
        "can_edit": may_edit,
    }
    status = 422 if form.errors else 200
    return render(request, "customers/tags.html", context, status=status)


def _people() -> Any:
    """How many customers have a tag, counted no further than a page shows."""
    some = Tagging.objects.filter(tag=OuterRef("pk")).order_by()[: COUNTED + 1].values("pk")
    return Coalesce(
        Func(ArraySubquery(some), function="cardinality", output_field=IntegerField()), 0
    )


@require("settings", Level.EDIT)
@require_http_methods(["GET", "POST"])
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Tag, pk=pk)
    form = TagForm(
        request.POST if request.method == "POST" else None,
        initial={"name": row.name, "colour": row.colour},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_tag(row, **form.cleaned_data, by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"{row.name} is saved, on everybody who has it.")
            return redirect("customers:tags")
    return _tag(request, row, form)


def _tag(request: HttpRequest, row: Tag, form: TagForm, wrong: str = "") -> HttpResponse:
    others = Tag.objects.exclude(pk=row.pk)[:500]
    context = {"tag": row, "form": form, "others": others, "wrong": wrong}
    status = 422 if form.errors or wrong else 200
    return render(request, "customers/tag.html", context, status=status)


@require("settings", Level.EDIT)
@require_POST
def merge_tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who has this tag has the one named `into` from now on."""
    row = get_object_or_404(Tag, pk=pk)
    said = " ".join(request.POST.get("into", "").split())[:60].replace("\x00", "")
    into = Tag.objects.filter(name__iexact=said).exclude(pk=pk).first()
    if into is None:
        known = TagForm(initial={"name": row.name, "colour": row.colour})
        return _tag(request, row, known, f"There is no other tag called “{said}”.")
    moved = actions.merge_tags(row, into=into, by=signed_in(request))
    messages.success(
        request, f"{row.name} is {into.name} now; {plural(moved, 'customer')} gained it."
    )
    return redirect("customers:tags")


@require("settings", Level.EDIT)
@require_POST
def delete_tag(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Tag, pk=pk)
    actions.delete_tag(row, by=signed_in(request))
    messages.success(request, f"{row.name} is gone, from everybody who had it.")
    return redirect("customers:tags")


# --- Groups, categories, sources


@dataclass(frozen=True)
class Kind:
    """One of the lists: its rows and what is done to them."""

    key: str
    noun: str
    title: str
    help: str
    model: type[Any]
    add: Callable[..., Any]
    change: Callable[..., None]


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "groups", "group", "Groups", "Each customer is in exactly one.",
            Group, actions.add_group, actions.change_group,
        ),
        Kind(
            "categories", "category", "Categories",
            "What kind of buyer or business somebody is, such as Fleet or Boutique.",
            Category, actions.add_category, actions.change_category,
        ),
        Kind(
            "sources", "source", "Other sources",
            "Offered under Other, beside Internet, Phone and Walk In.",
            SourceName, actions.add_source, actions.change_source,
        ),
    )
}  # fmt: skip
MOST = 200


def _kind(key: str) -> Kind:
    if key not in KINDS:
        raise Http404("No such list")
    return KINDS[key]


@require("settings")
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    return _lists(request)


def _lists(request: HttpRequest, wrong: str = "", form: NameForm | None = None) -> HttpResponse:
    """`form` was refused in the list `wrong`."""
    shown = [
        (kind, list(kind.model._default_manager.all()[:MOST]),
         form if form is not None and kind.key == wrong else NameForm(prefix=kind.key))
        for kind in KINDS.values()
    ]  # fmt: skip
    context = {
        "lists": shown,
        "types": CustomerType.choices,
        "sources": Source.choices,
        "can_edit": signed_in(request).may("settings", Level.EDIT),
    }
    return render(request, "customers/lists.html", context, status=422 if wrong else 200)


@require("settings", Level.EDIT)
@require_POST
def new_entry(request: HttpRequest, kind: str) -> HttpResponse:
    """Another group, category or source."""
    of = _kind(kind)
    form = NameForm(request.POST, prefix=of.key)
    if form.is_valid():
        try:
            made = of.add(form.cleaned_data["name"], by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"{made.name} is added.")
            return redirect("customers:lists")
    return _lists(request, of.key, form)


@require("settings", Level.EDIT)
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    of = _kind(kind)
    row = get_object_or_404(of.model, pk=pk)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        try:
            of.change(row, name=form.cleaned_data["name"], by=signed_in(request))
        except Invalid as no:
            _blame(form, no)
        else:
            messages.success(request, f"{row.name} is saved.")
            return redirect("customers:lists")
    return _entry(request, of, row, form)


def _entry(
    request: HttpRequest, of: Kind, row: Any, form: NameForm, wrong: str = ""
) -> HttpResponse:
    used = False
    if of.key != "sources":
        mine = Customer.objects.get_queryset().filter(**{of.noun: OuterRef("pk")})
        used = of.model._default_manager.filter(Exists(mine), pk=row.pk).exists()
    others = [] if of.key == "sources" else of.model._default_manager.exclude(pk=row.pk)[:MOST]
    context = {"kind": of, "row": row, "form": form, "others": others, "used": used, "wrong": wrong}
    status = 422 if form.errors or wrong else 200
    return render(request, "customers/entry.html", context, status=status)


@require("settings", Level.EDIT)
@require_POST
def remove_entry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Gone; its customers go over to the one whose id is `to`."""
    of, by = _kind(kind), signed_in(request)
    row = get_object_or_404(of.model, pk=pk)
    number = numbers.whole(request.POST.get("to", ""))
    to = of.model._default_manager.filter(pk=number).exclude(pk=pk).first()
    try:
        _remove(of, row, to, by)
    except Invalid as no:
        known = NameForm(initial={"name": row.name})
        return _entry(request, of, row, known, in_words(no) + ".")
    messages.success(request, f"{row.name} is gone.")
    return redirect("customers:lists")


def _remove(of: Kind, row: Any, to: Any, by: Any) -> None:
    if of.key == "sources":
        actions.remove_source(row, by=by)
    elif of.key == "categories":
        actions.remove_category(row, to=to, by=by)
    elif to is None:
        raise Invalid({"to": "Choose the group that takes its customers"})
    else:
        actions.remove_group(row, to=to, by=by)


@require("settings", Level.EDIT)
@require_POST
def default_group(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Group, pk=pk)
    actions.choose_default_group(row, by=signed_in(request))
    messages.success(request, f"Whoever is added without a group is in {row.name} now.")
    return redirect("customers:lists")

"""Views of the customer list: saving, changing and deleting them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.audiences import actions, queries
from regulars.audiences import saved as views_of
from regulars.audiences.forms import ViewForm
from regulars.audiences.models import Shared, View
from regulars.criteria import text, url
from regulars.criteria.language import CriteriaError
from regulars.lib.errors import Invalid, in_words
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other

from .shown import LONGEST, asking_of, blame


@require_http_methods(["GET", "POST"])
@require("customers")
def views(request: HttpRequest) -> HttpResponse:
    """All views this colleague has; saving the list as it stands under a name."""
    if request.method == "POST":
        return _save(request)
    user, asking = signed_in(request), asking_of(request)
    rows = views_of.views(user)
    context = {
        "views": [
            (row, queries.in_words(row.criteria, asking), row.owner_id == user.pk) for row in rows
        ]
    }
    return page(request, "audiences/views.html", context)


def _save(request: HttpRequest) -> HttpResponse:
    """Then the list again, with its tab."""
    if request.POST.get("instead"):
        return _replace(request, request.POST["instead"])
    user, form = signed_in(request), ViewForm(request.POST)
    here = f"{resolve_url('desk:customers')}?{request.POST.get('list', '')[:LONGEST]}"
    try:
        if not form.is_valid():
            raise Invalid({name: " ".join(map(str, said)) for name, said in form.errors.items()})
        made = actions.save_view(
            name=form.cleaned_data["name"],
            shows=_shown(request),
            shared=form.cleaned_data["shared"] or Shared.PRIVATE,
            by=user,
        )
    except Invalid as no:
        messages.error(request, in_words(no))
        return see_other(request, here)
    messages.success(request, f"“{made.name}” is saved and stands as a tab.")
    return see_other(request, here)


def _replace(request: HttpRequest, public_id: str) -> HttpResponse:
    """One's own view shows the list as it stands; a foreign one and a missing one are a 404."""
    user = signed_in(request)
    found = views_of.own(user, public_id)
    if found is None:
        raise Http404
    try:
        found = actions.change_view(found, shows=_shown(request), by=user)
    except Invalid as no:
        messages.error(request, in_words(no))
    else:
        messages.success(request, f"“{found.name}” shows this list from now on.")
    return see_other(request, found.get_absolute_url())


def _shown(request: HttpRequest) -> actions.ViewFacts:
    """The list whose address the form carries."""
    given = QueryDict(request.POST.get("list", "")[:LONGEST])
    try:
        criteria = text.write(url.read(given, asking_of(request)))
    except CriteriaError as error:
        raise Invalid({"criteria": str(error)}) from None
    return actions.ViewFacts(
        criteria=criteria,
        q=given.get("q", ""),
        sort=given.get("sort", "recent"),
        archived=given.get("archived") == "1",
        display=given.get("show", ""),
    )


@require_http_methods(["GET", "POST"])
@require("customers")
def view(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Its name, who has it and whether it is a tab; the list itself is changed by saving it anew.

    One's own; a foreign one and a missing one are the same 404.
    """
    one, form = _own(request, public_id), ViewForm(request.POST or None)
    if request.method == "GET":
        form = ViewForm(initial=vars(one))
    elif _changed(request, one, form):
        messages.success(request, f"The view “{one.name}” is saved.")
        return see_other(request, reverse("audiences:views"))
    context = {
        "view": one,
        "said": queries.in_words(one.criteria, asking_of(request)),
        "form": form,
    }
    return page(
        request, "audiences/view.html", context, status=200 if request.method == "GET" else 422
    )


def _changed(request: HttpRequest, one: View, form: ViewForm) -> bool:
    if not form.is_valid():
        return False
    said = form.cleaned_data
    try:
        actions.change_view(
            one,
            name=said["name"],
            shared=said["shared"] or Shared.PRIVATE,
            pinned=said["pinned"],
            by=signed_in(request),
        )
    except Invalid as no:
        blame(form, no)
        return False
    return True


@require_POST
@require("customers")
def delete_view(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One's own; a foreign one and a missing one are the same 404."""
    found = _own(request, public_id)
    actions.delete_view(found, by=signed_in(request))
    messages.success(request, f"The view “{found.name}” is deleted.")
    return see_other(request, reverse("audiences:views"))


def _own(request: HttpRequest, public_id: UUID) -> View:
    found = View.objects.filter(owner=signed_in(request), public_id=public_id).first()
    if found is None:
        raise Http404
    return found

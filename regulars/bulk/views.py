"""The pages of a piece of work on many: what it needs, the dry run, progress, receipt, undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.bulk import actions, choosing, dry, queries
from regulars.bulk.deeds import Deed, deeds
from regulars.bulk.models import Receipt, State
from regulars.bulk.selection import Selection, read
from regulars.criteria import text, url
from regulars.criteria.language import CriteriaError
from regulars.lib.errors import Invalid, NotAllowed, in_words
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other

TEMPLATE = "bulk/receipt.html"


@require("customers")
@require_safe
def receipts(request: HttpRequest) -> HttpResponse:
    """What was done to many lately, and by whom."""
    user = signed_in(request)
    found, following = queries.recent(user, cursor=request.GET.get("cursor", ""))
    return page(request, "bulk/receipts.html", {"receipts": found, "more": following})


@require("customers")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """The list's bar: a deed for those that were ticked, or for all that the list holds."""
    user = signed_in(request)
    try:
        chosen = _chosen(request)
        deed = deeds.get(request.POST.get("deed", ""))
        if deed is not None and deed.page:
            return _page_of(request, deed, chosen)
        made = actions.draft(request.POST.get("deed", ""), chosen, by=user)
    except (Invalid, NotAllowed) as error:
        messages.error(request, in_words(error))
        return see_other(request, _back(request))
    return see_other(request, made.get_absolute_url())


MOST_PICKED = 200  # of ids in an address


def _page_of(request: HttpRequest, deed: Deed, chosen: Selection) -> HttpResponse:
    most = deed.most or MOST_PICKED
    fits = deed.most is None if chosen.all_of_them else deed.least <= len(chosen.ids) <= most
    if not fits:
        said = f"Tick between {deed.least} and {most} customers"
        raise Invalid({"ids": f"{said}." if deed.most else f"{said}, or choose all that match."})
    assert deed.page is not None  # noqa: S101 (narrowing)
    return see_other(request, deed.page(chosen))


def _chosen(request: HttpRequest) -> Selection:
    asked = request.POST
    ids = [*asked.getlist("id"), *asked.get("ids", "").split()]
    if asked.get("all") != "1":
        return Selection(ids=choosing.ids_of(ids))
    asking = choosing.asking_of(signed_in(request))
    try:
        filter = text.write(url.read(_list_of(request), asking))
    except CriteriaError as error:
        raise Invalid({"filter": str(error)}) from None
    return Selection(
        all_of_them=True,
        filter=filter,
        q=asked.get("q", "").replace("\x00", "")[:200],
        archived=asked.get("archived") == "1",
    )


def _list_of(request: HttpRequest) -> dict[str, list[str]]:
    """The parameters of the list, without the form's own."""
    own = {"id", "ids", "all", "deed", "next", "csrfmiddlewaretoken", "q", "sort", "archived"}
    return {name: values for name, values in request.POST.lists() if name not in own}


def _back(request: HttpRequest) -> str:
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure())
    return there if safe else resolve_url("desk:customers")


@require("customers")
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What it needs (told by POST) and the dry run, then progress, then the receipt."""
    found = _found(request, public_id)
    if found.state != State.DRAFT and request.method == "POST":
        messages.error(request, "This was started already.")
        return see_other(request, found.get_absolute_url())
    if found.state != State.DRAFT:
        return page(request, TEMPLATE, _told(request, found))
    return _drawn_up(request, found)


def _drawn_up(request: HttpRequest, found: Receipt) -> HttpResponse:
    user, deed = signed_in(request), found.what
    if deed is None:
        raise Http404
    form_class, status = deed.form(user), 200
    form = form_class(initial=found.values)
    if request.method == "POST":
        form = form_class(request.POST)
        try:
            found = actions.fill(found, request.POST.dict(), by=user)
            return see_other(request, found.get_absolute_url())
        except (actions.Busy, NotAllowed) as error:
            messages.error(request, str(error))
            return see_other(request, found.get_absolute_url())
        except Invalid:
            status = 422
    context: dict[str, Any] = {
        "receipt": found,
        "deed": deed,
        "form": form,
        "run": None,
        "problem": "",
    }
    chosen = read(found.selection)
    try:
        if status == 200 and (found.values or not form.fields):
            run = context["run"] = dry.dry_run(deed, found.values, chosen, by=user)
            context["count"] = choosing.Count(run.total, run.more)
        else:
            context["count"] = choosing.count(chosen, user)
    except Invalid as error:
        context["problem"] = in_words(error)
    return page(request, TEMPLATE, context, status=status)


def _told(request: HttpRequest, found: Receipt) -> dict[str, Any]:
    user = signed_in(request)
    told: dict[str, Any] = {
        "receipt": found,
        "deed": found.what,
        "may_undo": actions.may_undo(found, by=user),
    }
    if not found.is_busy:
        told |= {
            "changed": queries.changed(found, user),
            "skipped": queries.skipped(found),
            "torn": queries.torn(found, user),
            "added": queries.added(found),
        }
    return told


@require("customers")
@require_POST
def start(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, public_id, lambda found, user: actions.start(found, by=user))


@require("customers")
@require_POST
def stop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, public_id, lambda found, user: actions.stop(found, by=user))


@require("customers")
@require_POST
def undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    anyway = request.POST.get("touched") == "remove"
    return _done(
        request, public_id, lambda found, by: actions.undo(found, by=by, remove_touched=anyway)
    )


@require("customers")
@require_POST
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = _found(request, public_id)
    try:
        actions.discard(found, by=signed_in(request))
    except NotAllowed as no:
        raise PermissionDenied(str(no)) from no
    except actions.Busy as error:
        messages.error(request, str(error))
        return see_other(request, found.get_absolute_url())
    return see_other(request, reverse("desk:customers"))


def _done(request: HttpRequest, public_id: UUID, do: Any) -> HttpResponse:
    found = _found(request, public_id)
    try:
        do(found, signed_in(request))
    except NotAllowed as no:
        raise PermissionDenied(str(no)) from no
    except (actions.Busy, Invalid) as error:
        messages.error(request, in_words(error))
    return see_other(request, found.get_absolute_url())


def _found(request: HttpRequest, public_id: UUID) -> Receipt:
    """Somebody else's is the same 404 as a missing one."""
    found = queries.one(signed_in(request), public_id)
    if found is None:
        raise Http404
    return found

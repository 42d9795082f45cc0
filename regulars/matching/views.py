"""The clean-up: one pair at a time, the surest first, with the evidence beside it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.customers.models import Customer
from regulars.lib import numbers
from regulars.lib.cursors import BadCursor
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui import toasts
from regulars.ui.page import page, see_other

from . import actions, queries
from .beside import beside
from .models import Pair, Verdict

KINDS = {
    "duplicate": "Likely the same",
    "review": "To look at",
    "household": "One household",
}
LINE = 8
SAID = {
    "same": "Marked as the same.",
    "different": "These two are not asked about again.",
    "family": "They are one household.",
    "later": "You are asked again in a month.",
}


@require("customers")
@require_safe
def clean_up(request: HttpRequest) -> HttpResponse:
    """One pair to decide, what speaks for it, and the next in line."""
    user = signed_in(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "duplicate"
    try:
        found = queries.page(
            user, relation=kind, cursor=request.GET.get("cursor") or None, limit=LINE
        )
    except BadCursor:
        return see_other(request, _here(kind))
    chosen = _chosen(user, request.GET.get("pair", "")) or next(iter(found.items), None)
    context = {
        "kind": kind,
        "kinds": [(key, label, _here(key)) for key, label in KINDS.items()],
        "pair": chosen,
        "sides": beside(user, chosen) if chosen else None,
        "line": [pair for pair in found.items if chosen is None or pair.pk != chosen.pk],
        "more": f"{_here(kind)}&{urlencode({'cursor': found.next})}" if found.next else "",
        "certain": queries.certain(user).count() if kind == "duplicate" else 0,
        "can_edit": user.may("customers", Level.EDIT),
        "searched": queries.last_search(),
    }
    return page(request, "matching/clean_up.html", context, block="pairing")


@require("customers", Level.EDIT)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Same, different, family, or later; then the next pair."""
    user = signed_in(request)
    pair = _pair(user, pk)
    said = str(request.POST.get("verdict", ""))
    if said == "later":
        actions.postpone(pair.customer, pair.other, by=user)
        toasts.say(request, SAID["later"])
    else:
        try:
            decided = actions.decide(pair.customer, pair.other, verdict=said, by=user)
        except Invalid as no:
            toasts.warn(request, f"{no}.")
        else:
            undo = reverse("matching:undo", args=[decided.verdict.pk])
            toasts.say(request, SAID[said], undo=undo)
    return see_other(request, _here(pair.relation))


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def certain(request: HttpRequest) -> HttpResponse:
    """All that are beyond doubt: first what would happen, then at once."""
    user = signed_in(request)
    found = queries.certain(user)
    if request.method == "POST":
        said = map(numbers.whole, request.POST.getlist("pair"))
        ids = [one for one in said if one is not None][: queries.MOST]
        done = actions.accept(list(found.filter(pk__in=ids)), by=user)
        toasts.say(request, f"{done} marked as the same.")
        return see_other(request, _here("duplicate"))
    rows = list(found.select_related("customer", "other")[: queries.MOST])
    return page(request, "matching/certain.html", {"rows": rows, "most": queries.MOST})


@require("customers", Level.EDIT)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a verdict back: the pair is asked again."""
    user = signed_in(request)
    seen = Customer.objects.visible_to(user)
    found = (
        Verdict.objects.filter(pk=pk, customer__in=seen, other__in=seen)
        .select_related("customer", "other")
        .first()
    )
    if found is None:
        raise Http404
    actions.reconsider(found.customer, found.other, by=user)
    toasts.say(request, "Taken back.")
    return see_other(request, reverse("matching:clean_up"))


def _here(kind: str) -> str:
    return f"{reverse('matching:clean_up')}?{urlencode({'kind': kind})}"


def _chosen(user: User, said: str) -> Pair | None:
    pk = numbers.whole(said)
    if pk is None:
        return None
    found = queries.visible(user).select_related("customer", "other")
    return found.filter(pk=pk).first()


def _pair(user: User, pk: int) -> Pair:
    found = queries.visible(user).select_related("customer", "other").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found

"""What people decided, and taking it back."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from regulars.lib.cursors import BadCursor
from regulars.matching import actions, queries
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui import toasts
from regulars.ui.page import page, see_other

from .kinds import chips

PAGE = 50


@require("customers")
@require_safe
def decided(request: HttpRequest) -> HttpResponse:
    """What was said about pairs, and what was merged; each can be taken back."""
    user = signed_in(request)
    here = reverse("matching:decided")
    try:
        found = queries.decided(user, cursor=request.GET.get("cursor") or None, limit=PAGE)
    except BadCursor:
        return see_other(request, here)
    context = {
        "kind": "decided",
        "kinds": chips(),
        "rows": found.items,
        "more": f"{here}?{urlencode({'cursor': found.next})}" if found.next else "",
        "can_edit": user.may("customers", Level.EDIT),
    }
    return page(request, "matching/decided.html", context)


@require("customers", Level.EDIT)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a verdict back, with those said in the same deed: they are asked about again."""
    user = signed_in(request)
    seen = queries.verdicts_seen(user).select_related("customer", "other")
    found = seen.filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.together is None:
        actions.reconsider(found.customer, found.other, by=user)
    else:
        actions.reconsider_all(list(queries.said_with(user, found)), by=user)
    toasts.say(request, "Taken back: you are asked about them again.")
    listed = request.POST.get("from") == "decided"
    return see_other(request, reverse("matching:decided" if listed else "matching:clean_up"))

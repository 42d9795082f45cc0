"""Those beyond doubt: looked over, merged together under one receipt, and taken apart together."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.lib import numbers
from regulars.matching import actions, queries
from regulars.matching.models import Batch
from regulars.matching.together import looked_over
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui import toasts
from regulars.ui.page import page, see_other
from regulars.ui.wording import plural

from .kinds import here


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def certain(request: HttpRequest) -> HttpResponse:
    """All that are beyond doubt: first what would happen, then at once."""
    user = signed_in(request)
    found = queries.certain(user).select_related("customer__owner", "other__owner")
    if request.method == "POST":
        said = map(numbers.whole, request.POST.getlist("pair"))
        ids = [one for one in said if one is not None][: queries.MERGED_AT_ONCE]
        told = actions.accept(list(found.filter(pk__in=ids)), by=user)
        if told.batch is None:
            toasts.warn(request, "Nothing was merged: look at them one by one.")
            return see_other(request, here("duplicate"))
        toasts.say(
            request,
            f"{plural(told.done, 'pair')} merged.",
            undo=reverse("matching:undo_batch", args=[told.batch.public_id]),
        )
        return see_other(request, reverse("matching:batch", args=[told.batch.public_id]))
    rows = looked_over(found[: queries.MERGED_AT_ONCE])
    return page(request, "matching/certain.html", {"rows": rows, "most": queries.MERGED_AT_ONCE})


@require("customers")
@require_safe
def batch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The receipt of merges that were made together."""
    user = signed_in(request)
    found = _batch(user, public_id)
    merges = queries.merges_of(user, found)
    context = {
        "batch": found,
        "rows": [(one, queries.names_in(one)) for one in merges],
        "stands": {
            one.pk for one in merges if any(p.undone_at is None for p in one.profiles.all())
        },
        "may_undo": bool(merges) and found.undone_at is None and user.may("customers", Level.EDIT),
    }
    return page(request, "matching/batch.html", context)


@require("customers", Level.EDIT)
@require_POST
def undo_batch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All of them come apart; what cannot is named."""
    user = signed_in(request)
    found = _batch(user, public_id)
    told = actions.undo_batch(found, by=user)
    if told.undone:
        toasts.say(request, f"{plural(len(told.undone), 'merge')} taken back.")
    for merge, why in told.stay[:3]:
        toasts.warn(request, f"{merge.customer.name} stays as it is: {why.rstrip('.')}.")
    return see_other(request, reverse("matching:batch", args=[found.public_id]))


def _batch(user: User, public_id: UUID) -> Batch:
    found = queries.batches_seen(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found

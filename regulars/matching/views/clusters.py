"""What is decided about more than two at once."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from regulars.customers.models import Customer
from regulars.lib.errors import Invalid, Stale, in_words
from regulars.matching import actions, queries
from regulars.matching.clusters import MOST
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui import toasts
from regulars.ui.page import see_other

from .becoming import becoming_one
from .kinds import KINDS, here, not_later

SAID = {
    "different": "None of them are the same; you are not asked again.",
    "family": "They are one household.",
    "later": "You are asked about them again in a month.",
    "now": "Taken back: you are asked about them now.",
}


@require("customers", Level.EDIT)
@require_POST
def decide_cluster(request: HttpRequest) -> HttpResponse:
    """All one, all different, family, later or now; or `out`, one of them is not the others.

    Of those who were shown, whoever else may be like them by now; then what comes next."""
    user = signed_in(request)
    given = request.POST if request.POST.get("members") else request.GET
    records = _members(user, given.getlist("members"))
    kind = str(given.get("kind", ""))
    on = here(kind if kind in KINDS else "duplicate")
    said = str(request.POST.get("verdict") or request.GET.get("verdict", ""))
    out = str(request.POST.get("out", ""))
    try:
        if out:
            on = _without(request, user, records, out, on)
        elif said == "same":
            on = becoming_one(request, records, on, stays=str(request.POST.get("stays", "")))
        elif said == "later":
            actions.postpone_all(records, by=user)
            toasts.say(request, SAID[said], undo=not_later(records, kind))
        elif said == "now":
            actions.ask_now(records, by=user)
            toasts.say(request, SAID[said])
        else:
            told = actions.decide_all(records, verdict=said, by=user)
            _say(request, told, SAID[said])
    except (Invalid, Stale) as no:
        toasts.warn(request, f"{in_words(no).rstrip('.')}.")
    return see_other(request, on)


def _without(
    request: HttpRequest, user: User, records: Sequence[Customer], out: str, on: str
) -> str:
    """That one is none of the others, who are what is asked about next, if they still are."""
    one = next((one for one in records if str(one.public_id) == out), None)
    if one is None:
        raise Invalid({"out": "This is none of them"})
    told = actions.decide_all(records, verdict="different", out=one, by=user)
    _say(request, told, f"{one.name} is none of the others, and not asked about with them again.")
    rest = [row for row in records if row != one]
    left = queries.visible(user).filter(customer__in=rest, other__in=rest)
    pair = left.order_by("-score", "-pk").first()
    return f"{reverse('matching:clean_up')}?{urlencode({'cluster': pair.pk})}" if pair else on


def _say(request: HttpRequest, told: actions.Told, sentence: str) -> None:
    first = next(iter(told.verdicts), None)
    toasts.say(request, sentence, undo=reverse("matching:undo", args=[first.pk]) if first else "")


def _members(user: User, said: Sequence[str]) -> list[Customer]:
    """All of them, or a 404: whoever went, may not be seen or never was is missing alike."""
    try:
        wanted = {UUID(one) for one in said[: MOST + 1]}
    except ValueError:
        raise Http404 from None
    rows = Customer.objects.visible_to(user).current().filter(public_id__in=wanted)
    found = list(rows.order_by("pk"))
    if not wanted or len(found) < len(wanted):
        raise Http404
    return found

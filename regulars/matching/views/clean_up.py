"""The clean-up: one pair or cluster at a time, the surest first, with the evidence beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from regulars.customers import homes
from regulars.customers.households import called
from regulars.customers.merging.choosing import best_known
from regulars.customers.models import Customer
from regulars.lib import clock, numbers
from regulars.lib.cursors import BadCursor
from regulars.lib.errors import Invalid, Stale, in_words
from regulars.matching import actions, queries
from regulars.matching.beside import Sides, beside
from regulars.matching.evidence import evidence
from regulars.matching.line import Item, Line, line, line_from
from regulars.matching.models import Pair
from regulars.matching.relations import Relation
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui import toasts
from regulars.ui.page import page, see_other

from .becoming import becoming_one
from .kinds import KINDS, chips, here, not_later

LINE = 8
NOT_FAMILY = "They are no family, and not asked about again."
PATIENCE = 600  # seconds in which a page waits for the search that was asked for
SAID = {
    "different": "These two are not asked about again.",
    "family": "They are one household.",
    "later": "You are asked again in a month.",
}


@require("customers")
@require_safe
def clean_up(request: HttpRequest) -> HttpResponse:
    """One pair or cluster to decide, what speaks for it, and the next in line."""
    user = signed_in(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "duplicate"
    try:
        found = _line(request, user, kind)
    except BadCursor:
        found = None
    if found is None:
        return see_other(request, here(kind))
    kind, chosen = found.kind, next(iter(found.items), None)
    sides = _sides(user, chosen) if chosen else None
    searched = None if sides else queries.last_search()
    can_edit = user.may("customers", Level.EDIT)
    context = {
        "kind": kind,
        "kinds": chips(),
        "pair": chosen.pair if chosen else None,
        "sides": sides,
        "line": [(one, _beside(found, one)) for one in found.items[1:]],
        "more": f"{here(kind)}&{urlencode({'cursor': found.next})}" if found.next else "",
        "homes": _homes(user, chosen.pair) if chosen and kind == queries.HOMES else [],
        "certain": found.web.certain if found.web and kind == "duplicate" and can_edit else 0,
        "can_edit": can_edit,
        "searched": searched,
        "looking": "" if sides else _looking(request, kind, searched),
        **_together(found, chosen, sides),
    }
    return page(request, "matching/clean_up.html", context, block="pairing")


def _line(request: HttpRequest, user: User, kind: str) -> Line | None:
    """From what was asked for, a `pair` alone or the `cluster` it is in; else the surest ones.

    None for what is no pair of theirs."""
    said = [(key, request.GET[key]) for key in ("pair", "cluster") if request.GET.get(key)]
    if not said:
        return line(user, kind=kind, cursor=request.GET.get("cursor") or None, limit=LINE)
    key, asked = said[0]
    pk = numbers.whole(asked)
    found = line_from(user, pk, alone=key == "pair", limit=LINE) if pk is not None else None
    return found if found and found.items else None


def _beside(found: Line, item: Item) -> str:
    """The other one; of a cluster how many they are, and what they are called besides."""
    if item.cluster is None or found.web is None:
        return item.pair.other.name
    others = {found.web.names[pk] for pk in item.cluster.members} - {item.pair.customer.name}
    also = f": {', '.join(sorted(others))}" if others else ""
    return f"{len(item.cluster.members)} records{also}"


def _sides(user: User, item: Item) -> Sides | None:
    pair, cluster = item.pair, item.cluster
    return beside(user, cluster.members if cluster else [pair.customer_id, pair.other_id])


def _together(found: Line, chosen: Item | None, sides: Sides | None) -> dict[str, Any]:
    """What a cluster is shown with; of a pair that was asked for alone, how many there would be."""
    if found.web is None or chosen is None or sides is None:
        return {"cluster": None, "of": 0}
    if chosen.cluster is None:
        around = found.web.around(chosen.pair)
        return {"cluster": None, "of": len(around.members) if around else 0}
    return {
        "cluster": chosen.cluster,
        "evidence": evidence(found.web, chosen.cluster),
        "stays": best_known([card.customer for card in sides.cards]),
        "of": 0,
    }


@require("customers", Level.EDIT)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look for duplicates now; the page waits for what is found."""
    kind = str(request.POST.get("kind", ""))
    actions.ask(by=signed_in(request))
    since = {"since": int(clock.now().timestamp())}
    return see_other(request, f"{here(kind if kind in KINDS else 'duplicate')}&{urlencode(since)}")


def _looking(request: HttpRequest, kind: str, searched: datetime | None) -> str:
    """Where the page asks again while the search that was asked for is not over; else ""."""
    since = numbers.whole(request.GET.get("since", ""))
    if since is None or (searched and searched.timestamp() >= since):
        return ""
    waits = since <= clock.now().timestamp() < since + PATIENCE
    return f"{here(kind)}&{urlencode({'since': since})}" if waits else ""


def _homes(user: User, pair: Pair) -> list[tuple[str, list[Customer]]]:
    """The two households with whom of them the reader sees, the side of each in its turn."""
    ids = [one.household_id or 0 for one in (pair.customer, pair.other)]
    living = homes.living_in(user, ids)
    return [
        (called(next((one.household.name for one in people if one.household), ""),
                sorted(one.last_name for one in people)), people)
        for people in (living[pk] for pk in ids)
    ]  # fmt: skip


@require("customers", Level.EDIT)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Same, different, family, or later; then the next pair."""
    user = signed_in(request)
    pair = _pair(user, pk)
    family = pair.relation == Relation.HOUSEHOLD
    kind = queries.kind_of(pair)
    said, on = str(request.POST.get("verdict", "")), here(kind)
    try:
        if said == "same":
            return see_other(request, becoming_one(request, [pair.customer, pair.other], on))
        if said == "later":
            actions.postpone(pair.customer, pair.other, by=user)
            toasts.say(request, SAID[said], undo=not_later([pair.customer, pair.other], kind))
        else:
            decided = actions.decide(pair.customer, pair.other, verdict=said, by=user)
            undo = reverse("matching:undo", args=[decided.verdict.pk])
            told = SAID[said] if said != "different" or not family else NOT_FAMILY
            toasts.say(request, told, undo=undo)
    except (Invalid, Stale) as no:
        toasts.warn(request, f"{in_words(no).rstrip('.')}.")
    return see_other(request, on)


def _pair(user: User, pk: int) -> Pair:
    found = queries.visible(user).select_related("customer", "other").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found

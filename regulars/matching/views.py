"""The clean-up: one pair at a time, the surest first, with the evidence beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.customers import homes
from regulars.customers.households import called
from regulars.customers.merging import choosing
from regulars.customers.models import Customer
from regulars.lib import clock, numbers
from regulars.lib.cursors import BadCursor
from regulars.lib.errors import Invalid, Stale
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui import toasts
from regulars.ui.page import page, see_other
from regulars.ui.wording import plural

from . import actions, queries
from .beside import beside
from .models import Batch, Pair, Verdict
from .relations import Relation

KINDS = {
    "duplicate": "Likely the same",
    "review": "To look at",
    "household": "One household",
    queries.HOMES: "Two households",
}
LINE, PAGE = 8, 50
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
    """One pair to decide, what speaks for it, and the next in line."""
    user = signed_in(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "duplicate"
    asked = request.GET.get("pair", "")
    try:
        found = _line(user, kind, asked, request.GET.get("cursor") or None)
    except BadCursor:
        return see_other(request, _here(kind))
    if asked and not found.items:
        return see_other(request, _here(kind))
    chosen = next(iter(found.items), None)
    kind = queries.kind_of(chosen) if chosen and asked else kind
    sides = beside(user, chosen) if chosen else None
    searched = None if sides else queries.last_search()
    can_edit = user.may("customers", Level.EDIT)
    context = {
        "kind": kind,
        "kinds": _kinds(),
        "pair": chosen,
        "sides": sides,
        "line": found.items[1:],
        "more": f"{_here(kind)}&{urlencode({'cursor': found.next})}" if found.next else "",
        "homes": _homes(user, chosen) if chosen and kind == queries.HOMES else [],
        "certain": queries.how_many_certain(user) if kind == "duplicate" and can_edit else 0,
        "can_edit": can_edit,
        "searched": searched,
        "looking": "" if sides else _looking(request, kind, searched),
    }
    return page(request, "matching/clean_up.html", context, block="pairing")


@require("customers", Level.EDIT)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look for duplicates now; the page waits for what is found."""
    kind = str(request.POST.get("kind", ""))
    actions.ask(by=signed_in(request))
    since = {"since": int(clock.now().timestamp())}
    return see_other(request, f"{_here(kind if kind in KINDS else 'duplicate')}&{urlencode(since)}")


def _looking(request: HttpRequest, kind: str, searched: datetime | None) -> str:
    """Where the page asks again while the search that was asked for is not over; else ""."""
    since = numbers.whole(request.GET.get("since", ""))
    if since is None or (searched and searched.timestamp() >= since):
        return ""
    waits = since <= clock.now().timestamp() < since + PATIENCE
    return f"{_here(kind)}&{urlencode({'since': since})}" if waits else ""


def _line(user: User, kind: str, asked: str, cursor: str | None) -> queries.Page:
    """From the pair that was asked for, or the surest ones; empty for what is no pair of theirs."""
    if not asked:
        return queries.page(user, relation=kind, cursor=cursor, limit=LINE)
    pk = numbers.whole(asked)
    if pk is None:
        return queries.Page([], None)
    return queries.page_from(user, pk, limit=LINE)


def _homes(user: User, pair: Pair) -> list[tuple[str, list[Customer]]]:
    """The two households with whom of them the reader sees, the side of each in its turn."""
    ids = [one.household_id or 0 for one in (pair.customer, pair.other)]
    living = homes.living_in(user, ids)
    return [
        (called(next((one.household.name for one in people if one.household), ""),
                sorted(one.last_name for one in people)), people)
        for people in (living[pk] for pk in ids)
    ]  # fmt: skip


def _kinds() -> list[tuple[str, str, str]]:
    return [
        *((key, label, _here(key)) for key, label in KINDS.items()),
        ("decided", "Decided", reverse("matching:decided")),
    ]


@require("customers", Level.EDIT)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Same, different, family, or later; then the next pair."""
    user = signed_in(request)
    pair = _pair(user, pk)
    family = pair.relation == Relation.HOUSEHOLD
    said, on = str(request.POST.get("verdict", "")), _here(queries.kind_of(pair))
    try:
        if said == "same":
            return see_other(request, _same(request, user, pair, on))
        if said == "later":
            actions.postpone(pair.customer, pair.other, by=user)
            toasts.say(request, SAID[said])
        else:
            decided = actions.decide(pair.customer, pair.other, verdict=said, by=user)
            undo = reverse("matching:undo", args=[decided.verdict.pk])
            words = SAID[said] if said != "different" or not family else NOT_FAMILY
            toasts.say(request, words, undo=undo)
    except (Invalid, Stale) as no:
        toasts.warn(request, f"{no}.".replace("..", "."))
    return see_other(request, on)


def _same(request: HttpRequest, user: User, pair: Pair, on: str) -> str:
    """They become one at once when there is nothing to choose or to heed, else side by side."""
    two = choosing.chosen(user, [pair.customer.public_id, pair.other.public_id])
    primary = choosing.best_known(two)
    others = [one for one in two if one != primary]
    shown = choosing.preview(user, primary, others)
    if shown.rows or shown.warnings:
        asked = {"ids": ",".join(str(one.public_id) for one in two), "next": on}
        return f"{reverse('desk:merge')}?{urlencode(asked)}"
    merge = actions.unite(primary, others, by=user)
    undo = reverse("desk:undo_merge", args=[merge.public_id])
    toasts.say(request, f"Merged into {primary.name}: {others[0].name}.", undo=undo)
    return on


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def certain(request: HttpRequest) -> HttpResponse:
    """All that are beyond doubt: first what would happen, then at once."""
    user = signed_in(request)
    found = queries.certain(user).select_related("customer__owner", "other__owner")
    if request.method == "POST":
        said = map(numbers.whole, request.POST.getlist("pair"))
        ids = [one for one in said if one is not None][: queries.MOST]
        told = actions.accept(list(found.filter(pk__in=ids)), by=user)
        if told.batch is None:
            toasts.warn(request, "Nothing was merged: look at them one by one.")
            return see_other(request, _here("duplicate"))
        toasts.say(
            request,
            f"{plural(told.done, 'pair')} merged.",
            undo=reverse("matching:undo_batch", args=[told.batch.public_id]),
        )
        return see_other(request, reverse("matching:batch", args=[told.batch.public_id]))
    rows = [Sure.of(pair) for pair in found[: queries.MOST]]
    return page(request, "matching/certain.html", {"rows": rows, "most": queries.MOST})


@require("customers")
@require_safe
def batch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The receipt of merges that were made together."""
    user = signed_in(request)
    found = _batch(user, public_id)
    merges = queries.merges_of(user, found)
    context = {
        "batch": found,
        "rows": [(one, [p.name for p in one.profiles.all()]) for one in merges],
        "stands": {
            one.pk for one in merges if any(p.undone_at is None for p in one.profiles.all())
        },
        "may_undo": found.undone_at is None and user.may("customers", Level.EDIT),
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
    seen = {one.pk for one in queries.merges_of(user, found)}
    for merge, why in told.stay[:3]:
        if merge.pk in seen:
            toasts.warn(request, f"{merge.customer.name} stays as it is: {why.rstrip('.')}.")
    return see_other(request, reverse("matching:batch", args=[found.public_id]))


def _batch(user: User, public_id: UUID) -> Batch:
    found = queries.batches_seen(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Sure:
    """A pair beyond doubt: who stays, who goes, and whether the owner is in question."""

    pair: Pair
    stays: Customer
    goes: Customer

    @classmethod
    def of(cls, pair: Pair) -> Sure:
        stays = choosing.best_known([pair.customer, pair.other])
        return cls(pair, stays, pair.other if stays == pair.customer else pair.customer)

    @property
    def has_two_owners(self) -> bool:
        owners = {self.stays.owner_id, self.goes.owner_id} - {None}
        return len(owners) > 1


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
        "kinds": _kinds(),
        "rows": found.items,
        "more": f"{here}?{urlencode({'cursor': found.next})}" if found.next else "",
        "can_edit": user.may("customers", Level.EDIT),
    }
    return page(request, "matching/decided.html", context)


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
    toasts.say(request, "Taken back: you are asked about them again.")
    listed = request.POST.get("from") == "decided"
    return see_other(request, reverse("matching:decided" if listed else "matching:clean_up"))


def _here(kind: str) -> str:
    return f"{reverse('matching:clean_up')}?{urlencode({'kind': kind})}"


def _pair(user: User, pk: int) -> Pair:
    found = queries.visible(user).select_related("customer", "other").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found

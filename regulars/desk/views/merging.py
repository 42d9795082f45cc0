"""Several customers become one: who with whom, what is taken from whom, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.customers.merging import choosing
from regulars.customers.merging.queries import merges_seen
from regulars.customers.merging.since import since
from regulars.customers.models import Customer, Merge, MergedProfile
from regulars.lib.errors import Invalid, NotAllowed, Stale, in_words
from regulars.matching import actions as matching
from regulars.matching.queries import between, likely
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui import toasts
from regulars.ui.page import page, see_other
from regulars.ui.wording import listed

from .customer.page import only, safe_next
from .others import others

LONGEST = 4_000  # characters of ids
BESIDE = 6  # more than these do not stand in columns
TOLD = 10  # verdicts


def _ids(said: Sequence[str]) -> Iterator[UUID]:
    """Of `ids=a&ids=b` and `ids=a,b`; what is no id is nobody's."""
    for one in ",".join(said)[:LONGEST].split(","):
        try:
            yield UUID(one.strip())
        except ValueError:
            continue


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """Side by side: who stays, a pick per differing field, what moves; then it is done."""
    user = signed_in(request)
    given = request.POST if request.method == "POST" else request.GET
    picks = {key[5:]: str(value) for key, value in given.items() if key.startswith("pick-")}
    without = list(_ids([str(given.get("without", ""))]))
    ids = [one for one in _ids(given.getlist("ids")) if one not in without]
    try:
        everyone = choosing.chosen(user, ids)
    except Invalid as no:
        named = request.method == "POST" or given.getlist("ids")
        return _nobody(request, in_words(no) if named else "")
    everyone = _in_order(everyone, str(given.get("stays", "")))
    primary, *rest = everyone
    picks = _sound(picks, everyone)
    problem = ""
    if request.method == "POST":
        try:
            _check_shown(ids, everyone)
            choosing.check_hand_over(user, primary, rest, picks)
            done = matching.unite(primary, rest, by=user, picks=picks)
        except (Invalid, NotAllowed, Stale) as no:
            problem = in_words(no)
        else:
            undo = reverse("desk:undo_merge", args=[done.public_id])
            toasts.say(request, f"Merged into {primary.name}: {_named(rest)}.", undo=undo)
            return see_other(request, safe_next(request) or primary.get_absolute_url())
    context = {
        "primary": primary,
        "everyone": everyone,
        "ids": ",".join(str(one.public_id) for one in everyone),
        "beside": len(everyone) <= BESIDE,
        "preview": choosing.preview(user, primary, rest, picks),
        "may_hand_over": user.may("ownership", Level.EDIT),
        "problem": problem,
        "next": safe_next(request),
        **_known_of(everyone),
    }
    return page(request, "desk/merge.html", context, status=422 if problem else 200)


def _check_shown(ids: Sequence[UUID], everyone: Sequence[Customer]) -> None:
    """Nobody is merged but who was looked at: one may be gone, or live on in somebody else."""
    if {one.public_id for one in everyone} != set(ids):
        raise Stale("Somebody changed these records meanwhile. Look again, then merge.")


def _known_of(everyone: Sequence[Customer]) -> dict[str, Any]:
    """What speaks for two being one, and what somebody said about any of them."""
    found = between(everyone)
    pairs = [one for one in found if one["kind"] == "pair"]
    said = [
        f"{one['by'] or 'Somebody'} said that {one['one']} and {one['other']} are "
        f"{'family, and not one' if one['says'] == 'family' else 'not the same'}."
        for one in found
        if one["kind"] == "verdict" and one["says"] != "same"
    ]
    if len(said) > TOLD:
        said[TOLD:] = [f"And {len(said) - TOLD} more words like these."]
    return {"reasons": pairs[0]["reasons"] if pairs else [], "said": said}


def _nobody(request: HttpRequest, problem: str) -> HttpResponse:
    """Too few are chosen, or too many; without a word about it where nobody was named."""
    context = {"problem": problem, "everyone": []}
    return page(request, "desk/merge.html", context, status=422 if problem else 200)


def _named(some: Sequence[Customer | MergedProfile]) -> str:
    """“Rita Moss, Bo Li and 7 more”."""
    more = [f"{len(some) - 2} more"] if len(some) > 3 else []
    return listed([one.name for one in some[: 2 if more else 3]] + more)


def _in_order(everyone: list[Customer], stays: str) -> list[Customer]:
    """Whoever stays first: as the address says, else whom we know best."""
    named = [one for one in everyone if str(one.public_id) == stays]
    primary = named[0] if named else choosing.best_known(everyone)
    return [primary, *(one for one in everyone if one != primary)]


def _sound(picks: dict[str, str], everyone: Sequence[Customer]) -> dict[str, str]:
    """Picks of those that are here; of others nothing was said."""
    there = {str(c.public_id) for c in everyone}
    return {key: pick for key, pick in picks.items() if pick in there}


@require("customers", Level.EDIT)
@require_safe
def merge_with(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Look for the other one; before anything is typed, who may be it."""
    user = signed_in(request)
    who = only(user, public_id)
    near = others(request, who).without(lambda row: False)
    why: dict[int, str] = {}
    if not near["q"]:
        near["hits"], why = _probably(user, who)
    return page(request, "desk/merge_with.html", {"customer": who, "why": why, **near})


def _probably(user: User, who: Customer) -> tuple[list[Customer], dict[int, str]]:
    """Who may be the same, the surest first, and what speaks for it; at most five."""
    pairs = likely(user, who)
    found = [pair.other if pair.customer_id == who.pk else pair.customer for pair in pairs]
    said = [[str(one["text"]) for one in pair.reasons if one["weight"] > 0] for pair in pairs]
    told = [", ".join(reasons[:3]) for reasons in said]
    return found, {
        one.pk: words[:1].upper() + words[1:] for one, words in zip(found, told, strict=True)
    }


def _found(request: HttpRequest, merge_id: UUID) -> Merge:
    user = signed_in(request)
    now = Customer.objects.visible_to(user).filter(public_id=OuterRef("public_id")).values("name")
    profiles = MergedProfile.objects.select_related("undone_by").annotate(now=Subquery(now))
    rows = merges_seen(user).select_related("customer", "by")
    found = rows.prefetch_related(Prefetch("profiles", profiles)).filter(public_id=merge_id).first()
    if found is None:
        raise Http404("No such merge")
    return found


@require("customers")
@require_safe
def merged(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """What was merged, what has come since, and taking it back."""
    return _draw(request, _found(request, merge_id))


def _draw(
    request: HttpRequest,
    found: Merge,
    problem: str = "",
    *,
    ticked: Sequence[str] = (),
    gives: Mapping[str, str] | None = None,
) -> HttpResponse:
    """What was ticked and given stays so where it was refused; without any all come out."""
    profiles = list(found.profiles.all())
    there = [p for p in profiles if p.undone_at is None]
    context: dict[str, Any] = {
        "merge": found,
        "customer": found.customer,
        "profiles": profiles,
        "there": there,
        "named": _named(there),
        "since": since(found, there) if there else [],
        "problem": problem,
        "ticked": ticked,
        "gives": gives or {},
        "may_edit": signed_in(request).may("customers", Level.EDIT),
    }
    return page(request, "desk/merged.html", context, status=422 if problem else 200)


@require("customers", Level.EDIT)
@require_POST
def undo_merge(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """All of them, or `only` some; `give-<key>` says with whom something goes that came since."""
    user = signed_in(request)
    found = _found(request, merge_id)
    asked = request.POST.getlist("only")
    said = [str(one) for one in _ids(asked)]
    gives = {key[5:]: str(value) for key, value in request.POST.items() if key.startswith("give-")}
    gives = {key: value for key, value in gives.items() if value}
    if asked and not said:
        return _draw(request, found, "Tick who comes out again.", ticked=asked, gives=gives)
    try:
        back = matching.take_apart(found, by=user, only=said or None, gives=gives)
    except (Invalid, Stale) as no:
        return _draw(request, found, in_words(no), ticked=said, gives=gives)
    toasts.say(request, f"{_named(back[::-1])}: as before, on their own.")
    return see_other(request, found.customer.get_absolute_url())

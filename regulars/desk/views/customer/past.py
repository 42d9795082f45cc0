"""A customer's past: every change of the record, one act of it, and the record as it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from regulars.audiences import queries as audiences
from regulars.customers.history import as_of, comparing, queries
from regulars.customers.history.changes import acts
from regulars.customers.history.parts import USER, parts
from regulars.customers.history.queries import Asked, Place
from regulars.customers.history.trail import Entry, trail
from regulars.customers.merging.queries import MergedPart, merged_parts
from regulars.customers.merging.then import Lives, lives, living_on
from regulars.customers.models import Customer
from regulars.desk import past, tally
from regulars.imports.models import Import
from regulars.lib import clock, cursors, moments, numbers
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.timeline.kinds import Shelf
from regulars.ui.page import page, target

from .page import only


@dataclass(frozen=True)
class Looking:
    """Which part of the history is asked for, as the address says it; nonsense asks for all."""

    shelf: str = ""
    part: str = ""
    who: str = ""
    before: str = ""

    @classmethod
    def at(cls, request: HttpRequest) -> Looking:
        shelf, part, who = (request.GET.get(key, "") for key in ("shelf", "part", "who"))
        return cls(
            shelf if shelf in list(Shelf) else "",
            part if part in parts() else "",
            who if numbers.whole(who) is not None else "",
            request.GET.get("before", ""),
        )

    @property
    def filters(self) -> dict[str, str]:
        return {"shelf": self.shelf, "part": self.part, "who": self.who}


@require("customers")
@require_safe
def history(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What happened and what was written; with `as_of` the record as it was then."""
    user = signed_in(request)
    who, made_of, lived = _with_parts(user, public_id)
    mine = next((part for part in made_of if part.public_id == public_id), None)
    asked = mine.customer if mine else who
    said, step = request.GET.get("as_of", ""), request.GET.get("step", "")
    wrong = ""
    if said or step:
        known = queries.moments(asked)
        zone = timezone.get_current_timezone()
        try:
            at = past.stepped(known, step) or moments.read(said, zone=zone, now=clock.now())
        except ValueError as no:
            wrong = str(no)
        else:
            held_by = lived.held_by(at)
            alone = mine is None and held_by == who.pk
            return _then(
                request,
                user,
                asked,
                past.Steps(at, known),
                now_in=who if mine and held_by != who.pk else None,
                one_with=_holder(user, who, asked, held_by),
                apart=[part for part in made_of if part.was_there(at)] if alone else (),
            )
    looking = Looking.at(request)
    context = _trail(user, who, looking)
    context |= {"looking": looking, "wrong": wrong, "said": said}
    context["region_older"] = target(request) == "older"
    return page(request, "desk/history.html", context, status=422 if wrong else 200)


def _trail(user: User, who: Customer, looking: Looking) -> dict[str, Any]:
    after = _place(looking.before)
    found = trail(
        who,
        user,
        shelf=Shelf(looking.shelf) if looking.shelf else None,
        part=looking.part,
        user=numbers.whole(looking.who),
        after=after,
    )
    zone = timezone.get_current_timezone()
    days = past.days(
        found.entries,
        found.names,
        customer=who.familiar_name,
        reader=user.pk,
        zone=zone,
        after=after.at if after else None,
    )
    return {
        "customer": who,
        "days": days,
        "imports": _imports(user, (line for day in days for line in day.lines)),
        "older": _cursor(found.last) if found.last else "",
        "shelves": [("", "All Activity"), *((shelf.value, shelf.label) for shelf in Shelf)],
        "kinds": parts().values(),
        "people": [(pk, found.names.get((USER, pk), "")) for pk in found.people],
        "told": lambda value: past.said(value, zone),
        "latest": timezone.localtime(clock.now()),
    }


def _imports(user: User, lines: Iterable[past.Line]) -> dict[int, str]:
    """Where the imports that wrote these lines stand, of those the user may see."""
    batches = {line.batch for line in lines if line.batch is not None}
    if not batches:
        return {}
    found = Import.objects.visible_to(user).filter(pk__in=batches)
    return {
        pk: reverse("imports:import", args=[public_id])
        for pk, public_id in found.values_list("pk", "public_id")
    }


def _place(cursor: str) -> Place | None:
    """Where to go on; an address that is not ours means the newest page."""
    try:
        at, part, row = cursors.decode(cursor, datetime, int, int) if cursor else (None, 0, 0)
    except cursors.BadCursor:
        return None
    return Place(at, part - 1, row) if at else None


def _cursor(place: Place) -> str:
    return cursors.encode(place.at, place.part + 1, place.row)


@require("customers")
@require_safe
def act(request: HttpRequest, public_id: UUID, act: UUID) -> HttpResponse:
    """What one act wrote: a page of its own, or the details of an entry of the timeline."""
    user = signed_in(request)
    who = only(user, public_id)
    found = queries.act(who, user, act)
    if found is None:
        raise Http404("No such change")
    zone = timezone.get_current_timezone()
    written, names = found
    line = past.line(Entry(written.at, None, written), names, who.familiar_name, user.pk)
    context = {
        "customer": who,
        "line": line,
        "imports": _imports(user, [line]),
        "told": lambda value: past.said(value, zone),
    }
    return page(request, "desk/act.html", context, block="details")


# --- The record as it was


def _with_parts(user: User, public_id: UUID) -> tuple[Customer, list[MergedPart], Lives]:
    """The customer, with all that was merged into them, and with whom they were one."""
    rows: Any = Customer.objects.visible_to(user).known_as(public_id)
    found = rows.annotate(made_of=merged_parts(), lived=lives(public_id)).first()
    if found is None:
        raise Http404("No such customer")
    return found, [MergedPart.read(said) for said in found.made_of or ()], Lives.read(found.lived)


def _holder(user: User, who: Customer, asked: Customer, held_by: int) -> Customer | None:
    """Whose row the record of `asked` was then, if not their own and the user may see them."""
    if held_by == asked.pk:
        return None
    seen = who if held_by == who.pk else living_on(user, held_by)
    return Customer(pk=held_by) if seen else None


def _then(
    request: HttpRequest,
    user: User,
    who: Customer,
    steps: past.Steps,
    *,
    now_in: Customer | None = None,
    one_with: Customer | None = None,
    apart: Sequence[MergedPart] = (),
) -> HttpResponse:
    """The record of `who`, or of whom they were one with then; they live on in `now_in` when they
    were merged since. `apart` are those who were by themselves then and live on in `who`."""
    now = clock.now()
    holder = one_with or who
    then, today = as_of.records(holder, [steps.at, now], viewer=user)
    if then.existed and (one_with or now_in):
        holder.name, holder.first_name = (str(then.customer[k]) for k in ("name", "first_name"))
        holder.public_id = UUID(str(then.customer["public_id"]))
    here = steps.moments[steps.here] if steps.here is not None else None
    asked = Asked(at=here.at, viewer=user) if here and one_with is None else None
    written = queries.some(who, asked, limit=queries.ROWS)[0] if asked else []
    rows = [one for one, _ in written]
    users = queries.people(steps.moments)
    names = queries.names_with(user, [*rows, *as_of.referring(then, today)], users)
    zone = timezone.get_current_timezone()
    lines = [
        past.line(Entry(one.at, None, one), names, who.familiar_name, user.pk)
        for one in acts(rows, parts(), names)
    ]
    context = {
        "customer": who,
        "audiences": _audiences(request, user, holder, steps.at) if then.existed else None,
        "now_in": now_in,
        "one_with": one_with if then.existed else None,
        "apart": apart,
        "then": then,
        "steps": steps,
        "here": here,
        "lines": lines,
        "imports": _imports(user, lines),
        "sections": comparing.sections(then, today, parts(), names, zone),
        "compare": request.GET.get("compare") != "no",
        "told": lambda value: past.said(value, zone),
        "local": timezone.localtime(steps.at),
        "latest": timezone.localtime(now),
        "owner": names.get((USER, then.customer["owner_id"])) if then.existed else "",
        "snapshot": then.begins and steps.moments and _is_snapshot(lines),
    }
    return page(request, "desk/as_of.html", context)


def _audiences(
    request: HttpRequest, user: User, who: Customer, at: datetime
) -> dict[str, Any] | None:
    """Which they were in then, and which they are in now; None for who may see none.

    Asked beside what the rail counts.
    """
    if not user.may("marketing"):
        return None
    beside = [("audiences", *audiences.around_beside(who, at))]
    counted = tally.with_counts(request, user, {}, beside=beside)
    found = audiences.read_around(counted["audiences"])
    return {
        "then": [one for one in found if one.holds(at)],
        "came": [one for one in found if not one.holds(at)],
    }


def _is_snapshot(lines: list[past.Line]) -> bool:
    return any(change.did == "found" for line in lines for change in line.changes)

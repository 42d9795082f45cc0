"""The customer's page: who they are, what happened, what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from regulars.customers import editing
from regulars.customers.cards import Panel, panels
from regulars.customers.editing import Cell
from regulars.customers.merging import telling
from regulars.customers.models import Customer
from regulars.customers.notes.onpage import BESIDE
from regulars.customers.profile import Profile, profile
from regulars.desk import feed, judged, noted, people, reach
from regulars.desk.alike import Hint
from regulars.desk.forms import LogForm
from regulars.desk.forms.log import KINDS, OUTCOMES
from regulars.desk.forms.note import NoteForm
from regulars.desk.ways import begins_with
from regulars.lib import clock, cursors
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.timeline import actions as timeline
from regulars.timeline import pages
from regulars.timeline.freshness import Freshness, freshness
from regulars.timeline.kinds import Shelf
from regulars.timeline.thresholds import ageing
from regulars.ui.page import fragment, is_a_look, page, see_other, target, wants_region

PAGE, MOST = 50, 200
REGIONS = ("record", "timeline", "composer", "editor")
LIVE = ("heading", "record", "composer_hint", "dock", "panels")


@dataclass(frozen=True)
class Looking:
    """What of the timeline is asked for, as the address says it."""

    shelf: str = ""
    before: str = ""
    down_to: str = ""
    write: str = ""

    @classmethod
    def at(cls, request: HttpRequest) -> Looking:
        asked = request.GET
        if request.method == "POST":
            here = urlsplit(request.headers.get("HX-Current-URL", "")).query
            asked = QueryDict(here[:2_000])
        shelf = asked.get("shelf", "")
        return cls(
            shelf if shelf in list(Shelf) else "",
            asked.get("before", ""),
            asked.get("down_to", "") or str(request.POST.get("down_to", "")),
            asked.get("write", ""),
        )


@require("customers")
@require_safe
def customer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole page, or with htmx a region: the timeline, or the older part of it."""
    user = signed_in(request)
    found = find(user, public_id)
    if found.customer.public_id != public_id:
        return see_other(request, found.customer.get_absolute_url())
    if target(request) != "older" and is_a_look(request):
        timeline.mark_read(found.customer, by=user)
    if wants_region(request) and target(request) == "older":
        return draw(request, found, beside=())
    return draw(request, found)


def find(user: User, public_id: UUID) -> Profile:
    """The customer's profile; a foreign one is missing like one that never was."""
    try:
        return profile(user, public_id)
    except Customer.DoesNotExist:
        raise Http404("No such customer") from None


def only(user: User, public_id: UUID) -> Customer:
    """The bare customer for a deed, through the same gate."""
    found = (
        Customer.objects.visible_to(user)
        .known_as(public_id)
        .select_related("owner", "store", "group", "category", "household")
        .first()
    )
    if found is None:
        raise Http404("No such customer")
    return found


def draw(
    request: HttpRequest,
    found: Profile,
    *,
    block: str | None = None,
    beside: Sequence[str] = LIVE,
    status: int = 200,
    log: LogForm | None = None,
    tag_error: str = "",
    cell: Cell | None = None,
    hint: Hint | None = None,
) -> HttpResponse:
    """Draw the page or the region that was asked for, with the regions that follow from it.

    `log` is a composer that was refused, `tag_error` what was wrong with a tag, `cell` a fact
    that was just saved, `hint` whom they are more like since.
    """
    context = {**_context(request, found, log), "tag_error": tag_error, "cell": cell}
    context["hint"] = hint
    return page(request, "desk/customer.html", context, block=block, beside=beside, status=status)


def _context(request: HttpRequest, found: Profile, log: LogForm | None) -> dict[str, Any]:
    user, now, looking = signed_in(request), clock.now(), Looking.at(request)
    who = found.customer
    events, looking = _events(who, looking)
    telling.name(events.items, user)
    edge = _place(looking.before)
    last = events.last
    today, zone = timezone.localdate(), timezone.get_current_timezone()
    return {
        "profile": found,
        "customer": who,
        "known_since": f"{timezone.localtime(who.created_at):%B %Y}",
        "age": _age(who.waiting_since, now),
        "age_of": lambda event: _age(event.happened_at, now),
        "owner_online": _is_online(who, user, now),
        "may_edit": user.may("customers", Level.EDIT),
        "may_hand_over": user.may("ownership", Level.EDIT),
        "may_erase": user.may("erase", Level.EDIT),
        "days": feed.days(
            events.items,
            customer=who.familiar_name,
            reader=user.pk,
            read_at=None if looking.before or looking.shelf else found.read_at,
            zone=timezone.get_current_timezone(),
            after=edge[0] if edge else None,
        ),
        "older": cursors.encode(last.happened_at, last.pk) if last else "",
        "looking": looking,
        "shelves": _shelves(found),
        "write": _write(found, looking, log),
        "log": log or LogForm(initial={"kind": KINDS["note"], "outcome": "reached"}),
        "kinds": KINDS,
        "outcomes": OUTCOMES,
        "noting": NoteForm(log.data if log else None, by=user, about=who, types=found.note_types),
        "notes": noted.noted(events.items, user),
        "pinned": noted.above(found.pinned, user) if not looking.before else [],
        "panels": _panels(request, user, found),
        "reach": reach.lines(found, today=today, zone=zone),
        "cells": editing.cells(who),
        "people": people.people(found, today=today, zone=zone),
        "locations": people.places(found),
        "checks": judged.stored(found.locations),
        "region_older": target(request) == "older",
    }


def _events(who: Customer, looking: Looking) -> tuple[pages.EventPage, Looking]:
    """The events asked for; an address that is not ours means the newest page."""
    try:
        after, down_to = _place(looking.before), _place(looking.down_to)
    except cursors.BadCursor:
        looking, after, down_to = Looking(looking.shelf, write=looking.write), None, None
    shelf = Shelf(looking.shelf) if looking.shelf else None
    limit = MOST if down_to else PAGE
    found = pages.page(who, shelf=shelf, after=after, down_to=down_to, limit=limit, beside=BESIDE)
    return found, looking


def _place(cursor: str) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    at, pk = cursors.decode(cursor, datetime, int)
    return at, pk


def _is_online(who: Customer, user: User, now: datetime) -> bool | None:
    if who.owner is None:
        return None
    return who.owner_id == user.pk or who.owner.is_online(now)


def _age(since: datetime | None, now: datetime) -> dict[str, Any]:
    """The mark of one who waits since then, and when it turns orange and red by itself."""
    if since is None:
        return {"state": Freshness.GRAY}
    limits = ageing()
    return {
        "state": freshness(since, now, limits),
        "at": since,
        "warm_at": since + limits.green_for,
        "late_at": since + limits.orange_for,
        "prefix": "Waiting ",
    }


def _shelves(found: Profile) -> list[tuple[str, str, int]]:
    """Key, label and count of each history filter; everything first."""
    counts = pages.shelves(found.kinds)
    return [
        ("", "All Activity", len(found.kinds)),
        *((shelf.value, shelf.label, counts.get(shelf, 0)) for shelf in Shelf),
    ]


def _write(found: Profile, looking: Looking, log: LogForm | None) -> str:
    """What the composer stands on: as asked, else how the waiting customer came, else a note."""
    if log is not None:
        named = {kind: name for name, kind in KINDS.items()}
        return named.get(str(log.data.get("kind", "")), "note")
    if looking.write in KINDS:
        return looking.write
    return begins_with(found.ways, waits=found.asked is not None)


def _panels(request: HttpRequest, user: User, found: Profile) -> list[tuple[Any, str]]:
    def drawn(panel: Panel) -> str:
        context = panel.drawn_with(request, found.customer, found.panel_rows)
        return fragment(request, panel.template, context)

    every = [
        (panel, drawn(panel))
        for panel in sorted(panels, key=lambda p: p.order)
        if not panel.function or user.may(panel.function)
    ]
    return [(panel, text) for panel, text in every if text.strip()]


def done(request: HttpRequest, who: Customer) -> HttpResponse:
    """After a deed: the region it came from, anew; else on to `next` or the customer's page."""
    on = str(request.POST.get("next", ""))
    if is_here(request, who) and not on and wants_region(request):
        found = find(signed_in(request), who.public_id)
        return draw(request, found, beside=[*LIVE, "timeline"])
    return see_other(request, safe_next(request) or who.get_absolute_url())


def handed_over(request: HttpRequest, who: Customer) -> HttpResponse:
    """Whoever gave the customer away may no longer see them."""
    if Customer.objects.visible_to(signed_in(request)).filter(pk=who.pk).exists():
        return done(request, who)
    return see_other(request, safe_next(request) or reverse("desk:customers"))


def is_here(request: HttpRequest, who: Customer) -> bool:
    """Whether it was done on the customer's own page, in one of its regions."""
    page_at = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return page_at == who.get_absolute_url() and target(request) in REGIONS


def safe_next(request: HttpRequest) -> str:
    """Where the page that sent the form, or led here, wants to be; "" unless it is one of ours."""
    given = request.POST if request.method == "POST" else request.GET
    on = str(given.get("next", ""))
    return on if on and url_has_allowed_host_and_scheme(on, None) else ""

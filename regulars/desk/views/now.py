"""Now: whom to answer next, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from regulars.desk import noted, pace, queries, rows, tally
from regulars.desk.forms.log import OUTCOMES
from regulars.desk.spelled import spelled
from regulars.follow_up import pressing
from regulars.lib import clock
from regulars.staff.functions import Level
from regulars.staff.models import ONLINE_FOR, Sees, User
from regulars.staff.permission import require, signed_in
from regulars.timeline.freshness import Freshness
from regulars.ui.page import page, target, wants_region

WHERE = {Sees.TEAM: "in your team", Sees.STORE: "in your store", Sees.ALL: "with colleagues"}


@require_safe
@require("customers")
def now(request: HttpRequest) -> HttpResponse:
    """The queue; with htmx only the queue, without the quiet column beside it."""
    user = signed_in(request)
    shown = _queue(request, user)
    if not (wants_region(request) and target(request) == "queue"):
        shown |= _beside(request, user)
    return page(request, "desk/now.html", shown, beside=["badge_now"])


def _queue(request: HttpRequest, user: User) -> dict[str, Any]:
    at = clock.now()
    found = queries.queue(user)
    mine = rows.rows(found.mine, user, at)
    late = bool(mine) and mine[0].mark.state is Freshness.RED
    tally.know(request, tally.Tally(len(mine) + found.more, late))
    next_best = None
    if not mine:
        next_best = [
            (title, meaning, when, rows.rows(cards, user, at))
            for title, meaning, when, cards in queries.next_best(user).parts
        ]
    return {
        "tally": tally.tally(request, user),
        "mine": mine,
        "theirs": rows.rows(found.theirs, user, at),
        "more": found.more,
        "nobodys": sum(row.customer.owner is None for row in mine),
        "spelled": spelled,
        "where": WHERE[Sees(user.role.sees)],
        "next_best": next_best,
        "asked": noted.asked(found.asked),
        "may_edit": user.may("customers", Level.EDIT),
        "outcomes": OUTCOMES,
        "may_assign": user.may("ownership", Level.EDIT),
    }


def _beside(request: HttpRequest, user: User) -> dict[str, Any]:
    at = clock.now()
    people, number = queries.floor(user)
    pressing.know(request, number)
    return {
        "pace": pace.pace(queries.answers(user, at), at, timezone.get_current_timezone()),
        "spoken": pace.spoken,
        "whose": "yours" if user.role.sees == Sees.TEAM else "all you see",
        "here": [person for person in people if person.is_online(at)],
        "away": [person for person in people if not person.is_online(at)],
        "online_for": ONLINE_FOR,
    }

"""The list on a map: the same address, the same filters, who is where."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from regulars.criteria import english, sql
from regulars.criteria.language import CriteriaError
from regulars.customers import located
from regulars.desk import listing as lists
from regulars.desk.marks import mark
from regulars.lib.errors import Invalid
from regulars.staff.permission import require
from regulars.timeline.thresholds import ageing
from regulars.ui.page import page

from .customers import Asked, ask

TEMPLATE = "desk/map.html"


@require_safe
@require("customers")
def on_map(request: HttpRequest) -> HttpResponse:
    """The map with its list beside it; region `places` for the part of it that `box` names."""
    asked = ask(request)
    try:
        within = located.read_box(request.GET.get("box", ""))
        shown = lists.read(request.GET, asked.asking)
        where = sql.q(shown.criteria, asked.asking)
    except CriteriaError as error:
        return _nobody(asked, lists.problem(error, request.GET, asked.asking))
    except Invalid as error:
        return _nobody(asked, lists.Problem(error.errors["box"]))
    found = located.pins(
        asked.user, where=where, sort=shown.sort, q=shown.q, archived=shown.archived, within=within
    )
    limits = ageing()
    context = {
        "pins": [
            (pin, mark(pin.waiting_since, pin.last_activity_at, asked.asking.now, limits))
            for pin in found.items
            if pin.last_activity_at
        ],
        "more": found.more,
        "within": within is not None,
        "problem": None,
    }
    return page(request, TEMPLATE, _around(asked, shown) | context)


def _around(asked: Asked, shown: lists.Listing) -> dict[str, Any]:
    tabs = [
        (preset, preset.is_shown_by(shown))
        for preset in lists.PRESETS
        if preset.key != "team" or asked.user.team_id
    ]
    return {
        "list": shown,
        "tabs": tabs,
        "chips": [
            (chip, shown.to(chip.without).address())
            for chip in english.chips(shown.criteria, asked.asking)
        ],
        "q": shown.q,
        "may_edit": asked.may_edit,
        "tiles": settings.MAP_TILES,
        "credit": settings.MAP_CREDIT,
    }


def _nobody(asked: Asked, problem: lists.Problem) -> HttpResponse:
    shown = lists.without_filter(asked.request.GET)
    context: dict[str, Any] = {"pins": [], "more": False, "within": False, "problem": problem}
    return page(asked.request, TEMPLATE, _around(asked, shown) | context, status=422)

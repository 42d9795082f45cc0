"""Building a filter a condition at a time; every step has an address, so back goes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url
from django.views.decorators.http import require_safe

from regulars.criteria import english, shape, sql, text, url
from regulars.criteria.complete import complete
from regulars.criteria.fields import Fields, customer_fields
from regulars.criteria.language import EVERYONE, MOST_TEXT, Criteria, CriteriaError
from regulars.criteria.shape import Path
from regulars.customers import queries as customers
from regulars.customers.walk import bounded
from regulars.desk import building
from regulars.desk import listing as lists
from regulars.desk.building import Said
from regulars.desk.listing import Listing
from regulars.staff.functions import Level
from regulars.staff.permission import require
from regulars.ui.page import page, see_other

from .customers import Asked, ask

NAMED = 6
STEPS = ("also", "either", "put")


@dataclass(frozen=True)
class Step:
    """Where a condition is being put, how, and about what; `about` is "" while it is chosen."""

    at: str
    how: str
    about: str
    said: Said


@require_safe
@require("customers")
def build(request: HttpRequest) -> HttpResponse:
    """The filter as a tree, one condition being put into it, and who fits; region `fits`."""
    asked = ask(request)
    fields = customer_fields.known_to(asked.asking)
    shown, problem = _read(asked)
    step, within = None, fields
    path: Path = ()
    try:
        step, within, path = _place(_step(request), shown.criteria, fields)
    except CriteriaError as error:
        problem = problem or _sentence(error)
    drafted, wrong = None, ""
    if step is not None:
        try:
            drafted = _drafted(asked, shown.criteria, path, step, within)
        except CriteriaError as error:
            wrong = _sentence(error)
    if drafted is not None and "done" in request.GET:
        return see_other(request, _address(shown.to(drafted)))
    told = wrong if "done" in request.GET or (step and step.said.operator) else ""
    context = {
        "list": shown,
        "problem": problem,
        "blocks": building.blocks(shown.criteria, asked.asking, fields),
        "typed": text.write(shown.criteria) or request.GET.get("filter", ""),
        "step": step,
        "wrong": told,
        "to": _Ways(shown),
        "units": building.UNITS,
        "periods": building.PERIODS,
        "show": resolve_url("desk:customers") + shown.address(),
        "saves": not problem and not shown.is_default,
        "audience": _audience(asked, shown),
        **_asked_for(step, within, asked),
        **_fits(asked, shown.to(drafted) if drafted is not None else shown, drafted is not None),
    }
    status = 422 if problem or (wrong and "done" in request.GET) else 200
    return page(request, "desk/build.html", context, block=_block(asked), status=status)


def _audience(asked: Asked, shown: Listing) -> str:
    """Where an audience of these begins, for whoever may make one."""
    said = text.write(shown.criteria)
    if not said or not asked.user.may("marketing", Level.EDIT):
        return ""
    return f"{resolve_url('audiences:new')}?{urlencode({'criteria': said})}"


def _block(asked: Asked) -> str:
    return "fits" if asked.region == "fits" else "build"


def _read(asked: Asked) -> tuple[Listing, str]:
    """The list the address asks for, its filter in one parameter; and why it cannot be read."""
    plain = lists.without_filter(asked.request.GET)
    raw = asked.request.GET.get("filter", "")
    try:
        return plain.to(url.read_filter(raw, asked.asking) if raw.strip() else EVERYONE), ""
    except CriteriaError as error:
        return plain, _sentence(error)


def _sentence(error: CriteriaError) -> str:
    return str(error.placed(None))


def _step(request: HttpRequest) -> Step | None:
    how = request.GET.get("how", "")
    if how not in STEPS:
        return None
    get = request.GET
    said = Said(
        get.get("operator", "")[:40],
        tuple(get.getlist("value")[:200]),
        get.get("count", "30")[:9],
        get.get("unit", "day"),
        get.get("day", "")[:10],
        get.get("period", "this month"),
    )
    return Step(get.get("at", ""), how, get.get("about", "")[:100], said)


def _place(
    step: Step | None, criteria: Criteria, fields: Fields
) -> tuple[Step | None, Fields, Path]:
    """The step at its place, and what can be asked for there."""
    if step is None:
        return None, fields, ()
    path = shape.parse(step.at)
    if step.how == "put":
        step = _as_it_is(criteria, path, step)
    return step, building.fields_at(criteria, _outside(path, step.how), fields), path


def _as_it_is(criteria: Criteria, path: Path, step: Step) -> Step:
    """A condition that is opened again says what it said."""
    node = shape.part(criteria, path)
    return step if step.said.operator else replace(step, said=building.spoken(node, step.about))


def _outside(path: Path, how: str) -> Path:
    """A condition that is replaced is asked of whatever holds it."""
    return path if how == "also" else path[:-1]


def _drafted(
    asked: Asked, criteria: Criteria, path: Path, step: Step, within: Fields
) -> Criteria | None:
    if not step.about:
        return None
    said = step.said
    if not said.operator:
        form = building.form(step.about, within, asked.asking, said)
        said = replace(form.said, operator=form.operators[0][0])
    node = building.condition(step.about, within, asked.asking, said)
    made = building.placed(criteria, path, step.how, node)
    return text.settle(made, asked.asking, customer_fields)


def _asked_for(step: Step | None, within: Fields, asked: Asked) -> dict[str, Any]:
    """What can be asked for there, and the form of what was chosen."""
    if step is None:
        return {"own": [], "had": [], "form": None}
    form = None
    if step.about:
        try:
            form = building.form(step.about, within, asked.asking, step.said)
        except CriteriaError:
            form = None
    own, had = building.offers(within)
    return {"own": own, "had": had, "form": form}


def _fits(asked: Asked, shown: Listing, is_draft: bool) -> dict[str, Any]:
    """How many, and the first of them."""
    where = sql.parted(shown.criteria, asked.asking)
    here = customers.find(
        asked.user, where=where, sort=shown.sort, q=shown.q, archived=shown.archived, limit=NAMED
    )
    return {
        "count": None
        if shown.q
        else customers.count(asked.user, where=where, archived=shown.archived),
        "q": shown.q,
        "first": customers.cards(asked.user, here.ids),
        "walked": bounded(where.q),
        "is_draft": is_draft,
        "sentence": english.sentence(shown.criteria, asked.asking),
    }


@dataclass(frozen=True)
class _Ways:
    """The address of every step from here, for the template."""

    shown: Listing

    def start(self, at: str, how: str, about: str = "") -> str:
        more = [("at", at), ("how", how), *([("about", about)] if about else [])]
        return _address(self.shown, more)

    def without(self, at: str) -> str:
        return _address(self.shown.to(shape.without(self.shown.criteria, shape.parse(at))))

    def turned(self, at: str) -> str:
        return _address(self.shown.to(shape.turned(self.shown.criteria, shape.parse(at))))

    @property
    def here(self) -> str:
        return _address(self.shown)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form carries along."""
        return _parameters(self.shown)


def _parameters(shown: Listing) -> list[tuple[str, str]]:
    return parse_qsl(shown.one_filter().removeprefix("?"))


def _address(shown: Listing, more: Iterable[tuple[str, str]] = ()) -> str:
    pairs = [*_parameters(shown), *more]
    return resolve_url("desk:build") + (f"?{urlencode(pairs)}" if pairs else "")


@require_safe
@require("customers")
def completions(request: HttpRequest) -> HttpResponse:
    """What could be typed next in a filter: `[{insert, label, start, end}]`, best first."""
    asked = ask(request)
    typed = request.GET.get("text", "")[:MOST_TEXT]
    at = request.GET.get("at", "")
    cursor = int(at) if at.isascii() and at.isdigit() and len(at) < 6 else len(typed)
    found = complete(typed, asked.asking, cursor=cursor)
    rows = [
        {"insert": one.insert, "label": one.label, "start": one.start, "end": one.end}
        for one in found
    ]
    return JsonResponse({"items": rows})

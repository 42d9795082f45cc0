"""One fact, edited where it stands: its field, what is wrong with it, or whose word is to stand.

With script these are regions of the customer's page; without, small pages of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from regulars.customers import actions, editing
from regulars.customers.actions import Conflict, Edited, NoSuchFact
from regulars.customers.editing import Cell, Kind, offers
from regulars.customers.history.removed import Removed, removed
from regulars.customers.models import Customer
from regulars.desk import alike
from regulars.lib.errors import Invalid, in_words
from regulars.matching import looking
from regulars.matching.features import Features
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other, target, wants_region

from .form import say_removed
from .page import LIVE, REGIONS, done, draw, find, only

GONE = {
    "contact": "this contact",
    "email": "this address",
    "phone": "this number",
    "location": "this place",
}
NOTHING = "Nothing was sent; say what it should be"


@dataclass(frozen=True)
class Sent:
    """What came back from a field: `was` is what its editor had before them, if they say."""

    value: str
    was: str | None
    given: bool = True

    @classmethod
    def by(cls, request: HttpRequest) -> Sent:
        form = request.POST
        value, words = str(form.get("value", "")), str(form.get("words", ""))
        if value == "other" and "words" in form:
            value = f"{value}:{words}"
        was = form.get("was")
        return cls(value, None if was is None else str(was), "value" in form)


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, public_id: UUID, key: str) -> HttpResponse:
    """The field of the fact; or, asked for as `shown`, its text; what is sent is kept."""
    user = signed_in(request)
    who = only(user, public_id)
    gone = _removed(who, key)
    if gone is not None:
        return _gone(request, who, key, gone)
    cell = _cell(who, key)
    if request.method == "GET":
        return _shown(request, who, cell) if "shown" in request.GET else _open(request, who, cell)
    sent, before = Sent.by(request), looking.kept(who.pk)
    try:
        if not sent.given:
            raise Invalid({"value": NOTHING})
        made = actions.edit(who, key, sent.value, by=user, was=sent.was)
    except NoSuchFact:
        raise Http404("No such fact") from None
    except Invalid as no:
        return _refused(request, who, cell, sent, no)
    except Conflict as no:
        return _open(request, who, cell, sent=sent, conflict=no, status=409)
    if made.removed:
        say_removed(request, who, cell.shown, made.removed)
    return _kept(request, who, cell, made, sent.value, before)


def _cell(who: Customer, key: str) -> Cell:
    at = editing.parse(key)
    if at is None:
        raise Http404("No such fact")
    if at.pk is None:
        return editing.cells(who)[at.fact.name]
    row = getattr(who, f"{at.of}s").filter(pk=at.pk).first()
    if row is None:
        raise Http404("No such fact")
    return editing.cells(row)[at.fact.name]


def _removed(who: Customer, key: str) -> Removed | None:
    """Whether a colleague removed the row of this fact, while it stood open here."""
    at = editing.parse(key)
    return removed(who, at.of, at.pk) if at is not None and at.pk is not None else None


def _gone(request: HttpRequest, who: Customer, key: str, gone: Removed) -> HttpResponse:
    """By whom, and what was typed, which is not lost before it has been read once more."""
    at = editing.parse(key)
    assert at is not None  # noqa: S101 (for the type checker)
    context = {
        "customer": who,
        "cell": Cell(key, at.fact, "", ""),
        "gone": gone,
        "what": GONE[at.of],
        "yours": Sent.by(request).value,
    }
    return page(request, "desk/fact.html", context, block="cell", status=409)


def _open(
    request: HttpRequest,
    who: Customer,
    cell: Cell,
    *,
    sent: Sent | None = None,
    error: str = "",
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "customer": who,
        "cell": cell,
        "choices": offers.choices(cell.fact, who, signed_in(request)),
        "suggested": offers.suggestions(cell.fact),
        "value": sent.value if sent else editing.typed(cell),
        "was": sent.was if sent and sent.was is not None else cell.value,
        "error": error,
        "conflict": conflict,
        "gone": None,
    }
    if conflict is not None:
        context["yours"] = _words(cell, context)
    return page(request, "desk/fact.html", context, block="cell", status=status)


def _words(cell: Cell, context: dict[str, Any]) -> str:
    """How what was typed is said beside the colleague's word."""
    if cell.fact.kind is Kind.CHOICE:
        value, _, words = context["value"].partition(":")
        return words or str(dict(context["choices"]).get(value, ""))
    return str(context["value"])


def _refused(
    request: HttpRequest, who: Customer, cell: Cell, sent: Sent, no: Invalid
) -> HttpResponse:
    sentence = in_words(no)
    if target(request) in REGIONS or cell.fact.kind in (Kind.FLAG, Kind.ORDER):
        messages.error(request, f"{sentence}. Nothing was changed.")
        return done(request, who)
    return _open(request, who, cell, sent=sent, error=sentence, status=422)


def _shown(request: HttpRequest, who: Customer, cell: Cell) -> HttpResponse:
    """The text of a cell; there is no page of it."""
    if not wants_region(request):
        return see_other(request, who.get_absolute_url())
    context = {"customer": who, "cell": cell, "may_edit": True}
    return page(request, "desk/_shown.html", context, block="cell")


def _kept(
    request: HttpRequest,
    who: Customer,
    cell: Cell,
    made: Edited,
    typed: str,
    before: Features,
) -> HttpResponse:
    """The cell as it is now, with all that follows from it."""
    user, hint = signed_in(request), None
    if made.changed and not made.removed:
        hint = alike.since(cell, typed, who, user, before=before)
    if not wants_region(request) or target(request) in REGIONS:
        if made.changed and not made.removed:
            more = f" {alike.sentence(hint)}" if hint else ""
            messages.success(request, f"{cell.fact.label} is saved.{more}")
        return done(request, who)
    found = find(user, who.public_id)
    try:
        now = _cell(found.customer, cell.key)
    except Http404:  # an address that was emptied is gone
        now = None
    if not made.changed and now is not None:
        return _shown(request, who, now)
    return draw(request, found, block="cell", cell=now, beside=[*LIVE, "timeline"], hint=hint)

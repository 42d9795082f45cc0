"""The list of customers: what its address asks for, drawn whole, by the page or beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from regulars.audiences import actions as audiences
from regulars.audiences import saved
from regulars.bulk.deeds import Deed, offered
from regulars.criteria import english, sql, text
from regulars.criteria.fields import Asking, customer_fields
from regulars.criteria.language import CriteriaError, also
from regulars.customers import columns
from regulars.customers import queries as customers
from regulars.customers.cards import Card
from regulars.customers.custom import queries as custom
from regulars.customers.models import Customer
from regulars.customers.order import ORDERS
from regulars.desk import listing as lists
from regulars.desk import queries, tally
from regulars.desk.forms.log import OUTCOMES
from regulars.desk.listing import Listing
from regulars.desk.queries import Counted
from regulars.desk.rows import Row, row, rows
from regulars.desk.table import Table
from regulars.lib import clock
from regulars.lib.cursors import BadCursor
from regulars.staff import queries as staff
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.timeline import actions as timeline
from regulars.ui.page import is_a_look, page, see_other, target, wants_region

TEMPLATE = "desk/customers.html"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Asked:
    """One request for the list: who asks, for which list, which panel, which part of the page."""

    request: HttpRequest
    user: User
    asking: Asking
    region: str
    panel: UUID | None
    cursor: str

    @property
    def may_edit(self) -> bool:
        return self.user.may("customers", Level.EDIT)


@require_safe
@require("customers")
def listing(request: HttpRequest) -> HttpResponse:
    """The list; with htmx a region: `desk` (all of it), `rows`, `next-page` or `side`."""
    asked = ask(request)
    if asked.region == "side":
        return page(request, TEMPLATE, _rights(asked.user) | _panel(asked, {}))
    try:
        shown = lists.read(request.GET, asked.asking)
        where = sql.parted(shown.criteria, asked.asking)
    except CriteriaError as error:
        return _unreadable(asked, error)
    context = _rights(asked.user) | _page_of(asked, shown, where) | {"outcomes": OUTCOMES}
    if asked.region not in ("rows", "next-page"):
        context |= _around(asked, shown)
        if shown.q and not context["rows"] and not context["more"]:
            context |= _instead(asked, shown, where, context["spelled"])
    beside = []
    if asked.region == "rows":
        context["tally"] = tally.tally(request, asked.user)
        beside = ["badge_now", "side"] if asked.panel else ["badge_now"]
    return page(request, TEMPLATE, context, beside=beside)


def ask(request: HttpRequest) -> Asked:
    user = signed_in(request)
    try:
        panel = UUID(request.GET["panel"]) if request.GET.get("panel") else None
    except ValueError:
        raise Http404 from None
    return Asked(
        request,
        user,
        Asking(user, clock.now(), timezone.get_current_timezone()),
        target(request) if wants_region(request) else "",
        panel,
        request.GET.get("cursor", ""),
    )


def _rights(user: User) -> dict[str, bool]:
    return {
        "may_edit": user.may("customers", Level.EDIT),
        "may_assign": user.may("ownership", Level.EDIT),
    }


def _page_of(asked: Asked, shown: Listing, where: sql.Parts) -> dict[str, Any]:
    """One page of rows, and the panel when its customer is open: three statements at the most."""
    here, is_first = _found(asked, shown, where)
    opened = _beside(asked)
    also = [opened.pk] if opened and opened.pk not in here.ids else []
    cards = {card.customer.pk: card for card in customers.cards(asked.user, here.ids + also)}
    found = [cards[pk] for pk in here.ids if pk in cards]
    panel = _panel(asked, cards, opened)
    return {
        "list": shown,
        "rows": rows(found, asked.user, asked.asking.now),
        "more": shown.address(cursor=here.next) if here.next else "",
        "seeking": here.next is not None and len(here.ids) < customers.PAGE,
        "is_first_page": is_first,
        "spelled": here.spelled,
        **_shape(asked, shown, panel["side"], list(cards)),
        **panel,
    }


def _shape(asked: Asked, shown: Listing, side: Row | None, ids: Sequence[int]) -> dict[str, Any]:
    """How this colleague wants the rows, and what draws them."""
    kept = shown.display or asked.request.COOKIES.get(_cookie(asked.user))
    display = _display(asked, kept, ids)
    table = Table(
        here=shown.address(panel="-").removesuffix("-"),
        columns=display.columns,
        opened=side.id if side else "",
        may_pick=bool(_deeds(asked.user, shown)),
        **_rights(asked.user),
    )
    return {"display": display, "shown_as": columns.written(display), "table": table}


def _deeds(user: User, shown: Listing) -> list[Deed]:
    """What may be done to many of this list."""
    return offered(user, archived=shown.archived)


def _found(asked: Asked, shown: Listing, where: sql.Parts) -> tuple[customers.Found, bool]:
    """Row ids, and whether it is the first page; a cursor that is not ours starts anew."""
    find = partial(
        customers.find,
        asked.user,
        where=where,
        sort=shown.sort,
        q=shown.q,
        pieces=() if asked.cursor else customers.pieces(shown.q),
        archived=shown.archived,
    )
    try:
        return find(cursor=asked.cursor or None), not asked.cursor
    except BadCursor:
        return find(), True


def _beside(asked: Asked) -> queries.Beside | None:
    if asked.panel is None:
        return None
    found = queries.beside(asked.user, asked.panel)
    if found is None:
        raise Http404
    return found


def _panel(
    asked: Asked, known: dict[int, Card], opened: queries.Beside | None = None
) -> dict[str, Any]:
    """The open customer, or an empty panel."""
    opened = opened or _beside(asked)
    side: Row | None = None
    if opened is not None:
        card = known.get(opened.pk) or next(iter(customers.cards(asked.user, [opened.pk])), None)
        if card is None:  # merged or erased since the gate
            raise Http404
        side = row(card, asked.user, asked.asking.now)
        # Drawn beside the list again, it is a look only where there is something new to see.
        if is_a_look(asked.request) and (asked.region == "side" or side.unread):
            timeline.mark_read(side.customer, by=asked.user)
    rest = [(k, v) for k, v in asked.request.GET.items() if k not in ("panel", "cursor")]
    return {"side": side, "beside": opened, "close": f"?{urlencode(rest)}"}


def _around(asked: Asked, shown: Listing) -> dict[str, Any]:
    """Tabs, chips and what the list is called."""
    beside = [("_views", *saved.tabs(asked.user)), ("_fields", custom.FIELDS, [])]
    counts = tally.with_counts(asked.request, asked.user, _counted(asked.user), beside=beside)
    own = columns.custom(custom.read(counts.pop("_fields")), {})
    mine = saved.read_tabs(counts.pop("_views"), asked.asking)
    tabs = [
        (preset, preset.is_shown_by(shown), counts.get(preset.key))
        for preset in lists.PRESETS
        if preset.key != "team" or asked.user.team_id
    ]
    views = {
        one.id: lists.Preset(
            one.id,
            one.name,
            one.criteria,
            one.sort,
            q=one.q,
            archived=one.archived,
            display=one.display,
        )
        for one in mine
    }
    tabs += [(view, view.is_shown_by(shown), None) for view in views.values()]
    current = next((preset.key for preset, is_here, _ in tabs if is_here), "")
    return {
        "q": shown.q,
        "tabs": tabs,
        "own_view": next((one.id for one in mine if one.own and one.id == current), ""),
        "saves": not current and not shown.is_default,
        "own_views": [(one.id, one.name) for one in mine if one.own],
        "current": current,
        "count": counts.get(current),
        "chips": [
            (chip, shown.to(chip.without).address())
            for chip in english.chips(shown.criteria, asked.asking)
        ],
        "orders": ORDERS,
        "may_export": asked.user.may("exports"),
        "offered": columns.offered(own),
        "densities": columns.DENSITIES,
        "deeds": _deeds(asked.user, shown),
        "problem": None,
        "meant": None,
        "alike": [],
    }


def _instead(
    asked: Asked, shown: Listing, where: sql.Parts, spelled: Sequence[str]
) -> dict[str, Any]:
    """For words that find nobody: the filter that they are, and the names they may have meant."""
    meant = lists.meant(shown.q, asked.asking)
    if meant and meant.listing:
        wanted = also(shown.criteria, meant.listing.criteria)
        here = shown.to(wanted).searching(meant.listing.q)
        return {"meant": (meant.sentence, here.address())}
    alike = customers.alike(asked.user, shown.q, spelled, where=where, archived=shown.archived)
    return {"alike": [(words, shown.searching(words).address()) for words in alike]}


def _counted(user: User) -> dict[str, Counted]:
    """The tabs whose numbers an index answers."""
    return {
        "all": Counted(),
        "waiting": Counted([{"waits": True}]),
        "mine": Counted([{"owner": user.pk}]),
        "unassigned": Counted([{"owner": None}]),
    }


def _unreadable(asked: Asked, error: CriteriaError) -> HttpResponse:
    """The page with nobody on it, the filter as typed and where it went wrong."""
    shown = lists.without_filter(asked.request.GET)
    nobody = {
        "list": shown,
        "rows": [],
        "more": "",
        "is_first_page": True,
        **_shape(asked, shown, None, []),
        "side": None,
        "beside": None,
        "close": "?",
    }
    context = _rights(asked.user) | nobody | _around(asked, shown)
    context |= {
        "problem": lists.problem(error, asked.request.GET, asked.asking),
        "current": "",
        "count": None,
    }
    context |= {"own_view": "", "saves": False, "outcomes": OUTCOMES}
    return page(asked.request, TEMPLATE, context, block="desk", status=422)


def _display(asked: Asked, kept: str | None, ids: Sequence[int]) -> columns.Display:
    """The columns of the view or of this colleague; custom values only where they are shown."""
    if not columns.wants_custom(kept):
        return columns.read(kept)
    fields = custom.definitions_for(asked.asking)
    return columns.read(kept, columns.custom(fields, custom.values_of(ids, fields)))


def _cookie(user: User) -> str:
    return f"list-{user.pk}"


@require_POST
@require("customers")
def display(request: HttpRequest) -> HttpResponse:
    """Which columns and how dense: kept with the view, or in this browser for this colleague."""
    user = signed_in(request)
    own = columns.custom(custom.definitions(), {})
    ticked = request.POST.getlist("column")
    chosen = columns.display(ticked, request.POST.get("density", ""), own)
    if len(ticked) > columns.MOST:
        messages.info(request, f"The list shows {columns.MOST} columns at most: the first of them.")
    at = _next(request)
    if request.POST.get("view"):
        return _keep_with(request, user, request.POST["view"], columns.written(chosen))
    if f"{lists.SHOW}=" in at:
        return see_other(request, _shown_as(at, columns.written(chosen)))
    answer = see_other(request, at)
    answer.set_cookie(
        _cookie(user),
        columns.written(chosen),
        max_age=YEAR,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return answer


def _keep_with(request: HttpRequest, user: User, view: str, display: str) -> HttpResponse:
    """The view remembers it; a foreign one and a missing one are the same 404."""
    found = saved.own(user, view)
    if found is None:
        raise Http404
    shows = replace(audiences.shown_by(found), display=display)
    return see_other(request, audiences.change_view(found, shows=shows, by=user).get_absolute_url())


def _shown_as(at: str, display: str) -> str:
    """The same address with another display."""
    path, _, query = at.partition("?")
    pairs = [(name, value) for name, value in parse_qsl(query) if name != lists.SHOW]
    return f"{path}?{urlencode([*pairs, (lists.SHOW, display)])}"


def _next(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return url if safe else resolve_url("desk:customers")


@require_safe
@require("customers")
def filters(request: HttpRequest) -> HttpResponse:
    """Everything the list can be asked for, from where it stands; region `filters`."""
    asked = ask(request)
    try:
        shown = lists.read(request.GET, asked.asking)
    except CriteriaError:
        shown = lists.without_filter(request.GET)
    context = {
        "list": shown,
        "q": shown.q,
        "menus": lists.menus(shown, list(customer_fields.known_to(asked.asking)), asked.asking),
        "typed": text.write(shown.criteria),
        "home": resolve_url("desk:map" if request.GET.get("on") == "map" else "desk:customers"),
    }
    return page(request, "desk/filters.html", context, block="filters")


@require_safe
@require("ownership", Level.EDIT)
def colleagues(request: HttpRequest) -> HttpResponse:
    """To whom this customer can be handed over; region `colleagues`."""
    user = signed_in(request)
    try:
        public_id = UUID(request.GET.get("for", ""))
    except ValueError:
        raise Http404 from None
    customer = Customer.objects.visible_to(user).known_as(public_id).first()
    if customer is None:
        raise Http404
    at = clock.now()
    people = list(staff.colleagues(user)[: lists.MOST_OFFERS])
    context = {
        "customer": customer,
        "people": [(p, p.is_online(at)) for p in people if p.pk != customer.owner_id],
        "next": request.GET.get("next", ""),
    }
    return page(request, "desk/colleagues.html", context, block="colleagues")

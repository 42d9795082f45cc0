"""Search: by name, email or phone, for the page and for the command menu."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from regulars.criteria.fields import Asking
from regulars.criteria.tokens import compares
from regulars.customers import queries as customers
from regulars.customers.cards import Card
from regulars.desk import found, queries, rows
from regulars.desk import listing as lists
from regulars.lib import clock
from regulars.lib.cursors import BadCursor
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page

MOST = 20
ROUNDS = 12  # looks further back by themselves; then the list goes on


@require_safe
@require("customers")
def search(request: HttpRequest) -> HttpResponse:
    """The customers found, newest activity first, each with why; region `found`, or `further`
    for those who lie further back."""
    user = signed_in(request)
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    meant = lists.meant(q, Asking(user, clock.now(), timezone.get_current_timezone()))
    had, cursor = _number(request, "had", MOST - 1), request.GET.get("cursor", "")
    if not q or compares(q):
        hits = customers.Hits([])
    else:
        try:
            hits = customers.search(user, q, limit=MOST - had, cursor=cursor)
        except BadCursor:
            had, cursor = 0, ""
            hits = customers.search(user, q, limit=MOST)
    if meant and hits.alike:  # it is a filter, and nobody's name
        hits = customers.Hits([])
    count, round = had + len(hits.items), _number(request, "round", ROUNDS) + 1
    further = bool(hits.next) and count < MOST and round < ROUNDS
    address: dict[str, str | int] = {
        "q": q,
        "cursor": hits.next or "",
        "had": count,
        "round": round,
    }
    return page(
        request,
        "desk/found.html",
        {
            "q": q,
            "meant": meant,
            "groups": found.grouped(_hits(hits.alike or [q], hits.items, user)),
            "alike": hits.alike,
            "count": count,
            "back": bool(cursor),
            "further": f"{resolve_url('desk:search')}?{urlencode(address)}" if further else "",
            "more": bool(hits.next),
            "short": bool(q) and found.is_too_short(q),
        },
    )


def _number(request: HttpRequest, name: str, most: int) -> int:
    text = request.GET.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _hits(
    words: Sequence[str], cards: Sequence[Card], user: User
) -> list[tuple[rows.Row, found.Why]]:
    """Each with what of theirs any of the words found."""
    hits = [(row, _why(words, row.card)) for row in rows.rows(cards, user, clock.now())]
    people = queries.contacts(row.card for row, why in hits if why.kind == "other")
    return [
        (row, _by_contact(words, people.get(row.customer.pk, [])) if why.kind == "other" else why)
        for row, why in hits
    ]


def _why(words: Sequence[str], card: Card) -> found.Why:
    return found.first(found.why(q, card) for q in words)


def _by_contact(words: Sequence[str], there: Sequence[str]) -> found.Why:
    return found.first(found.by_contact(q, there) for q in words)

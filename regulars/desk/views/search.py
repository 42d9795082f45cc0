"""Search: by name, email or phone, for the page and for the command menu."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from regulars.criteria.fields import Asking
from regulars.criteria.tokens import compares
from regulars.customers import queries as customers
from regulars.desk import found, queries, rows
from regulars.desk import listing as lists
from regulars.lib import clock
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page

MOST = 20


@require_safe
@require("customers")
def search(request: HttpRequest) -> HttpResponse:
    """The customers found, newest activity first, each with why; region `found`."""
    user = signed_in(request)
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    meant = lists.meant(q, Asking(user, clock.now(), timezone.get_current_timezone()))
    cards = customers.search(user, q, limit=MOST + 1) if q and not compares(q) else []
    hits = [(row, found.why(q, row.card)) for row in rows.rows(cards[:MOST], user, clock.now())]
    people = queries.contacts(row.card for row, why in hits if why.kind == "other")
    hits = [
        (row, found.by_contact(q, people.get(row.customer.pk, [])) if why.kind == "other" else why)
        for row, why in hits
    ]
    return page(
        request,
        "desk/found.html",
        {
            "q": q,
            "meant": meant,
            "groups": found.grouped(hits),
            "count": len(hits),
            "more": len(cards) > MOST,
            "short": bool(q) and found.is_too_short(q),
        },
    )

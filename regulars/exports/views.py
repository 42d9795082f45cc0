"""A list as a file: the address of the list, with `format` csv or xlsx."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from regulars.criteria import sql, url
from regulars.criteria.fields import Asking
from regulars.criteria.language import NOBODY, CriteriaError
from regulars.customers.order import ORDERS
from regulars.lib import clock
from regulars.staff.permission import require, signed_in

from .answers import FORMATS, answer, archive
from .rows import Wanted

MOST_PICKED = 1_000


@require("exports")
@require("customers")
@require_safe
def customer(request: HttpRequest, public_id: UUID) -> StreamingHttpResponse:
    """One customer whole, as a zip: JSON, CSV and files."""
    user = signed_in(request)
    return archive(user, public_id)


@require("exports")
@require("customers")
@require_safe
def customers(request: HttpRequest) -> HttpResponseBase:
    """Streamed; a filter that cannot be read exports nobody rather than everybody."""
    user, asked = signed_in(request), request.GET
    asking = Asking(user, clock.now(), timezone.get_current_timezone())
    try:
        where = sql.parted(url.read(asked, asking), asking)
    except CriteriaError:
        where = sql.parted(NOBODY, asking)
    if asked.getlist("id"):
        try:
            chosen = [UUID(one) for one in asked.getlist("id")[:MOST_PICKED]]
            where = sql.Parts((*where.all, sql.Part(Q(public_id__in=chosen))))
        except ValueError:
            where = sql.parted(NOBODY, asking)
    sort, format = asked.get("sort", "recent"), asked.get("format", "csv")
    wanted = Wanted(
        where,
        sort if sort in ORDERS else "recent",
        asked.get("q", "").replace("\x00", "")[:200],
        asked.get("archived") == "1",
    )
    return answer(user, wanted, format if format in FORMATS else "csv")

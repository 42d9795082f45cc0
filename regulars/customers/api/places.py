"""Where the customers of a list are, for a map."""

from __future__ import annotations

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.customers import located
from regulars.customers.schemas.places import PinPage
from regulars.customers.schemas.records import SortName
from regulars.lib import clock
from regulars.timeline.freshness import freshness
from regulars.timeline.thresholds import ageing
from regulars.wire.answers import answer

from .gate import reader
from .records import Archived, Filter, Words, criteria

router = Router()

Box = Annotated[
    str, Query(max_length=200, description="A part of the map: south,west,north,east in degrees")
]


@router.get("/customers/map", response=PinPage, summary="Where the customers of a list are")
def pins(
    request: HttpRequest,
    box: Box = "",
    q: Words = "",
    filter: Filter = "",
    sort: SortName = "recent",
    archived: Archived = False,
) -> HttpResponse:
    """The first 600 of the list whose primary location has a position, within `box`."""
    user = reader(request)
    where, q = criteria(user, filter, q)
    found = located.pins(
        user,
        where=where.q,
        sort=sort,
        q=q,
        archived=archived,
        within=located.read_box(box),
    )
    now, limits = clock.now(), ageing()
    items = [
        {
            "id": str(pin.id),
            "name": pin.name,
            "owner": pin.owner,
            "place": pin.place,
            "freshness": freshness(pin.waiting_since, now, limits).value,
            "latitude": pin.latitude,
            "longitude": pin.longitude,
            "url": f"{settings.BASE_URL}/customers/{pin.id}/",
        }
        for pin in found.items
    ]
    return answer({"items": items, "more": found.more})

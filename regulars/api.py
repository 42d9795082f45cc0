"""The API: mounts every room's router, the only place that lists them."""

from collections.abc import Iterable
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from regulars.audiences.api import router as audiences
from regulars.bulk.api import router as bulk
from regulars.customers.api import router as customers
from regulars.customers.history.context import because
from regulars.exports.api import router as exports
from regulars.follow_up.api import router as follow_up
from regulars.imports.api import router as imports
from regulars.matching.api import router as matching
from regulars.staff.api import router as staff
from regulars.timeline.api import router as timeline
from regulars.wire import door
from regulars.wire.openapi import Api

DESCRIPTION = """\
Everything a person can do on the pages, a program can do here as that person: the same
visibility, the same rights, the same events on the timeline.

Send `Authorization: Bearer <token>`; tokens are made in Settings › API tokens. Times are RFC 3339.
Lists answer `{"items": […], "next": cursor}`; hand `next` back as `cursor` until it is null.
"""

ROOMS = (exports, audiences, follow_up, customers, timeline, bulk, imports, matching, staff)


def house(packs: Iterable[str]) -> Api:
    """The API of all rooms and of these packs."""
    made = Api(title="Regulars", version="1", description=DESCRIPTION)
    for router in ROOMS:
        made.add_router("", router)
    for pack in packs:
        if find_spec(f"{pack}.api"):
            made.add_router("", f"{pack}.api.router")
    return made


api = house(settings.REGULARS_PACKS)
app_name = "api"
urlpatterns: list[URLPattern] = [
    path("openapi.json", door.behind(require_safe(api.document)), name="openapi"),
    *door.patterns(api),
]
for pattern in urlpatterns:
    # What a program writes is kept as written through the API.
    pattern.callback = because(how="api")(pattern.callback)

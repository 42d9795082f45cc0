"""What the desk room plugs into others."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from regulars.bulk.deeds import Deed, deeds
from regulars.bulk.selection import Selection
from regulars.customers.cards import Panel, panels
from regulars.customers.merging.rule import MOST
from regulars.staff.models import User
from regulars.ui.places import Badge, Place, places

from . import consent, family
from .tally import tally


def waiting_badge(request: HttpRequest) -> Badge | None:
    """How many wait for this user; red when one of them waits too long."""
    if not isinstance(request.user, User):
        return None
    found = tally(request, request.user)
    return Badge(found.waiting, "waiting", late=found.late)


def merging(chosen: Selection) -> str:
    """Side by side."""
    return f"{reverse('desk:merge')}?{urlencode({'ids': ','.join(chosen.ids)})}"


deeds.register(
    Deed("merge", "Merge", "git-merge", page=merging, least=2, most=MOST, archived=None, order=25)
)

panels.register(
    Panel("family", "Household", "desk/_family.html", family.context, order=55, rows=family.rows),
    Panel(
        "consent", "Consent", "desk/_consents.html", consent.context, order=60, rows=consent.rows
    ),
)

places.register(
    Place("now", "Now", "desk:now", "bolt", 10, function="customers", badge=waiting_badge, go="n"),
    Place(
        "customers",
        "Customers",
        "desk:customers",
        "users",
        20,
        function="customers",
        go="c",
        also=("/bulk/",),
    ),
    Place("map", "Map", "desk:map", "map", 25, function="customers", where="menu"),
    Place(
        "settings",
        "Settings",
        "staff:settings",
        "settings",
        90,
        where="foot",
        go="s",
        also=("/accounts/",),
    ),
)

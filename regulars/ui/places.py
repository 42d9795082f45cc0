"""The socket for places: what stands in the left rail and, on a phone, along the bottom.

Those with `where="menu"` are only gone to from the command menu.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from regulars.lib.registry import Registry


@dataclass(frozen=True)
class Badge:
    """A small count beside a place; `late` is red and means people are waiting too long."""

    count: int
    words: str
    late: bool = False


@dataclass(frozen=True)
class Place:
    """One entry of the rail.

    `order` sorts ascending; `function` is the right a user needs to see it ("" for everyone);
    `badge` is asked once per whole page and may answer None; `foot` places stand at the bottom
    of the rail, `menu` places only in the command menu; `go` is the key pressed after `g`; `also`
    are beginnings of paths elsewhere.
    """

    key: str
    label: str
    url_name: str
    icon: str
    order: int
    function: str = ""
    badge: Callable[[HttpRequest], Badge | None] | None = None
    where: Literal["main", "foot", "menu"] = "main"
    go: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A place as one page draws it."""

    key: str
    label: str
    url: str
    icon: str
    current: bool
    badge: Badge | None
    where: str
    go: str


places: Registry[Place] = Registry("places")


def _may_see(request: HttpRequest, place: Place) -> bool:
    may = getattr(request.user, "may", None)
    return not place.function or may is None or bool(may(place.function))


def _current(candidates: Iterable[tuple[str, str]], path: str) -> str:
    """The key of the longest url that starts `path`; the root only matches itself."""
    fitting = [
        (len(url), key)
        for key, url in candidates
        if path == url or (url != "/" and path.startswith(url))
    ]
    return max(fitting)[1] if fitting else ""


def shown(request: HttpRequest) -> list[Shown]:
    """What this user may see, in order; a place whose url is not mounted is left out."""
    found: list[tuple[Place, str]] = []
    for place in sorted(places, key=lambda p: p.order):
        if not _may_see(request, place):
            continue
        try:
            found.append((place, reverse(place.url_name)))
        except NoReverseMatch:
            continue
    rail = [(place, at) for place, at in found if place.where != "menu"]
    urls = ((place.key, url) for place, at in rail for url in (at, *place.also))
    here = _current(urls, request.path)
    return [
        Shown(
            key=place.key,
            label=place.label,
            url=url,
            icon=place.icon,
            current=place.key == here,
            badge=place.badge(request) if place.badge else None,
            where=place.where,
            go=place.go,
        )
        for place, url in found
    ]

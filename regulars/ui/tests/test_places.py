"""The rail shows the places a user may see, in order, and where one is."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from regulars.lib.registry import Registry
from regulars.ui import places as socket
from regulars.ui.places import Badge, Place


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", nothing, name="now"),
    path("customers/", nothing, name="customers"),
    path("customers/find/", nothing, name="find"),
    path("settings/", nothing, name="settings"),
]


@pytest.fixture(autouse=True)
def _plugged(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = __name__
    room: Registry[Place] = Registry("places")
    room.register(
        Place("settings", "Settings", "settings", "settings", 90, where="foot", also=("/me/",)),
        Place("customers", "Customers", "customers", "users", 20, function="customers"),
        Place(
            "now", "Now", "now", "bolt", 10, badge=lambda request: Badge(4, "waiting", late=True)
        ),
        Place("moon", "Moon", "no-such-url", "moon", 5),
        Place("find", "Find", "find", "search", 95, where="menu"),
    )
    monkeypatch.setattr(socket, "places", room)


def seen(url: str, may: bool = True) -> list[socket.Shown]:
    request = RequestFactory().get(url)
    request.user = SimpleNamespace(may=lambda function: may)  # type: ignore[assignment]
    return socket.shown(request)


def test_places_stand_in_order_and_unmounted_ones_are_left_out() -> None:
    assert [place.key for place in seen("/")] == ["now", "customers", "settings", "find"]


def test_a_place_without_the_right_is_not_shown() -> None:
    assert [place.key for place in seen("/", may=False)] == ["now", "settings", "find"]


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("/", "now"),
        ("/customers/", "customers"),
        ("/customers/find/", "customers"),
        ("/customers/12/", "customers"),
        ("/settings/import/", "settings"),
        ("/me/keys/", "settings"),
        ("/search/", None),
    ],
)
def test_the_place_one_is_in_is_marked(url: str, here: str | None) -> None:
    assert [place.key for place in seen(url) if place.current] == ([here] if here else [])


def test_a_badge_says_what_it_counts() -> None:
    badge = seen("/")[0].badge
    assert badge is not None
    assert (badge.count, badge.words, badge.late) == (4, "waiting", True)

"""Where every room's pages hang: the only place that lists them."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

ROOMS = ("server", "staff", "wire", "imports", "desk")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"regulars.{room}.urls"))
    for room in ROOMS
    if find_spec(f"regulars.{room}") and find_spec(f"regulars.{room}.urls")
]
if find_spec("regulars.api"):
    urlpatterns.append(path("api/v1/", include("regulars.api")))
urlpatterns += [
    path("", include(f"{pack}.urls"))
    for pack in settings.REGULARS_PACKS
    if find_spec(f"{pack}.urls")
]

handler500 = "regulars.server.views.failed"

"""Where every room's pages hang: the only place that lists them."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("regulars.server.urls")),
    path("", include("regulars.staff.urls")),
    path("", include("regulars.wire.urls")),
    path("", include("regulars.bulk.urls")),
    path("", include("regulars.imports.urls")),
    path("", include("regulars.exports.urls")),
    path("", include("regulars.audiences.urls")),
    path("", include("regulars.follow_up.urls")),
    path("", include("regulars.customers.urls")),
    path("", include("regulars.matching.urls")),
    path("", include("regulars.desk.urls")),
    path("api/v1/", include("regulars.api")),
    *(
        path("", include(f"{pack}.urls"))
        for pack in settings.REGULARS_PACKS
        if find_spec(f"{pack}.urls")
    ),
]

handler500 = "regulars.server.views.failed"

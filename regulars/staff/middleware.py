"""For every request: who must sign in first, and whose clock is shown."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware, get_user
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import urlencode

from .models import User
from .time_zones import zone_of


class SignInFirst(LoginRequiredMiddleware):
    """Every page needs a signed-in colleague unless its view says otherwise.

    For htmx the browser is sent to the sign-in page; a 302 would put it into a region.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request") != "true":
            return super().handle_no_permission(request, view_func)
        here = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = f"{here.path or '/'}{'?' + here.query if here.query else ''}"
        answer = HttpResponse(status=200)
        sign_in = resolve_url(self.get_login_url(view_func))
        answer["HX-Redirect"] = f"{sign_in}?{urlencode({'next': back})}"
        return answer


def their_time(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Times are shown in the colleague's zone, else their store's."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        # Themselves, not the promise of them: a list looks hundreds of times.
        user = request.user = get_user(request)
        with timezone.override(zone_of(user) if isinstance(user, User) else None):
            return get_response(request)

    return answer

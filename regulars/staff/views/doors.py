"""Coming in and being here: sign-in, the demo's one click, the heartbeat."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from regulars.lib import clock, numbers
from regulars.staff import actions, queries
from regulars.staff.permission import signed_in
from regulars.staff.sign_in import browsers


class SignIn(LoginView):  # type: ignore[misc]
    """The library's page; in demo mode it also offers one click per person."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known: dict[str, Any] = super().get_context_data(**kwargs)
        known["demo_people"] = list(queries.demo_people()) if settings.DEMO else []
        known["company_login"] = _company_login_url()
        return known


class Sessions(ListUserSessionsView):  # type: ignore[misc]
    """The library's page, with browsers by the names people know."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known: dict[str, Any] = super().get_context_data(**kwargs)
        known["rows"] = [
            (session, browsers.said(session.user_agent)) for session in known["sessions"]
        ]
        return known


def _company_login_url() -> str:
    if "allauth.socialaccount" not in settings.INSTALLED_APPS:
        return ""
    from allauth.core import context
    from allauth.socialaccount.adapter import get_adapter

    providers = get_adapter().list_providers(context.request)
    return str(providers[0].get_login_url(context.request)) if providers else ""


@login_not_required
@require_POST
def demo(request: HttpRequest) -> HttpResponseBase:
    """Sign in as a demo person without a password; outside demo mode there is no such page."""
    if not settings.DEMO:
        raise Http404
    wanted = numbers.whole(request.POST.get("user", ""))
    person = get_object_or_404(queries.demo_people(), pk=wanted)
    answer: HttpResponseBase = perform_login(request, person)
    return answer


@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """“I am here”: the page asks once a minute."""
    actions.seen(signed_in(request), now=clock.now())
    return HttpResponse(status=204)

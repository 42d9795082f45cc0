"""The door every API request goes through: keys, problems and headers, whatever lies behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path

from regulars.lib.retrying import again

from . import bearer, problems, replays
from .openapi import Api

View = Callable[..., HttpResponseBase]


def patterns(api: Api) -> list[URLPattern]:
    """The API's URLs behind the door; whatever they do not know is a problem too."""
    found: list[URLPattern] = []
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern):
            pattern.callback = behind(pattern.callback)
            found.append(pattern)
    return [*found, re_path("", behind(_nothing), name="api-nothing")]


def behind(view: View) -> View:
    """Sign-in by token only: neither the session nor its CSRF token opens anything here."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            bearer.caller(request)  # which may note that the token is in use: kept by itself
            answer = again(lambda: _once(view, request, *args, **kwargs))
        except Exception as error:  # every refusal must be a problem, also the unforeseen
            answer = problems.of(request, error)
        return _finished(answer)

    opened.csrf_exempt = True  # type: ignore[attr-defined]
    opened.login_required = False  # type: ignore[attr-defined]
    return opened


def _once(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    def act() -> Any:
        return view(request, *args, **kwargs)

    if request.method != "POST" or replays.HEADER not in request.headers:
        return view(request, *args, **kwargs)
    user = bearer.caller(request)
    return act() if user is None else replays.once(request, user, act)


def _finished(answer: HttpResponseBase) -> HttpResponseBase:
    if isinstance(answer, HttpResponseNotAllowed):
        answer = problems.methods(str(answer["Allow"]).split(", "))
    elif answer.status_code >= 400 and not problems.is_problem(answer):
        answer = problems.problem(answer.status_code, f"{answer.reason_phrase}.")
    answer["Cache-Control"] = "no-store"
    return answer


def _nothing(request: HttpRequest) -> HttpResponse:
    raise Http404

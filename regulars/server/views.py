"""For machines that watch us: is it alive, can it work? For people: the page when it cannot."""

import logging
import sys
import time

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regulars.lib.errors import Away
from regulars.wire import problems
from regulars.wire.openapi import PREFIX

from . import bodies, condition
from .environment import Wrong

log = logging.getLogger("regulars.server")
RETRY_AFTER = 5  # seconds
TELL_EVERY = 60.0  # seconds
_told = {"at": float("-inf")}


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; asks nothing else."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when pages and jobs work, else 503 saying what does not."""
    missing = [finding for finding in condition.readiness() if not finding.ok]
    if not missing:
        return JsonResponse({"status": "ok"})
    return JsonResponse(
        {"status": "not ready", "not_ready": {each.name: each.words for each in missing}},
        status=503,
    )


def failed(request: HttpRequest) -> HttpResponse:
    """The 500 page; a 503 one when the database or the files are away, full, or took too long.

    Called while the exception is being handled. The log is told once a minute, not per request.
    """
    error = sys.exception()
    if not isinstance(error, OperationalError | InterfaceError | Wrong | Away):
        return defaults.server_error(request)
    now = time.monotonic()
    if now - _told["at"] > TELL_EVERY:
        _told["at"] = now
        log.error("Pages are refused, because what they need fails: %s", error)
    answer = HttpResponse(loader.render_to_string("503.html"), status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def too_big(request: HttpRequest) -> HttpResponse:
    """413: more came in one request than the server takes."""
    most = f"{bodies.biggest() // bodies.MEGABYTE:,} MB"
    if request.path.startswith(f"/{PREFIX}"):
        return problems.problem(413, f"The body is larger than {most}: send it in parts.")
    return HttpResponse(loader.render_to_string("413.html", {"most": most}), status=413)

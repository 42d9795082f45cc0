"""What every page knows besides its own subject."""

from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

from . import places


def region(request: HttpRequest) -> dict[str, Any]:
    """For one region of a page: no rail, so no badge is asked."""
    return {
        "user": getattr(request, "user", None),
        "demo": getattr(settings, "DEMO", False),
        "company": getattr(settings, "COMPANY", "Regulars"),
        "messages": get_messages(request),
        # One for all forms of the page, made when the first asks: each would hide the token anew.
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
        "places": [],
    }


def frame(request: HttpRequest) -> dict[str, Any]:
    """For a whole page (Django's context processor)."""
    known = region(request)
    user = known["user"]
    if user is not None and user.is_authenticated:
        known["places"] = places.shown(request)
    return known

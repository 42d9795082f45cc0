"""What a browser says about itself, looked at once; and refusals that no page took care of."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from regulars.lib.errors import Invalid, NotAllowed, Stale
from regulars.lib.retrying import again, conflict, kept, may_go_again, may_pass

from .page import page, toasts_only, wants_region

log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponseBase]
HERE = "HTTP_HX_CURRENT_URL"
BEGUN = "regulars.begun"
TAKEN = "Somebody did the same at the same moment"
View = Callable[..., HttpResponseBase]


def readable_here(get_response: Answer) -> Answer:
    """A page whose address cannot be read has said nothing about where it is."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        try:
            urlsplit(request.META.get(HERE, ""))
        except ValueError:
            del request.META[HERE]
        return get_response(request)

    return answer


class Refusals:
    """What an action will not do, and its page does not say itself, is said on any page.

    What somebody else was quicker with, such as a merge, is a 412; what is wrong with the
    address or the form a 422; what the person may not do a 403.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        request.META[BEGUN] = (kept(), partial(view, request, *args, **kwargs))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Of two writers who met one was let go: once more, unseen."""
        kept_before, view = request.META.get(BEGUN, (0, None))
        if view is None or not may_go_again(error, kept_before):
            return self._said(request, error)
        try:
            found: HttpResponseBase | None = again(view, kept_before=kept_before)
        except Exception as other:  # whatever the second time ends in is said like the first
            found = self._said(request, other)
            if found is None:
                raise
        return found

    def _said(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Stale):
            return page(request, "412.html", {"said": str(error)}, status=412)
        if isinstance(error, IntegrityError) and may_pass(error):
            log.warning("conflict: %s", conflict(error))
            return page(request, "412.html", {"said": TAKEN}, status=412)
        if isinstance(error, NotAllowed):
            return page(request, "403.html", {"exception": str(error)}, status=403)
        if isinstance(error, Invalid):
            return _not_right(request, error)
        return None


def _not_right(request: HttpRequest, error: Invalid) -> HttpResponse:
    """The sentences: as a page, or beside the region, which stays as it is."""
    said = [f"{sentence.rstrip('.')}." for sentence in error.errors.values()]
    if not wants_region(request):
        return page(request, "422.html", {"said": said}, status=422)
    messages.error(request, " ".join(said))
    return toasts_only(request, status=422)

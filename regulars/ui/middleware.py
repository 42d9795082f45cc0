"""What a browser says about itself, looked at once before anything builds on it."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from regulars.lib.errors import Stale

from .page import page

Answer = Callable[[HttpRequest], HttpResponseBase]
HERE = "HTTP_HX_CURRENT_URL"


def readable_here(get_response: Answer) -> Answer:
    """A page whose address cannot be read has said nothing about where it is."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        try:
            urlsplit(request.META.get(HERE, ""))
        except ValueError:
            del request.META[HERE]
        return get_response(request)

    return answer


class Overtaken:
    """What somebody else was quicker with, such as a merge, is said, on any page: 412."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Stale):
            return page(request, "412.html", {"said": str(error)}, status=412)
        return None

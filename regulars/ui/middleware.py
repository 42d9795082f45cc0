"""What a browser says about itself, looked at once before anything builds on it."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.response import HttpResponseBase

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

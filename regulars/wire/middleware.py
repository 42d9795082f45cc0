"""What is refused before it reaches the door (a foreign host, say) is a problem all the same."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import problems
from .openapi import PREFIX

Answer = Callable[[HttpRequest], HttpResponseBase]


def problems_only(get_response: Answer) -> Answer:
    """Under the API's prefix no refusal is a page."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        given = get_response(request)
        if given.status_code < 400 or not request.path.startswith(f"/{PREFIX}"):
            return given
        if problems.is_problem(given):
            return given
        return problems.problem(given.status_code, "This request cannot be answered.")

    return answer

"""One template, two answers: the whole page, or with htmx the one region that was asked for."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.cache import patch_vary_headers
from jinja2_fragments import render_blocks
from markupsafe import Markup

from . import context as known

PARTIAL = '<hx-partial hx-target="#{place}" hx-swap="outerMorph">{drawn}</hx-partial>'
ASKED_BY = ("HX-Request", "HX-Request-Type", "HX-Target")


def _engine() -> Jinja2:
    found = next(e for e in engines.all() if isinstance(e, Jinja2))
    assert isinstance(found, Jinja2)  # noqa: S101 (narrowing for the type checker)
    return found


def _known(request: HttpRequest) -> dict[str, Any]:
    """What a region knows besides its subject: as a whole page, without the rail's badges."""
    every: dict[str, Any] = {
        "request": request,
        "csrf_token": get_token(request),
    }
    for processor in _engine().template_context_processors:
        every |= known.region(request) if processor is known.frame else processor(request)
    return every


def wants_region(request: HttpRequest) -> bool:
    """Whether htmx will swap one region, rather than the whole page or a restored one."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Request-Type") != "full"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def is_a_look(request: HttpRequest) -> bool:
    """A person has it before their eyes: it is no browser fetching ahead.

    What a colleague or the customer adds is fetched again only while the page is visible.
    """
    ahead = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    return request.method == "GET" and "prefetch" not in ahead


def target(request: HttpRequest) -> str:
    """The id of the element htmx will swap, "" when it has none (the header says `tag#id`)."""
    return request.headers.get("HX-Target", "").partition("#")[2]


def _around(request: HttpRequest, context: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a region is drawn with: everything but the frame."""
    return {
        **known.region(request),
        "request": request,
        "csrf_token": get_token(request),
        **(context or {}),
    }


def fragment(request: HttpRequest, template: str, context: Mapping[str, Any]) -> Markup:
    """A whole small template, such as a pack's panel, to stand inside another one."""
    return Markup(_engine().env.get_template(template).render(_around(request, context)))  # noqa: S704


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    block: str | None = None,
    beside: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Draw `template`, whole or one block of it.

    The block is the one named like the id of htmx's target (`#wait-list` is block `wait_list`),
    else `block`, else the whole page. With it come the blocks `beside` it, each morphed in its
    own place, and messages as toasts.
    """
    environment = _engine().env
    drawn = environment.get_template(template)
    name = target(request).replace("-", "_") if wants_region(request) else ""
    chosen = name if name in drawn.blocks else block
    if wants_region(request) and chosen:
        every = _known(request) | (context or {})
        text = render_blocks(environment, template, [chosen], every)
        for other in beside:
            if other != chosen:
                drawn_beside = render_blocks(environment, template, [other], every)
                place = other.replace("_", "-")
                text += PARTIAL.format(place=place, drawn=drawn_beside)
        text += environment.get_template("ui/_toasts.html").render(every)
    else:
        text = _engine().get_template(template).render(dict(context or {}), request)
    answer = HttpResponse(text, status=status)
    patch_vary_headers(answer, ASKED_BY)
    return answer


def toasts_only(request: HttpRequest, *, status: int) -> HttpResponse:
    """The messages alone, as toasts: the region that was asked for stays as it is."""
    template = _engine().env.get_template("ui/_toasts.html")
    answer = HttpResponse(template.render(_known(request)), status=status)
    answer["HX-Reswap"] = "none"
    patch_vary_headers(answer, ASKED_BY)
    return answer


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """After a deed: 303 to `url`; htmx follows it for a region, and leaves for another page."""
    answer: HttpResponse = HttpResponseRedirect(url)
    answer.status_code = 303
    if wants_region(request):
        here, there = urlsplit(request.headers.get("HX-Current-URL", "")), answer["Location"]
        if here.path != urlsplit(there).path:
            answer = HttpResponse(status=200)
            answer["HX-Redirect"] = there
    patch_vary_headers(answer, ASKED_BY)
    return answer

"""One template, two answers; and after a deed, the right way on."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from regulars.ui import jinja
from regulars.ui.page import page, see_other


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("", nothing, name="now"), path("customers/", nothing, name="customers")]

PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
LIST = """{% extends "ui/base.html" %}
{% block title %}Customers{% endblock %}
{% block content %}
{% block rows %}<ul id="rows">{{ ui.face(owner) }}</ul>{% endblock %}
{% block wait_list %}<p id="wait-list">{{ csrf_token }}</p>{% endblock %}
{% endblock %}"""


@pytest.fixture
def _templates(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "list.html").write_text(LIST)
    settings.ROOT_URLCONF = __name__
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN}}
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": [tmp_path],
            "OPTIONS": {
                "environment": "regulars.ui.jinja.environment",
                "context_processors": ["regulars.ui.context.frame"],
            },
        }
    ]


def asked(url: str = "/customers/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(url, headers=headers)
    request.user = SimpleNamespace(  # type: ignore[assignment]
        is_authenticated=True,
        name="Mia Hollander",
        title="",
        single_keys=False,
        may=lambda f: True,
        photo_url="",
    )
    return request


def answer(request: HttpRequest, **options: Any) -> tuple[HttpResponse, str]:
    response = page(request, "list.html", {"owner": "Ana"}, **options)
    return response, response.content.decode()


pytestmark = pytest.mark.usefixtures("_templates")
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_a_plain_request_gets_the_whole_page() -> None:
    response, html = answer(asked(), block="rows")
    assert html.startswith("<!doctype html>")
    assert "<h1>Customers</h1>" in html
    assert 'data-single-keys="off"' in html
    assert "HX-Request" in response["Vary"]


def test_the_frame_holds_for_somebody_who_is_not_signed_in() -> None:
    request = asked()
    request.user = AnonymousUser()
    assert "Sign out" not in answer(request)[1]


def test_every_script_is_announced_before_it_is_asked_for() -> None:
    _, html = answer(asked())
    scripts = {file.name for file in (Path(jinja.__file__).parent / "static/ui").glob("*.js")}
    announced = set(re.findall(r"modulepreload\" href=\"/static/ui/([^\"]+)", html))
    asked_for = set(re.findall(r"<script src=\"/static/ui/([^\"]+)", html))
    assert asked_for == {"app.js", "early.js"}
    assert announced == scripts - asked_for


def test_htmx_gets_the_block_named_like_its_target() -> None:
    _, html = answer(asked(**HTMX, **{"HX-Target": "p#wait-list"}), block="rows")
    assert html.strip().startswith('<p id="wait-list">')
    assert "<ul" not in html


def test_htmx_without_a_known_target_gets_the_named_block() -> None:
    _, html = answer(asked(**HTMX, **{"HX-Target": "tr#c-12"}), block="rows")
    assert html.strip().startswith('<ul id="rows">')


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Request-Type": "full"},
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
        {"HX-History-Restore-Request": "true"},
    ],
)
def test_a_restored_or_whole_swap_gets_the_whole_page(headers: dict[str, str]) -> None:
    _, html = answer(asked(**headers), block="rows")
    assert html.startswith("<!doctype html>")


def test_the_status_of_a_refused_form_is_kept() -> None:
    assert answer(asked(**HTMX), block="rows", status=422)[0].status_code == 422


def test_after_a_deed_the_browser_sees_another_page() -> None:
    response = see_other(asked("/x/"), "/customers/")
    assert (response.status_code, response["Location"]) == (303, "/customers/")


def test_after_a_deed_htmx_follows_to_the_same_pages_region() -> None:
    headers = {**HTMX, "HX-Current-URL": "http://testserver/customers/?open=3"}
    response = see_other(asked("/x/", **headers), "/customers/?q=a")
    assert response.status_code == 303


def test_after_a_deed_htmx_leaves_for_another_page() -> None:
    headers = {**HTMX, "HX-Current-URL": "http://testserver/customers/new/"}
    response = see_other(asked("/x/", **headers), "/customers/")
    assert (response.status_code, response["HX-Redirect"]) == (200, "/customers/")


@pytest.mark.parametrize("url", ["/customers/\r\nSet-Cookie: a=b", "/customers/\x00"])
def test_nothing_in_an_address_becomes_a_header(url: str) -> None:
    headers = {**HTMX, "HX-Current-URL": "http://testserver/x/"}
    for response in (see_other(asked("/x/"), url), see_other(asked("/x/", **headers), url)):
        there = response.headers.get("Location") or response["HX-Redirect"]
        assert there.startswith("/customers/%0")
        assert "Set-Cookie" not in response.headers

"""What a browser says about itself may be anything."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from regulars.bulk import queries
from regulars.lib.errors import Invalid, NotAllowed
from regulars.ui.middleware import readable_here


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("http://testserver/customers/?q=a", "http://testserver/customers/?q=a"),
        ("", ""),
        ("http://[", None),
        ("//[::1", None),
        ("http://a\u2100b/", None),
    ],
)
def test_an_address_that_cannot_be_read_was_not_said(said: str, kept: str | None) -> None:
    heard: list[str | None] = []

    def view(request: HttpRequest) -> HttpResponse:
        heard.append(request.headers.get("HX-Current-URL"))
        return HttpResponse()

    readable_here(view)(RequestFactory().get("/", headers={"HX-Current-URL": said}))
    readable_here(view)(RequestFactory().get("/"))
    assert heard == [kept, None]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Invalid({"cursor": "This is no place"}), 422, "<p>This is no place.</p>"),
        (NotAllowed("Only administrators see this."), 403, "<p>Only administrators see this.</p>"),
    ],
)
def test_a_refusal_that_no_page_took_care_of_is_said(
    ada_in: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, said: str
) -> None:
    def refuses(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(queries, "recent", refuses)
    answer = ada_in.get("/settings/changes/")
    assert (answer.status_code, said in answer.text) == (status, True)


@pytest.mark.django_db
def test_a_region_stays_as_it_is_and_the_refusal_is_a_toast(
    ada_in: Client, htmx: Callable[..., dict[str, str]]
) -> None:
    answer = ada_in.get("/settings/changes/?cursor=x", headers=htmx("receipts"))
    assert (answer.status_code, answer["HX-Reswap"]) == (422, "none")
    assert "start from the first page" in answer.text
    assert "<html" not in answer.text

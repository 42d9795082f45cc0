"""What a browser says about itself may be anything."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

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

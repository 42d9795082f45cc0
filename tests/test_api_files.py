"""Files for programs: sent, fetched byte for byte, renamed, removed, and sent once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.customers.models import Attachment, Customer
from regulars.staff.models import User
from tests.api import ok, refused

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture
def renee(make_customer: Any, ana: User) -> Customer:
    customer: Customer = make_customer("Renée Castellanos", owner=ana)
    return customer


@pytest.fixture
def at(renee: Customer) -> str:
    return f"/customers/{renee.public_id}/files"


def send(program: Any, at: str, content: bytes, name: str = "a.txt", key: str = "") -> Any:
    file = SimpleUploadedFile(name, content, "image/png")
    headers = {"Idempotency-Key": key} if key else {}
    return program.client.post(f"/api/v1{at}", {"file": file}, headers=headers)


def test_a_file_is_sent_and_fetched(api: Any, ana: User, renee: Customer, at: str) -> None:
    answer = send(api(ana), at, SVG, "logo.png")
    made = ok(answer, 201)
    assert (made["name"], made["content_type"], made["size"]) == ("logo.png", "image/svg+xml", 59)
    assert made["uploaded_by"] == {"id": ana.pk, "name": "Ana Ferreira"}
    assert answer["Location"] == f"/api/v1{at}/{made['id']}"
    assert api(ana).get(f"{at}/{made['id']}") == made
    assert api(ana).get(at) == {"items": [made], "next": None}
    content = api(ana).client.get(made["content"])
    assert b"".join(content.streaming_content) == SVG
    assert content["Content-Type"] == "application/octet-stream"
    assert content["Content-Disposition"].startswith("attachment; ")
    assert content["X-Content-Type-Options"] == "nosniff"
    assert content["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_a_file_is_renamed_and_removed(api: Any, ana: User, at: str) -> None:
    one = f"{at}/{ok(send(api(ana), at, b'x'), 201)['id']}"
    assert api(ana).patch(one, {"name": "../b.txt"})["name"] == "b.txt"
    assert "name" in refused(api(ana).send("PATCH", one, {"name": " "}), 422)
    assert api(ana).send("DELETE", one).status_code == 204
    refused(api(ana).send("GET", one), 404)
    refused(api(ana).send("GET", f"{one}/content"), 404)
    refused(api(ana).send("DELETE", one), 404)


def test_the_same_key_keeps_one_file(api: Any, ana: User, at: str) -> None:
    first = send(api(ana), at, b"once", key="file-1")
    again = send(api(ana), at, b"once", key="file-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert "Idempotency-Key" in refused(send(api(ana), at, b"other", key="file-1"), 422)
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(("content", "words"), [(b"", "empty"), (b"x" * (2**20 + 1), "1 MB")])
def test_what_is_wrong_is_said_of_the_file(
    api: Any, ana: User, at: str, settings: Any, content: bytes, words: str
) -> None:
    settings.ATTACHMENT_MEGABYTES = 1
    assert words in refused(send(api(ana), at, content), 422)["file"]
    assert "file" in refused(api(ana).client.post(f"/api/v1{at}", {"other": "x"}), 422)
    assert not Attachment.objects.exists()


def test_pages_of_files(api: Any, ana: User, at: str) -> None:
    for n in range(5):
        send(api(ana), at, b"x", f"{n}.txt")
    first = api(ana).get(at, limit=3)
    rest = api(ana).get(at, limit=3, cursor=first["next"])
    assert [row["name"][0] for row in first["items"] + rest["items"]] == list("43210")
    assert rest["next"] is None


def test_who_may_only_look_fetches_and_changes_nothing(
    api: Any, ana: User, omar: User, ben: User, at: str
) -> None:
    made = ok(send(api(ana), at, b"x"), 201)
    one = f"{at}/{made['id']}"
    assert api(omar).get(one) == made
    refused(send(api(omar), at, b"x"), 403)
    refused(api(omar).send("PATCH", one, {"name": "y"}), 403)
    refused(api(omar).send("DELETE", one), 403)
    for path in (one, f"{one}/content"):
        refused(api(ben).send("GET", path), 404)
    refused(send(api(ben), at, b"x"), 404)


def test_a_file_of_another_customer_is_not_found_here(
    api: Any, ana: User, make_customer: Any, at: str
) -> None:
    other = make_customer("Other", owner=ana)
    made = ok(send(api(ana), f"/customers/{other.public_id}/files", b"x"), 201)
    refused(api(ana).send("GET", f"{at}/{made['id']}"), 404)
    refused(api(ana).send("DELETE", f"{at}/{made['id']}"), 404)


def test_a_browser_opens_nothing_of_it(ana_in: Client, api: Any, ana: User, at: str) -> None:
    made = ok(send(api(ana), at, b"x"), 201)
    assert ana_in.get(made["content"]).status_code == 401

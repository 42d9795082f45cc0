"""Files on the page: sent, shown, fetched behind a fence, renamed, removed, refused in words."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.customers import actions
from regulars.customers.files.sniffing import OCTETS
from regulars.customers.models import Attachment, Customer
from regulars.customers.tests.test_files import EICAR, POLYGLOTS, picture
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Renée Castellanos", owner=ana)


def at(customer: Customer, file: Attachment | None = None, deed: str = "") -> str:
    one = f"{file.public_id}/{deed}" if file else ""
    return f"{customer.get_absolute_url()}files/{one}"


def sent(name: str, content: bytes, kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def attach(customer: Customer, by: User, content: bytes, name: str = "a.txt") -> Attachment:
    return actions.attach(customer, io.BytesIO(content), name=name, by=by)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_files_are_sent_by_a_plain_form(ana_in: Client, renee: Customer) -> None:
    answer = ana_in.post(at(renee), {"file": [sent("a.txt", b"one"), sent("b.png", picture())]})
    assert (answer.status_code, answer["Location"]) == (303, renee.get_absolute_url())
    page = ana_in.get(renee.get_absolute_url()).content.decode()
    assert "a.txt" in page
    assert "added the file b.png" in page
    assert page.count("/preview/") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "The file is empty"), (b"x" * (2**20 + 1), "at most 1 MB"), (EICAR, "scanner refused")],
)
def test_what_is_refused_is_said_and_the_others_are_kept(
    ana_in: Client, renee: Customer, settings: Any, content: bytes, words: str
) -> None:
    settings.ATTACHMENT_MEGABYTES = 1
    answer = ana_in.post(at(renee), {"file": [sent("bad.txt", content), sent("ok.txt", b"x")]})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "<p>bad.txt: " in page
    assert words in page
    assert [file.name for file in Attachment.objects.all()] == ["ok.txt"]


def test_nothing_chosen_and_too_many(ana_in: Client, renee: Customer) -> None:
    assert "Choose a file first" in ana_in.post(at(renee)).content.decode()
    many = [sent(f"{n}.txt", b"x") for n in range(21)]
    assert "At most 20 files at once" in ana_in.post(at(renee), {"file": many}).content.decode()
    assert not Attachment.objects.exists()


def test_a_script_is_answered_in_json(ana_in: Client, renee: Customer) -> None:
    asks = {"Accept": "application/json"}
    good = ana_in.post(at(renee), {"file": sent("a.txt", b"x")}, headers=asks)
    assert (good.status_code, json.loads(good.content)) == (201, {"kept": 1, "errors": []})
    bad = ana_in.post(at(renee), {"file": sent("b.txt", b"")}, headers=asks)
    assert bad.status_code == 422
    assert json.loads(bad.content)["errors"] == ["b.txt: The file is empty."]


@pytest.mark.parametrize("case", POLYGLOTS)
def test_whatever_it_is_it_leaves_behind_a_fence(
    ana_in: Client, ana: User, renee: Customer, case: str
) -> None:
    content, _, served = POLYGLOTS[case]
    file = attach(renee, ana, content, "shown.png")
    answer = ana_in.get(at(renee, file))
    assert body(answer) == content
    assert answer["Content-Type"] == served
    assert answer["Content-Disposition"].startswith('attachment; filename="shown.png"')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert {"sandbox", "default-src 'none'"} <= set(answer["Content-Security-Policy"].split("; "))
    assert not served.startswith(("text/html", "image/svg", "application/x")) or served == OCTETS


def test_a_preview_is_a_picture_and_nothing_else(
    ana_in: Client, ana: User, renee: Customer
) -> None:
    file = attach(renee, ana, picture("JPEG", 900), "photo.jpg")
    for _ in range(2):
        answer = ana_in.get(at(renee, file, "preview/"))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer.content[:4] == b"RIFF"
        assert "sandbox" in answer["Content-Security-Policy"]
    for content in (b"words", POLYGLOTS["svg"][0]):
        other = attach(renee, ana, content, "x.png")
        assert ana_in.get(at(renee, other, "preview/")).status_code == 404


def test_what_turns_out_to_be_no_picture_is_not_asked_for_again(
    ana_in: Client, ana: User, renee: Customer
) -> None:
    file = attach(renee, ana, picture(side=600)[:200], "cut.png")
    Attachment.objects.update(width=600, height=600)
    assert ana_in.get(at(renee, file, "preview/")).status_code == 404
    assert "/preview/" not in ana_in.get(renee.get_absolute_url()).content.decode()


def test_a_file_is_renamed_and_removed(ana_in: Client, ana: User, renee: Customer) -> None:
    file = attach(renee, ana, b"x")
    assert 'value="a.txt"' in ana_in.get(at(renee, file, "rename/")).content.decode()
    assert ana_in.post(at(renee, file, "rename/"), {"name": ""}).status_code == 422
    assert ana_in.post(at(renee, file, "rename/"), {"name": "b.txt"}).status_code == 303
    answer = ana_in.post(at(renee, file, "remove/"))
    assert "b.txt is removed" in " ".join(map(str, get_messages(answer.wsgi_request)))
    for deed in ("", "preview/", "rename/"):
        assert ana_in.get(at(renee, file, deed)).status_code == 404


def test_foreign_and_missing_are_the_same(
    ana_in: Client, ana: User, ben: User, signed_in: Callable[[User], Client], renee: Customer,
    make_customer: MakeCustomer,
) -> None:  # fmt: skip
    file = attach(renee, ana, picture(), "p.png")
    other = make_customer("Other", owner=ana)
    for deed in ("", "preview/"):
        assert signed_in(ben).get(at(renee, file, deed)).status_code == 404
        assert ana_in.get(at(other, file, deed)).status_code == 404
        assert ana_in.get(f"{at(renee)}{uuid4()}/{deed}").status_code == 404
    assert signed_in(ben).post(at(renee), {"file": sent("a", b"x")}).status_code == 404
    assert signed_in(ben).post(at(renee, file, "remove/")).status_code == 404


def test_who_only_looks_fetches_and_sends_nothing(
    omar: User, ana: User, signed_in: Callable[[User], Client], renee: Customer
) -> None:
    file = attach(renee, ana, b"x")
    other = signed_in(omar)
    assert body(other.get(at(renee, file))) == b"x"
    assert "data-send" not in other.get(renee.get_absolute_url()).content.decode()
    assert other.post(at(renee), {"file": sent("a", b"x")}).status_code == 403
    assert other.post(at(renee, file, "remove/")).status_code == 403


def test_many_files_stand_on_pages_of_their_own(
    ana_in: Client, ana: User, renee: Customer, django_assert_max_num_queries: Any
) -> None:
    for n in range(53):
        attach(renee, ana, b"x", f"file {n:02}.txt")
    with django_assert_max_num_queries(8):
        page = ana_in.get(renee.get_absolute_url()).content.decode()
    panel = page[page.index('id="panel-files"') :]
    assert "file 52.txt" in panel
    assert "file 46.txt" not in panel
    assert "All files" in page
    whole = ana_in.get(at(renee)).content.decode()
    assert "file 03.txt" in whole
    assert "file 02.txt" not in whole
    after = whole.split("?after=")[1].split('"')[0]
    assert "file 02.txt" in ana_in.get(f"{at(renee)}?after={after}").content.decode()
    assert ana_in.get(f"{at(renee)}?after=nonsense").status_code == 200


def test_a_name_is_words_wherever_it_stands(ana_in: Client, ana: User, renee: Customer) -> None:
    attach(renee, ana, b"x", "<img src=x onerror=alert(1)>.txt")
    page = ana_in.get(renee.get_absolute_url()).content.decode()
    assert "<img src=x" not in page
    assert "onerror=alert(1)_.txt" in page

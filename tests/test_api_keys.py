"""Idempotency keys: whatever is sent twice happens once, and is answered the same."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test.client import encode_multipart

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff.models import User
from regulars.timeline.models import Event
from regulars.wire import replays
from regulars.wire.models import IdempotencyKey
from tests.api import Program, a_key, ok, refused

Api = Callable[[User | None], Program]
RITA = {"first_name": "Rita", "last_name": "Moss"}


def same(one: HttpResponse, other: HttpResponse) -> bool:
    return (one.status_code, one.content, one["Content-Type"], one.get("ETag")) == (
        other.status_code,
        other.content,
        other["Content-Type"],
        other.get("ETag"),
    )


def test_the_same_key_and_body_is_done_once_and_answered_the_same(ada: User, api: Api) -> None:
    program, key = api(ada), a_key()
    first = program.send("POST", "/customers", RITA, key=key)
    actions.change(
        Customer.objects.get(), *_renamed(), by=ada, fields=["last_name"]
    )  # what happened meanwhile does not change what was answered
    again = program.send("POST", "/customers", RITA, key=key)
    ok(first, 201)
    assert same(first, again)
    assert first["Location"] == again["Location"]
    assert again["Cache-Control"] == "no-store"
    assert Customer.objects.count() == 1


def _renamed() -> tuple[Any]:
    from regulars.customers import facts

    return (facts.clean({"first_name": "Rita", "last_name": "Roe"}),)


def test_without_a_key_twice_is_twice(ada: User, api: Api) -> None:
    api(ada).post("/customers", RITA)
    api(ada).post("/customers", RITA)
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    "path",
    ["/customers/{id}/events", "/events", "/customers/{id}/archive", "/customers/{id}/resolve"],
)
def test_every_post_honours_its_key(ada: User, api: Api, path: str) -> None:
    program, key = api(ada), a_key()
    pk = program.post("/customers", RITA)["id"]
    note = {"kind": "note.added", "data": {"text": "Hi"}}
    body: Any = {
        "/events": [{**note, "customer": pk}],
        "/customers/{id}/events": note,
    }.get(path)
    first = program.send("POST", path.format(id=pk), body, key=key)
    count = Event.objects.count()
    again = program.send("POST", path.format(id=pk), body, key=key)
    assert first.status_code in (200, 201)
    assert same(first, again)
    assert Event.objects.count() == count


def test_an_upload_is_the_same_upload_whatever_its_boundary(ada: User, api: Api) -> None:
    program, key = api(ada), a_key()

    def upload(boundary: str, text: bytes) -> HttpResponse:
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("people.csv", text, "text/csv")
        return program.send(
            "POST",
            "/imports",
            raw=encode_multipart(boundary, {"file": file}),
            content_type=f"multipart/form-data; boundary={boundary}",
            key=key,
        )

    first, again = upload("one", b"Name\nRita Moss\n"), upload("other", b"Name\nRita Moss\n")
    assert first.status_code == 201, first.content
    assert same(first, again)
    assert replays.HEADER in refused(upload("one", b"Name\nSam Poe\n"), 422)


@pytest.mark.parametrize(
    ("path", "body"),
    [("/customers", {**RITA, "company": "Moss Ltd"}), ("/events", [])],
)
def test_another_request_under_the_same_key_is_refused(
    ada: User, api: Api, path: str, body: Any
) -> None:
    program, key = api(ada), a_key()
    program.post("/customers", RITA, key=key)
    assert replays.HEADER in refused(program.send("POST", path, body, key=key), 422)
    assert Customer.objects.count() == 1


def test_the_query_belongs_to_the_request(ada: User, api: Api) -> None:
    program, key = api(ada), a_key()
    program.post("/customers", RITA, key=key)
    refused(program.send("POST", "/customers", RITA, key=key, x="1"), 422)


def test_two_colleagues_may_take_the_same_key(ada: User, ana: User, api: Api) -> None:
    key = a_key()
    one = api(ada).post("/customers", RITA, key=key)
    other = api(ana).post("/customers", RITA, key=key)
    assert one["id"] != other["id"]


@pytest.mark.parametrize("key", [" ", "with space", "é", "x" * 256, "\x7f", "tab\tbed"])
def test_a_key_is_short_and_visible(ada: User, api: Api, key: str) -> None:
    errors = refused(api(ada).send("POST", "/customers", RITA, key=key), 422)
    assert errors.keys() == {replays.HEADER}


@pytest.mark.parametrize("key", ["x" * 255, "!", "a-b_c.d~e", '"quoted"', "%00", "';--"])
def test_any_visible_key_will_do(ada: User, api: Api, key: str) -> None:
    first = api(ada).post("/customers", RITA, key=key)
    assert api(ada).post("/customers", RITA, key=key) == first


def test_a_refused_request_leaves_its_key_free(ada: User, api: Api) -> None:
    program, key = api(ada), a_key()
    refused(program.send("POST", "/customers", {}, key=key), 422)
    assert not IdempotencyKey.objects.exists()
    program.post("/customers", RITA, key=key)


def test_a_key_says_nothing_to_a_stranger(ada: User, api: Api) -> None:
    key = a_key()
    api(ada).post("/customers", RITA, key=key)
    refused(api(None).send("POST", "/customers", RITA, key=key), 401)


def test_keys_are_for_posts_only(ada: User, api: Api) -> None:
    key = a_key()
    api(ada).send("GET", "/customers", key=key)
    pk = api(ada).post("/customers", RITA)["id"]
    api(ada).patch(f"/customers/{pk}", {"company": "Moss Ltd"}, key=key)
    assert not IdempotencyKey.objects.exists()


def test_keys_are_kept_for_a_day_at_least_and_then_forgotten(ada: User, api: Api) -> None:
    program, key = api(ada), a_key()
    first = program.post("/customers", RITA, key=key)
    replays.purge(now=clock.now() + timedelta(hours=24))
    assert program.post("/customers", RITA, key=key) == first
    assert replays.purge(now=clock.now() + replays.KEPT_FOR + timedelta(hours=1)) == 1
    assert program.post("/customers", RITA, key=key)["id"] != first["id"]


def test_erasing_leaves_nothing_in_kept_answers_and_a_retry_adds_nobody(
    ada: User, api: Api
) -> None:
    program, key, other = api(ada), a_key(), a_key()
    pk = program.post("/customers", {**RITA, "company": "c4n4ry"}, key=key)["id"]
    note = {"kind": "note.added", "data": {"text": "c4n4ry"}}
    program.post(f"/customers/{pk}/events", note, key=other)
    untouched = a_key()
    kept = program.post("/customers", {"first_name": "Sam"}, key=untouched)
    assert program.send("DELETE", f"/customers/{pk}", confirm="Rita Moss").status_code == 204
    assert b"c4n4ry" not in b"".join(bytes(k.body) for k in IdempotencyKey.objects.all())
    refused(program.send("POST", "/customers", {**RITA, "company": "c4n4ry"}, key=key), 410)
    refused(program.send("POST", f"/customers/{pk}/events", note, key=other), 410)
    assert program.post("/customers", {"first_name": "Sam"}, key=untouched) == kept
    assert Customer.objects.count() == 1


# --- At the same moment


def in_parallel(count: int, act: Callable[[int], HttpResponse]) -> list[HttpResponse]:
    found: list[HttpResponse] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            gate.wait()
            found.append(act(number))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@contextmanager
def an_unfinished_request(user: User, key: str, path: str) -> Iterator[None]:
    """Another process has claimed the key and is still at work."""
    alone = connection.copy()
    try:
        with alone.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(replays._CLAIM, [user.pk, key, path, "x", clock.now()])
            yield
            cursor.execute("ROLLBACK")
    finally:
        alone.close()


@pytest.mark.django_db(transaction=True)
def test_a_hundred_at_once_with_one_key_are_one_customer_and_one_answer(
    ada: User, api: Api
) -> None:
    program, key = api(ada), a_key()
    answers = in_parallel(20, lambda n: program.send("POST", "/customers", RITA, key=key))
    for _ in range(4):
        answers += in_parallel(20, lambda n: program.send("POST", "/customers", RITA, key=key))
    assert Counter(a.status_code for a in answers) == {201: 100}
    assert len({a.content for a in answers}) == 1
    assert Customer.objects.count() == 1
    assert Event.objects.filter(kind="customer.created").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_keys_at_once_are_as_many_customers(ada: User, api: Api) -> None:
    program = api(ada)
    answers = in_parallel(
        20, lambda n: program.send("POST", "/customers", RITA, key=f"key-{n // 2}")
    )
    assert Counter(a.status_code for a in answers) == {201: 20}
    assert len({a.content for a in answers}) == 10
    assert Customer.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_the_same_external_id_at_once_is_one_customer_and_refusals(ada: User, api: Api) -> None:
    program, body = api(ada), {**RITA, "external_ids": {"shop": "1"}}
    answers = in_parallel(8, lambda n: program.send("POST", "/customers", body))
    assert Counter(a.status_code for a in answers) == {201: 1, 422: 7}
    assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_for_the_first_request_is_told_to_come_back(
    ada: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replays, "PATIENCE", "100ms")
    program, key = api(ada), a_key()
    with an_unfinished_request(ada, key, "/api/v1/customers"):
        refused(program.send("POST", "/customers", RITA, key=key), 409)
    program.post("/customers", RITA, key=key)


@pytest.mark.django_db(transaction=True)
def test_an_effect_and_its_key_are_kept_together_or_not_at_all(
    ada: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, key = api(ada), a_key()

    def dies(*args: object) -> None:
        assert transaction.get_connection().in_atomic_block
        raise SystemExit

    monkeypatch.setattr(replays, "_keep", dies)
    with pytest.raises(SystemExit):
        program.send("POST", "/customers", RITA, key=key)
    assert not Customer.objects.exists()
    assert not IdempotencyKey.objects.exists()
    monkeypatch.undo()
    program.post("/customers", RITA, key=key)
    assert json.loads(bytes(IdempotencyKey.objects.get().body))["name"] == "Rita Moss"

"""The door of the API: who gets in, and that nothing sent to it is answered with a crash."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff import actions as staff
from regulars.staff.models import User
from regulars.wire import tokens
from regulars.wire.bodies import DEEPEST
from tests.api import Program, refused

Api = Callable[[User | None], Program]


# --- Who gets in


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Bearer rg_" + "x" * 43,
        "Basic YW5hOnBhc3M=",
        "Bearer rg_\u00e9\u00ff",
        "bearer  rg_" + "x" * 5_000,
    ],
)
def test_without_a_live_token_every_address_answers_the_same_401(
    db: None, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    answers = {
        refused_body(Client(headers=headers).generic(method, f"/api/v1{path}"))
        for method, path in [
            ("GET", "/customers"),
            ("POST", "/customers"),
            ("GET", "/customers/01a2076b-37e6-72d6-b63b-21717fc03e75"),
            ("GET", "/customers/nonsense"),
            ("DELETE", "/customers/01a2076b-37e6-72d6-b63b-21717fc03e75?confirm=x"),
            ("GET", "/me"),
            ("POST", "/events"),
        ]
    }
    assert len(answers) == 1


def refused_body(answer: Any) -> bytes:
    refused(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")
    return bytes(answer.content)


def test_the_scheme_is_read_in_any_case(db: None, ana: User, api: Api) -> None:
    secret = api(ana).secret
    answer = Client(headers={"Authorization": f"bEARER {secret}"}).get("/api/v1/me")
    assert answer.json()["email"] == "ana@demo.example"


def test_a_revoked_or_expired_token_opens_nothing(ana: User, api: Api) -> None:
    program = api(ana)
    program.get("/me")
    tokens.revoke(ana.api_tokens.get(), by=ana)
    refused(program.send("GET", "/me"), 401)
    _, late = tokens.issue(ana, name="Late", by=None, expires_at=clock.now() - timedelta(seconds=1))
    refused(Client(headers={"Authorization": f"Bearer {late}"}).get("/api/v1/me"), 401)  # type: ignore[arg-type]


def test_a_disabled_colleagues_programs_stop_at_once(ana: User, ada: User, api: Api) -> None:
    program = api(ana)
    program.get("/me")
    User.objects.filter(pk=ana.pk).update(is_active=False)
    refused(program.send("GET", "/me"), 401)
    refused(program.send("POST", "/customers", {"first_name": "Rita"}), 401)
    User.objects.filter(pk=ana.pk).update(is_active=True)
    staff.disable(ana, by=ada)
    staff.enable(ana, by=ada)
    refused(program.send("GET", "/me"), 401)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
def test_a_session_opens_nothing_here_and_needs_no_csrf_token(
    signed_in: Callable[[User], Client], ada: User, method: str
) -> None:
    browser = signed_in(ada)
    browser.handler.enforce_csrf_checks = True
    refused(browser.generic(method, "/api/v1/customers"), 401 if method in "GET POST" else 405)  # type: ignore[arg-type]


def test_the_token_counts_and_not_who_is_signed_in(
    signed_in: Callable[[User], Client], ada: User, ana: User, api: Api
) -> None:
    browser = signed_in(ada)
    answer = browser.get("/api/v1/me", headers={"Authorization": f"Bearer {api(ana).secret}"})
    assert answer.json()["email"] == "ana@demo.example"


def test_nothing_is_kept_by_caches_and_no_cookie_is_set(ana: User, api: Api) -> None:
    answer = api(ana).send("GET", "/customers")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


# --- Problems


def test_what_is_refused_before_it_gets_here_is_a_problem_too(ada: User, api: Api) -> None:
    answer = api(ada).client.get("/api/v1/me", headers={"Host": "evil.example"})
    refused(answer, 400)  # type: ignore[arg-type]
    page = api(ada).client.get("/", headers={"Host": "evil.example"})
    assert page["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/", "/customers/", "/customers/x/y/z", "/docs", "/%00", "/customers//events"],
)
def test_unknown_addresses_are_problems_too(ada: User, api: Api, path: str) -> None:
    for method in ("GET", "POST", "PATCH"):
        refused(api(ada).send(method, path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/customers", "GET, POST"),
        ("PUT", "/me", "GET"),
        ("TRACE", "/event-kinds", "GET"),
        ("OPTIONS", "/customers/01a2076b-37e6-72d6-b63b-21717fc03e75", "DELETE, GET, PATCH"),
        ("GET", "/events", "POST"),
    ],
)
def test_what_an_address_cannot_do_is_said(
    ada: User, api: Api, method: str, path: str, allowed: str
) -> None:
    answer = api(ada).send(method, path)
    refused(answer, 405)
    assert answer["Allow"] == allowed


def test_an_error_of_ours_is_a_problem_is_logged_and_says_nothing_of_itself(
    ada: User, api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = api(ada)

    def breaks(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a secret 4711")

    monkeypatch.setattr(actions, "add", breaks)
    with caplog.at_level(logging.ERROR):
        answer = program.send("POST", "/customers", {"first_name": "Rita"})
    refused(answer, 500)
    assert b"4711" not in answer.content
    assert "a secret 4711" in caplog.text


def test_a_database_that_does_not_answer_is_a_503_to_try_again(
    ada: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = api(ada)

    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(actions, "add", away)
    answer = program.send("POST", "/customers", {"first_name": "Rita"})
    refused(answer, 503)
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "name", "A customer needs a name: a first or last name, or a company"),
        ({"first_name": 5}, "first_name", "This must be text"),
        ({"first_name": "x" * 101}, "first_name", "This is longer than 100 characters"),
        ({"name": "R", "type": "boss"}, "type", "This must be one of lead, prospect, account"),
        ({"name": "R", "tags": "VIP"}, "tags", "This must be a list"),
        ({"name": "R", "tags": [None]}, "tags.0", "This must be text"),
        ({"name": "R", "tags": ["x"] * 51}, "tags", "At most 50 are taken in one request"),
        ({"name": "R", "contacts": [5]}, "contacts.0", "This must be an object"),
        (
            {"name": "R", "contacts": [{}, {"email": "no"}]},
            "contacts.1.email",
            "“no” is not an email address",
        ),
        ({"name": "R", "phone": "12"}, "phone", "“12” is not a phone number"),
        (
            {"name": "R", "contacts": [{"primary": "yes"}]},
            "contacts.0.primary",
            "This must be true or false",
        ),
        ({"name": "R", "owner": True}, "owner", "This must be an id, a name or null"),
        ({"name": "R", "owner": 2**63}, "owner", "This must be an id, a name or null"),
        ({"name": "R", "owner": 2**62}, "owner", "There is no such colleague here"),
        ({"name": "R", "owner": "Nobody At All"}, "owner", "There is no such colleague here"),
        ({"name": "R", "store": "Moon"}, "store", "There is no such store here"),
        ({"name": "R", "group": "Moon"}, "group", "There is no such group"),
        ({"name": "R", "category": "Moon"}, "category", "There is no such category"),
        (
            {"name": "R", "locations": [{"country": "U" * 61}]},
            "locations.0.country",
            "This is longer than 60 characters",
        ),
        ({"name": "R\x00"}, "name", "This holds a character that cannot be kept"),
        (
            {"name": "R", "external_ids": {"s\ud800": "1"}},
            "external_ids",
            "A name in here holds a character we cannot keep",
        ),
        (
            {"name": "R", "contacts": [{"last_name": "\udfff"}]},
            "contacts.0.last_name",
            "This holds a character that cannot be kept",
        ),
        ([], "body", "This must be an object"),
        ("Rita", "body", "This must be an object"),
        (None, "body", "This is required"),
    ],
)
def test_what_is_wrong_is_said_by_field(
    ada: User, api: Api, body: Any, field: str, message: str
) -> None:
    raw = b"" if body is None else json.dumps(body).encode()
    assert refused(api(ada).send("POST", "/customers", raw=raw), 422)[field] == message
    assert not Customer.objects.exists()


def test_all_that_is_wrong_is_said_at_once(ada: User, api: Api) -> None:
    wrong = {"email": "no", "phone": "12", "owner": "Nobody", "store": "Moon", "group": "Moon"}
    errors = refused(api(ada).send("POST", "/customers", wrong), 422)
    assert errors.keys() == {*wrong, "name"}


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe\xfa", 400),
        (b'{"name": NaN}', 400),
        (b'{"name": Infinity}', 400),
        (b'{"name": 1e400}', 400),
        (b'{"name": "R"} x', 400),
        (b'{"owner": ' + b"9" * 5_000 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 400),
        (b'{"a":' * DEEPEST + b"[]" + b"}" * DEEPEST, 400),
        (b'{"name": "R", "owner": 9223372036854775808}', 422),
        (b'{"name": "R", "owner": -1}', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"name": "\\u0000"}', 422),
        (b'{"name": "' + b"x" * 1_000_000 + b'"}', 422),
        (b'{"name": "R", "unknown": ' + b"[" * 20 + b"]" * 20 + b"}", 201),
        ('{"name": "R\u00e9"}'.encode("utf-16"), 201),
    ],
    ids=lambda value: str(value)[:40],
)
def test_whatever_the_body_is_it_is_read_or_refused(
    ada: User, api: Api, raw: bytes, status: int
) -> None:
    assert api(ada).send("POST", "/customers", raw=raw).status_code == status


def test_a_body_beyond_the_limit_is_413(ada: User, api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    program = api(ada)
    raw = json.dumps({"name": "x" * 2_000}).encode()
    refused(program.send("POST", "/customers", raw=raw), 413)
    refused(program.send("POST", "/customers", raw=raw, key="one"), 413)


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"],
)
def test_a_body_that_is_not_called_json_is_415(ada: User, api: Api, content_type: str) -> None:
    program = api(ada)
    body = {"name": "Rita"}
    refused(program.send("POST", "/customers", body, content_type=content_type), 415)


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/a+json"]
)
def test_json_may_be_called_by_any_of_its_names(ada: User, api: Api, content_type: str) -> None:
    api(ada).post("/customers", {"name": "Rita"}, content_type=content_type)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "9" * 30}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": "1.5"}, "limit"),
        ({"sort": "money"}, "sort"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "é"}, "cursor"),
        ({"cursor": "W" * 1_999}, "cursor"),
        ({"filter": "moon:full"}, "filter"),
        ({"filter": "owner:("}, "filter"),
        ({"filter": "{"}, "filter"),
        ({"filter": '{"all": 5}'}, "filter"),
        ({"filter": '{"any": [' * 3_000}, "filter"),
        ({"filter": "(" * 15_000}, "filter"),
        ({"filter": "x" * 16_001}, "filter"),
        ({"filter": "created < 99999999999 days ago"}, "filter"),
        ({"q": "\x00"}, "q"),
        ({"q": "x" * 201}, "q"),
        ({"archived": "perhaps"}, "archived"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_query_that_cannot_be_read_is_a_422_under_its_own_name(
    ada: User, api: Api, query: dict[str, Any], field: str
) -> None:
    assert field in refused(api(ada).send("GET", "/customers", **query), 422)


@pytest.mark.parametrize(
    "q", ["", " ", "'", "%", "_", "\\", "' OR 1=1 --", "🙂", "\u202e", "0", "@", "ﷺ" * 60, "*", "☃"]
)
def test_any_words_can_be_searched_for(ada: User, api: Api, q: str) -> None:
    assert api(ada).get("/customers", q=q) == {"items": [], "next": None}


def test_a_failed_right_is_a_403_with_a_sentence_and_is_logged(
    omar: User, api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    answer = api(omar).send("POST", "/customers", {"name": "Rita"})
    refused(answer, 403)
    assert "administrator" in json.loads(answer.content)["detail"]
    assert "function=customers" in caplog.text

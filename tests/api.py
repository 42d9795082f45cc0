"""Programs every test can call on: `api(ana).get("/customers")`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from regulars.staff.models import User
from regulars.wire import tokens


class Program:
    """A program that acts as a colleague, or as nobody; paths begin behind `/api/v1`."""

    def __init__(self, user: User | None) -> None:
        self.secret = tokens.issue(user, name="Test", by=None)[1] if user else ""
        headers = {"Authorization": f"Bearer {self.secret}"} if user else {}
        self.client = Client(headers=headers, raise_request_exception=False)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        content_type: str = "application/json",
        key: str = "",
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> HttpResponse:
        """`body` as JSON, or `raw` bytes; further names are the query."""
        sent = dict(headers or {})
        if key:
            sent["Idempotency-Key"] = key
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return self.client.generic(  # type: ignore[return-value]
            method,
            f"/api/v1{path}",
            data,
            content_type=content_type if data else "",
            headers=sent,
            query_params=query,
        )

    def get(self, path: str, **query: Any) -> Any:
        """The answer's JSON; anything but 200 fails."""
        return ok(self.send("GET", path, **query), 200)

    def post(self, path: str, body: Any = None, *, status: int = 201, **options: Any) -> Any:
        return ok(self.send("POST", path, body, **options), status)

    def patch(self, path: str, body: Any, *, status: int = 200, **options: Any) -> Any:
        return ok(self.send("PATCH", path, body, **options), status)

    def put(self, path: str, body: Any, *, status: int = 200, **options: Any) -> Any:
        return ok(self.send("PUT", path, body, **options), status)


def ok(answer: HttpResponse, status: int) -> Any:
    assert answer.status_code == status, answer.content.decode()[:2_000]
    return json.loads(answer.content) if answer.content else None


def refused(answer: HttpResponse, status: int) -> dict[str, str]:
    """The errors of a problem, by field."""
    problem = ok(answer, status)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    assert problem.keys() == {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return {error["field"]: error["message"] for error in problem["errors"]}


def a_key() -> str:
    return uuid4().hex


@pytest.fixture
def api(db: None) -> Callable[[User | None], Program]:
    known: dict[int | None, Program] = {}

    def program(user: User | None) -> Program:
        pk = user.pk if user else None
        if pk not in known:
            known[pk] = Program(user)
        return known[pk]

    return program

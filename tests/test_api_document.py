"""The API's description: the one in git, complete, and only for who is signed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from regulars.api import house
from regulars.staff.models import User
from tests.api import Program, ok, refused

SNAPSHOT = Path(__file__).with_name("openapi.json")


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(json.dumps(house(()).get_openapi_schema()))


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_description_is_the_one_in_git(document: Any) -> None:
    """When this fails: `REGULARS_PACKS= .venv/bin/regulars openapi > tests/openapi.json`."""
    assert document == json.loads(SNAPSHOT.read_text())


def test_it_is_openapi_3_1_and_names_each_operation_once(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))


def test_every_operation_wants_a_token_and_says_so(document: Any) -> None:
    for path, method, operation in operations(document):
        assert operation["security"] == [{"Bearer": []}], (method, path)
        assert "401" in operation["responses"], (method, path)


def test_every_refusal_is_a_problem(document: Any) -> None:
    for path, method, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert answer == {"$ref": f"#/components/responses/{status}"}, (method, path)
                content = document["components"]["responses"][status]["content"]
                assert list(content) == ["application/problem+json"]


def test_every_post_takes_an_idempotency_key(document: Any) -> None:
    for path, method, operation in operations(document):
        takes = {"$ref": "#/components/parameters/IdempotencyKey"} in operation["parameters"]
        assert takes == (method == "post"), (method, path)


def test_everything_said_to_exist_exists(document: Any) -> None:
    known = {f"{method.upper()} {path}" for path, method, _ in operations(document)}
    assert known >= {
        "POST /api/v1/customers",
        "GET /api/v1/customers",
        "GET /api/v1/customers/{customer_id}",
        "PATCH /api/v1/customers/{customer_id}",
        "DELETE /api/v1/customers/{customer_id}",
        "POST /api/v1/customers/{customer_id}/archive",
        "POST /api/v1/customers/{customer_id}/restore",
        "POST /api/v1/customers/{customer_id}/resolve",
        "PUT /api/v1/customers/{customer_id}/owner",
        "GET /api/v1/customers/{customer_id}/events",
        "POST /api/v1/customers/{customer_id}/events",
        "POST /api/v1/events",
        "GET /api/v1/event-kinds",
        "POST /api/v1/imports",
        "GET /api/v1/imports/{import_id}",
        "GET /api/v1/me",
        "GET /api/v1/staff",
        "GET /api/v1/stores",
        "GET /api/v1/teams",
    }


def test_references_inside_lead_somewhere(document: Any) -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    for reference in references(document):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def test_a_token_or_a_session_opens_the_description_and_nothing_else_does(
    api: Callable[[User | None], Program], ana: User, ana_in: Client
) -> None:
    refused(api(None).send("GET", "/openapi.json"), 401)
    assert api(ana).get("/openapi.json")["info"]["title"] == "Regulars"
    assert ok(ana_in.get("/api/v1/openapi.json"), 200)["openapi"] == "3.1.0"  # type: ignore[arg-type]

"""Health is answered to anybody, whatever the host is called."""

import logging
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from regulars.server import bodies, views
from regulars.server.environment import Wrong


def test_the_process_says_it_is_alive_without_asking_the_database(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.1.2.3:8000"})
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_readiness_says_what_is_not_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "not ready",
        "not_ready": {"worker": "no worker runs: start `regulars serve`"},
    }


@pytest.mark.django_db
def test_ready_with_a_database_and_a_worker(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert client.get("/readyz").json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_asking_is_allowed(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.fixture
def failing(client: Client):
    """`failing(error)`: what a visitor gets when the first query of a page raises `error`."""
    client.raise_request_exception = False

    def visit(error: Exception):
        def refuse(*args: object) -> None:
            raise error

        with connection.execute_wrapper(refuse):
            client.cookies["session"] = "a" * 32
            return client.get("/customers/")

    return visit


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [OperationalError("could not extend file: No space left on device"), Wrong("Old.")]
)
def test_without_a_database_people_are_told_to_come_back(failing, caplog, error: Exception) -> None:
    views._told["at"] = float("-inf")
    first, second = failing(error), failing(error)
    assert first.status_code == second.status_code == 503
    assert "try again in a minute" in first.text
    assert first["Retry-After"] == "5"
    assert [r.levelname for r in caplog.records if "need fails" in r.message] == ["ERROR"]


@pytest.mark.django_db
def test_our_own_mistakes_stay_a_500(failing) -> None:
    assert failing(ZeroDivisionError()).status_code == 500


def test_too_much_at_once_is_a_page_in_the_browser_and_a_problem_for_programs(
    client: Client,
) -> None:
    mark: dict[str, Any] = {bodies.TOO_BIG: True}
    shown = client.post("/customers/", **mark)
    assert (shown.status_code, "This is too large" in shown.text) == (413, True)
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    told = client.post("/api/v1/customers", **mark)
    assert (told.status_code, told["Content-Type"]) == (413, "application/problem+json")
    assert "send it in parts" in told.json()["detail"]


@pytest.mark.django_db
def test_too_many_fields_are_a_warning_in_the_log_without_a_traceback(
    ada_in: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ada_in.post("/bulk/", {f"field-{n}": "" for n in range(1_001)})
    assert answer.status_code == 400
    (said,) = (one for one in caplog.records if one.name == "django.security.TooManyFieldsSent")
    assert (said.levelno, said.exc_info) == (logging.WARNING, None)

"""Health is answered to anybody, whatever the host is called."""

import pytest
from django.db import connection
from django.test import Client


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

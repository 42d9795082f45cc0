"""Each finding is ok or says what to do."""

from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from regulars.server import condition, database

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "free")


def heartbeat(ago: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [timezone.now() - ago]
        )


def findings() -> dict[str, condition.Finding]:
    return {finding.name: finding for finding in condition.everything()}


def test_everything_is_looked_at() -> None:
    heartbeat(timedelta(seconds=3))
    found = findings()
    assert list(found) == [
        *("database", "version", "migrations", "worker", "disk", "mail", "time zones"),
    ]
    assert all(finding.ok for finding in found.values())


def test_no_worker_is_told() -> None:
    assert condition.worker() == condition.Finding(
        "worker", False, "no worker runs: start `regulars serve`"
    )


def test_a_silent_worker_is_told() -> None:
    heartbeat(timedelta(minutes=10))
    assert condition.worker().words == "silent for 600 s: restart `regulars serve`"


def test_one_worker_at_work_is_enough() -> None:
    heartbeat(timedelta(minutes=10))
    heartbeat(timedelta(seconds=5))
    assert condition.worker().ok


def test_waiting_migrations_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "pending", lambda: ["a 1", "b 2"])
    assert condition.migrations().words == "2 pending: run `regulars migrate`"


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(12_000_000))
    assert condition.disk().ok is False
    assert "free 1 GB" in condition.disk().words


def test_mail_that_does_not_leave_is_told(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    assert condition.outgoing_mail().ok is False
    assert "check EMAIL_URL" in condition.outgoing_mail().words


def test_without_a_database_the_rest_is_still_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = condition.Finding("database", False, "start it")
    monkeypatch.setattr(condition, "reachable", lambda: lost)
    assert list(findings()) == ["database", "disk", "mail", "time zones"]
    assert condition.readiness() == [lost]

"""What is wrong with the database is a sentence that says what to do."""

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from regulars.server import database, embedded
from regulars.server.environment import Wrong
from regulars.server.postgresql import base

from .processes import free_port, regulars


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ('FATAL:  password authentication failed for user "x"', "The password for"),
        ("fe_sendauth: no password supplied", "The password for"),
        ('FATAL:  database "x" does not exist', "create it with createdb"),
        ('FATAL:  role "x" does not exist', "does not know that user"),
        ("failed to resolve host 'db': Name or service not known", "There is no host"),
        ("connection to server at 1.2.3.4 failed: Connection refused", "start it"),
        ("connection timeout expired", "start it"),
        ("FATAL:  the database system is starting up", "try again in a moment"),
        ("FATAL:  sorry, too many clients already", "max_connections"),
        ("canceling statement due to lock timeout", "end it first"),
        ('FATAL:  no pg_hba.conf entry for host "1.2.3.4"', "pg_hba.conf"),
    ],
)
def test_errors_of_connecting_are_explained(said: str, answer: str) -> None:
    sentence = database.explain(OperationalError(said))
    assert sentence is not None
    assert answer in sentence
    assert sentence[0].isupper()
    assert sentence.endswith(".")


def test_other_errors_are_left_alone() -> None:
    assert database.explain(OperationalError("canceling statement due to user request")) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://ana:secret@127.0.0.1:{port}/regulars", "No PostgreSQL answers for"),
        ("postgresql://postgres:@/no_such_database?host={socket}", "does not exist on that server"),
        ("postgresql://no_such_user:@/postgres?host={socket}", "does not know that user"),
        ("postgres//forgot", "Set DATABASE_URL to an address such as"),
    ],
)
@pytest.mark.django_db
def test_a_wrong_url_ends_a_command_with_one_sentence(url: str, words: str) -> None:
    address = url.format(port=free_port(), socket=embedded.socket_dir(settings.VAR))
    done = regulars(settings.VAR, "migrate", DATABASE_URL=address)
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "secret" not in done.stderr


@pytest.mark.django_db
def test_an_old_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "OLDEST_POSTGRES", 99)
    other = connection.copy()
    with pytest.raises(Wrong, match="Regulars needs 99 or newer: set DATABASE_URL"):
        other.connect()


@pytest.mark.django_db
def test_plans_are_neither_compiled_nor_kept() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
    raw = connection.connection
    assert isinstance(raw, psycopg.Connection)
    assert raw.prepare_threshold is None


@pytest.mark.django_db
def test_migrations_waiting_stop_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert database.pending() == []
    database.require_migrated()
    monkeypatch.setattr(database, "pending", lambda: ["staff 0009_more"])
    with pytest.raises(Wrong, match="One migration is not applied: run `regulars migrate`"):
        database.require_migrated()

"""A migrated template, made once for each state of the migrations; each worker tests on a copy."""

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase

from .restoring import Kept, keep, restore

KEPT_TEMPLATES = 4
PREFIX = "regulars_test"
CROWD = f"{PREFIX}_crowd"
PACKAGES = ("django", "django-allauth", "django-pghistory", "django-pgtrigger", "procrastinate")
# Nothing in the tests' own cluster is worth a wait for the disk: it is thrown away and made again.
RECKLESS = ("fsync", "full_page_writes")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Takes the place of pytest-django's: no migration at all when a template is at hand."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        mine = f"{PREFIX}_run_{os.getpid()}"
        copy = _copier(name, _migrated(name), mine)
        copy()
        TransactionTestCase._fixture_teardown = lambda case: copy()  # type: ignore[attr-defined]
        _use(mine)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        with server(name) as run:
            run(f'DROP DATABASE IF EXISTS "{mine}" WITH (FORCE)')
        _use(name)


@pytest.fixture
def as_new(django_db_setup: None) -> Callable[[], None]:
    """Makes the database as it was before the test, for tests that commit."""
    return lambda: TransactionTestCase._fixture_teardown(None)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A hundred thousand customers, made once; every worker and every run reads the same ones."""
    with django_db_blocker.unblock():
        mine = connection.settings_dict["NAME"]
        _use(_crowded(mine))
    yield
    with django_db_blocker.unblock():
        _use(mine)


def _crowded(beside: str) -> str:
    """The name of a database with them."""
    from regulars.server import crowd

    made_by = hashlib.sha256(Path(crowd.__file__).read_bytes()).hexdigest()[:8]
    name = f"{CROWD}_{fingerprint()}_{made_by}"
    with (settings.VAR / "crowd.lock").open("a") as gate, server(beside) as run:
        fcntl.flock(gate, fcntl.LOCK_EX)
        found = [row[0] for row in run("SELECT datname FROM pg_database")]
        if name not in found:
            for older in found:
                if older.startswith(CROWD):
                    run(f'DROP DATABASE "{older}"')
            _make(run, name, template(), lambda: crowd.fill(100_000))
    return name


def _copier(beside: str, template: str, mine: str) -> Callable[[], None]:
    """What makes the database as new, with what migrations wrote."""
    kept: Kept | None = None

    def copy() -> None:
        nonlocal kept
        connections.close_all()
        if kept and restore(mine, kept):
            return
        with server(beside) as run:
            run(f'DROP DATABASE IF EXISTS "{mine}" WITH (FORCE)')
            run(f'CREATE DATABASE "{mine}" TEMPLATE "{template}"')
        kept = keep(mine)

    return copy


def _migrated(beside: str) -> str:
    """The name of a database that holds what the migrations make and nothing else."""
    name = template()
    Path(settings.VAR).mkdir(parents=True, exist_ok=True)
    with (settings.VAR / "template.lock").open("a") as gate, server(beside) as run:
        fcntl.flock(gate, fcntl.LOCK_EX)
        _hurry(run)
        found = [row[0] for row in run("SELECT datname FROM pg_database ORDER BY oid")]
        _sweep(run, found, name)
        if name not in found:
            migrate = partial(call_command, "migrate", verbosity=0, interactive=False)
            _make(run, name, "template0", migrate)
            _use(beside)
    return name


def template() -> str:
    return f"{PREFIX}_{fingerprint()}"


def _make(
    run: Callable[[str], list[Any]], name: str, template: str, fill: Callable[[], object]
) -> None:
    """A database that has its name only once it is whole."""
    run(f'DROP DATABASE IF EXISTS "{name}_new" WITH (FORCE)')
    run(f'CREATE DATABASE "{name}_new" TEMPLATE "{template}"')
    _use(f"{name}_new")
    fill()
    connections.close_all()
    run(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')


def _hurry(run: Callable[[str], list[Any]]) -> None:
    if not settings.EMBEDDED_POSTGRES or run("SHOW fsync") == [("off",)]:
        return
    for name in RECKLESS:
        run(f"ALTER SYSTEM SET {name} = off")
    run("SELECT pg_reload_conf()")


def _sweep(run: Callable[[str], list[Any]], found: list[str], wanted: str) -> None:
    """Drops the databases of runs that were killed, and templates of older migrations."""
    for name in found:
        run_of = re.fullmatch(rf"{PREFIX}_run_(\d+)", name)
        if run_of and not psutil.pid_exists(int(run_of[1])):
            run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    templates = [name for name in found if re.fullmatch(rf"{PREFIX}_[0-9a-f]{{16}}", name)]
    for name in [t for t in templates if t != wanted][:-KEPT_TEMPLATES]:
        run(f'DROP DATABASE IF EXISTS "{name}"')


def fingerprint() -> str:
    """Changes when migrating an empty database would leave another one."""
    seen = hashlib.sha256()
    for package in PACKAGES:
        seen.update(f"{package} {version(package)}\n".encode())
    for app in apps.get_app_configs():
        seen.update(f"{app.name}\n".encode())
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()[:16]


@contextmanager
def server(name: str) -> Iterator[Callable[[str], list[Any]]]:
    """Statements outside transactions, on the server's own database."""
    alone = connection.copy()
    alone.settings_dict["NAME"] = name
    with closing(alone), alone.cursor() as cursor:

        def run(statement: str) -> list[Any]:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

        yield run


def _use(name: str) -> None:
    """Every thread connects to `name` from now on."""
    connections.close_all()
    connections.settings["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name

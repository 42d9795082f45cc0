"""What is wrong with the database, said so that it can be mended."""

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from .environment import Wrong

KEEP_OR_SET = "or unset DATABASE_URL to use the embedded one"


def explain(error: Exception) -> str | None:
    """A sentence for an error of connecting; None when it is about something else."""
    said = str(error)
    place = _place()
    known = {
        "password": f"The password for {place} is wrong: set DATABASE_URL with the right one",
        "no pg_hba.conf entry": f"The server at {place} does not let us in from here: allow it in "
        "its pg_hba.conf",
        "role": f"{place} does not know that user: set DATABASE_URL with a user it knows",
        "database": f"{place} does not exist on that server: create it with createdb, set "
        "DATABASE_URL to one that exists",
        "resolve": f"There is no server called {_host()}: set DATABASE_URL to the right host",
        "connect": f"No PostgreSQL answers at {place}: start it, set DATABASE_URL to the right "
        "address",
        "shutting down": f"{place} is starting or stopping: try again in a moment",
        "too many clients": f"{place} has no connection left: raise its max_connections",
    }
    signs = {
        "password": ("password authentication failed", "no password supplied"),
        "no pg_hba.conf entry": ("no pg_hba.conf entry",),
        "role": ('role "',),
        "database": ('database "',),
        "resolve": ("resolve host", "name or service not known", "could not translate host"),
        "shutting down": ("starting up", "shutting down"),
        "too many clients": ("too many clients", "remaining connection slots"),
        "connect": ("connection refused", "timeout", "no such file", "connection failed"),
    }
    for kind, words in signs.items():
        if any(word in said.lower() for word in words):
            return f"{known[kind]}, {KEEP_OR_SET}."
    return None


def pending() -> list[str]:
    """The migrations that the code knows and the database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label} {migration.name}" for migration, _ in plan]


def require_migrated() -> None:
    """Raises Wrong unless the database is as this version expects it."""
    waiting = pending()
    if waiting:
        count = "One migration is" if len(waiting) == 1 else f"{len(waiting)} migrations are"
        raise Wrong(f"{count} not applied: run `regulars migrate`, then start again.")


def _host() -> str:
    held = settings.DATABASES["default"]
    return str(held.get("HOST") or "this machine")


def _place() -> str:
    held = settings.DATABASES["default"]
    port = f":{held['PORT']}" if held.get("PORT") else ""
    return f"The database {held.get('NAME')!r} at {_host()}{port}".replace("The d", "the d", 1)


def limit_statements() -> None:
    """In this process a statement of a page ends after a while; call before anything connects."""
    options = connections.settings["default"]["OPTIONS"]
    limit = f"-c statement_timeout={settings.PAGE_STATEMENT_SECONDS * 1000}"
    if limit not in options["options"]:
        options["options"] += f" {limit}"

"""What is wrong with the database, said so that it can be mended."""

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from .environment import Wrong

# What PostgreSQL or the network says, and what we make of it; the first that fits is told.
KNOWN = (
    (("password authentication", "no password"), "The password for {place} is wrong: set {url}"),
    (("no pg_hba.conf entry",), "{Place} does not let this computer in: allow it in pg_hba.conf"),
    (('role "',), "{Place} does not know that user: set {url} with one it knows"),
    (
        ('database "',),
        "{Place} does not exist on that server: create it with createdb, or set {url} to another",
    ),
    (("resolve host", "not known", "translate host"), "There is no host {host}: set {url}"),
    (("starting up", "shutting down"), "{Place} is starting or stopping: try again in a moment"),
    (
        ("too many clients", "connection slots"),
        "{Place} has no connection left: raise its max_connections",
    ),
    (("lock timeout",), "Another Regulars is using {place}: end it first"),
    (
        ("connection refused", "timeout", "no such file", "connection failed"),
        "No PostgreSQL answers for {place}: start it, or set {url} to the right address",
    ),
)


def explain(error: Exception) -> str | None:
    """A sentence for an error of connecting; None when it is about something else."""
    said = str(error).lower()
    held = settings.DATABASES["default"]
    options = held.get("OPTIONS", {})
    host = str(held.get("HOST") or options.get("host") or "this machine")
    port = f":{held['PORT']}" if held.get("PORT") else ""
    place = f"database {held.get('NAME')} at {host}{port}"
    for signs, words in KNOWN:
        if any(sign in said for sign in signs):
            sentence = words.format(
                place=f"the {place}", Place=f"The {place}", host=host, url="DATABASE_URL"
            )
            if settings.EMBEDDED_POSTGRES:
                return f"{sentence}."
            return f"{sentence}; without DATABASE_URL the embedded one is used."
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


def limit_statements() -> None:
    """In this process a statement of a page ends after a while; call before anything connects."""
    options = connections.settings["default"]["OPTIONS"]
    limit = f"-c statement_timeout={settings.PAGE_STATEMENT_SECONDS * 1000}"
    if limit not in options["options"]:
        options["options"] += f" {limit}"

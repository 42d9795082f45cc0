"""What must be well for pages and jobs to work: asked by /readyz and by `regulars doctor`."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection
from django.utils import timezone

from . import database
from .environment import OLDEST_POSTGRES, Wrong

WORKER_SILENT = timedelta(seconds=45)  # it writes every ten seconds
LEAST_FREE = 1_000_000_000  # bytes


@dataclass(frozen=True)
class Finding:
    """`words` say what is there when `ok`, else what to do."""

    name: str
    ok: bool
    words: str


def readiness() -> list[Finding]:
    """The database and the worker: what /readyz answers."""
    found = reachable()
    return [found, worker()] if found.ok else [found]


def everything() -> Iterator[Finding]:
    """All findings, one by one as they are looked at; later ones need the database."""
    first = reachable()
    yield first
    if first.ok:
        for look in NEED_DATABASE:
            yield _guarded(look)
    for look in (disk, outgoing_mail, time_zones):
        yield _guarded(look)


def reachable() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, Wrong) as error:
        words = database.explain(error) or str(error).splitlines()[0]
        return Finding("database", False, words)
    kind = "embedded" if settings.EMBEDDED_POSTGRES else "from DATABASE_URL"
    return Finding("database", True, f"answers ({kind})")


def version() -> Finding:
    found = connection.cursor().connection.info.server_version
    words = f"PostgreSQL {found // 10_000}.{found % 10_000}"
    if found < OLDEST_POSTGRES * 10_000:
        return Finding("version", False, f"{words}: use {OLDEST_POSTGRES} or newer")
    return Finding("version", True, words)


def migrations() -> Finding:
    waiting = database.pending()
    if waiting:
        return Finding("migrations", False, f"{len(waiting)} pending: run `regulars migrate`")
    return Finding("migrations", True, "all applied")


def worker() -> Finding:
    """Procrastinate's own row of each running worker."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
            last = cursor.fetchone()[0]
    except DatabaseError:
        return Finding("worker", False, "no job tables yet: run `regulars migrate`")
    if last is None:
        return Finding("worker", False, "no worker runs: start `regulars serve`")
    silent = timezone.now() - last
    if silent > WORKER_SILENT:
        seconds = round(silent.total_seconds())
        return Finding("worker", False, f"silent for {seconds} s: restart `regulars serve`")
    return Finding("worker", True, "at work")


def disk() -> Finding:
    free = shutil.disk_usage(settings.VAR if settings.VAR.exists() else settings.ROOT).free
    words = f"{free / 1e9:.1f} GB free for {settings.VAR}"
    return Finding(
        "disk", free >= LEAST_FREE, words if free >= LEAST_FREE else f"{words}: free 1 GB"
    )


def outgoing_mail() -> Finding:
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        words = f"written to {settings.EMAIL_FILE_PATH}; set EMAIL_URL to send it"
        return Finding("mail", True, words)
    door = mail.get_connection()
    try:
        door.open()
        door.close()
    except OSError as error:
        words = f"{settings.EMAIL_HOST} does not take mail ({error}): check EMAIL_URL"
        return Finding("mail", False, words)
    return Finding("mail", True, f"{settings.EMAIL_HOST} answers")


def time_zones() -> Finding:
    try:
        ZoneInfo("America/New_York")
    except (ZoneInfoNotFoundError, OSError):
        return Finding("time zones", False, "no time zone data: install the tzdata package")
    return Finding("time zones", True, "known")


NEED_DATABASE: tuple[Callable[[], Finding], ...] = (version, migrations, worker)


def _guarded(look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (DatabaseError, OSError) as error:
        return Finding(look.__name__, False, str(error).splitlines()[0])

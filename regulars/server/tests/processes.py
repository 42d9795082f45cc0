"""Real processes for the tests: a folder of their own, a bounded time, and no shell's settings."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.conf import settings

from tests.databases import fingerprint

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 120.0


@contextmanager
def a_folder() -> Iterator[Path]:
    """Short, and open to walk through: PostgreSQL runs under another account when we are root."""
    path = Path(tempfile.mkdtemp(prefix="rg-", dir="/tmp"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        for process in cluster(path):
            process.send_signal(signal.SIGQUIT)
        psutil.wait_procs(cluster(path), timeout=10)
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def a_migrated_folder() -> Iterator[Path]:
    """As `regulars migrate` leaves one: a copy of one made once for each state of them."""
    kept = Path(settings.VAR) / f"migrated-{fingerprint()}"
    with (Path(settings.VAR) / "migrated.lock").open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not kept.exists():
            _migrate_and_keep(kept)
    with a_folder() as folder:
        _copy(kept, folder)
        yield folder


def _migrate_and_keep(kept: Path) -> None:
    for older in kept.parent.glob("migrated-*"):
        shutil.rmtree(older)
    with a_folder() as folder:
        done = regulars(folder, "migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        _copy(folder, kept.with_suffix(".new"))
    kept.with_suffix(".new").rename(kept)


def _copy(one: Path, other: Path) -> None:
    """With owners and modes, by which PostgreSQL knows its own."""
    other.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{one}/.", str(other)], check=True)


def surroundings(var: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"VAR": str(var)} | more


def regulars(var: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """One command, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "regulars", *arguments],
        env=surroundings(var, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def start(var: Path, *command: str, **more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *command],
        env=surroundings(var, **more),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def cluster(var: Path) -> list[psutil.Process]:
    """The PostgreSQL servers whose data lies under `var`, without the children they fork."""
    found = {}
    for process in psutil.process_iter(["name", "cmdline", "ppid"]):
        words = process.info["cmdline"] or []
        if "postgres" in (process.info["name"] or "") and any(
            word.startswith(f"{var}/") for word in words[1:]
        ):
            found[process.pid] = process
    return [process for process in found.values() if process.info["ppid"] not in found]


def until(true: Callable[[], object], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

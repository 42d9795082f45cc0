"""The PostgreSQL that starts by itself: one cluster under VAR, shared, stopped by the last one.

Every process that uses the cluster holds a shared lock on one file for as long as it lives, and
the kernel gives the lock back however the process ends: nothing has to be cleaned up after a
`kill -9`. Whoever leaves and finds nobody else stops the cluster.
"""

import atexit
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from regulars.server.environment import unwritable

from . import cluster
from .place import SOCKET, data_dir, describe, socket_dir

__all__ = ["SOCKET", "data_dir", "describe", "join", "leave", "socket_dir"]

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
                    cluster.stop(var)
        finally:
            held.close()


def _join(var: Path) -> None:
    try:
        var.mkdir(parents=True, exist_ok=True)
        with _turnstile(var):
            held = (var / "postgres.users").open("a")
            fcntl.flock(held, fcntl.LOCK_SH)
            try:
                cluster.make(var)
                cluster.start(var)
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

"""Whether Spark can run here and now, and if not, why, in a sentence."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TypeVar

from .contract import NotHere

JAVA = 17  # what Spark 4 needs
REACHED = 10  # seconds until a port answers
_THROWN = re.compile(r'^(?:Exception in thread "main" |Error: )(.+)', re.MULTILINE)
_STANDALONE = re.compile(r"spark://(.+)")

T = TypeVar("T")


def java_or_not_here() -> None:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if java is None:
        raise NotHere(
            f"Spark runs on Java, which is not here: install Java {JAVA} or newer, such as "
            f"openjdk-{JAVA}-jre-headless, or set JAVA_HOME to it."
        )
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    version = re.search(r'version "(?:1\.)?(\d+)', told.stderr)
    if version is None or int(version[1]) < JAVA:
        what = f"is {version[1]}" if version else "does not run"
        raise NotHere(f"Spark needs Java {JAVA} or newer, and {java} {what}: set JAVA_HOME.")


def reach(master: str) -> None:
    """Spark's own master is asked first, since Spark would try for minutes."""
    standalone = _STANDALONE.fullmatch(master)
    if standalone is None:
        return
    problem: object = ""
    for one in standalone[1].split(","):
        host, _, port = one.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), REACHED):
                return
        except (OSError, ValueError, OverflowError) as why:
            problem = why
    raise NotHere(f"Nobody answers at {master} ({problem}): is the master running there?")


def in_time(start: Callable[[], T], seconds: float) -> T:
    """What `start` gives back or raises; `TimeoutError` after `seconds`, though it goes on."""
    done: Future[T] = Future()

    def work() -> None:
        try:
            done.set_result(start())
        except BaseException as problem:
            done.set_exception(problem)

    Thread(target=work, name="starting", daemon=True).start()
    return done.result(seconds)


def cause(problem: BaseException, log: Path | None = None) -> str:
    """A sentence: the first line of what Java or Spark says, without the name of a class.

    A Java that ended at once has said why in its `log`.
    """
    text = str(problem)
    if log and log.exists() and (thrown := _THROWN.search(log.read_text(errors="replace"))):
        text = thrown[1]
    if (java := getattr(problem, "java_exception", None)) is not None:
        with suppress(Exception):  # Java may be gone meanwhile
            text = str(java.toString())
    line = (text.strip() or type(problem).__name__).splitlines()[0]
    line = re.sub(r"^(?:[\w$]+\.)+[\w$]+: ", "", line)[:300]
    return line if line.endswith((".", "!", "?")) else f"{line}."

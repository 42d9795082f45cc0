"""One command, two processes: the pages and the jobs, started, watched and stopped together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

from .environment import Wrong

STOP_WITHIN = 10.0  # seconds, then they are killed
ANSWERS_WITHIN = 60.0
SETTLED = 60.0  # a process that ran this long is restarted at once when it fails
LONGEST_PAUSE = 30.0
SUPERVISED = "REGULARS_SUPERVISED"


def require_free(host: str, port: int) -> None:
    """Raises Wrong when nobody can listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
            door.listen()
        except PermissionError:
            raise Wrong(f"This account may not use port {port}: set PORT above 1023.") from None
        except OSError:
            raise Wrong(
                f"Port {port} on {host} is in use or not ours: stop what uses it, or set PORT to "
                "another one."
            ) from None


def die_with_parent() -> None:
    """Linux ends this process when the one that started it is gone, however it went."""
    if sys.platform == "linux" and os.environ.get(SUPERVISED):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
        if os.getppid() == 1 and os.environ[SUPERVISED] != "1":
            os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class Part:
    """One process we keep running. `needed` ends everything when it ends."""

    name: str
    command: list[str]
    needed: bool
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = field(default=1.0)
    again_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 (our own modules)
            self.command,
            env=os.environ | {SUPERVISED: str(os.getpid())},
            process_group=0,  # Ctrl-C reaches us alone, and we end them in order
        )
        self.started = time.monotonic()

    def ended(self) -> int | None:
        return self.process.poll() if self.process else None


class Supervisor:
    """Starts its parts, says when the pages answer, restarts the jobs, ends all on a signal."""

    def __init__(self, host: str, port: int, workers: int, jobs: bool) -> None:
        self.host, self.port = host, port
        pages = [*_module("regulars.server.web"), host, str(port), str(workers)]
        self.parts = [Part("pages", pages, needed=True)]
        if jobs:
            self.parts.append(Part("jobs", [*_module("regulars"), "work"], needed=False))
        self.stopping = False

    def run(self, ready: Callable[[], None], warn: Callable[[str], None]) -> int:
        """Blocks until a signal or until the pages end; answers the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        until, told = time.monotonic() + ANSWERS_WITHIN, False
        for part in self.parts:
            part.start()
        try:
            while not self.stopping:
                for part in self.parts:
                    code = part.ended()
                    if code is not None and part.needed:
                        warn(f"The {part.name} ended with code {code}.")
                        return code or 1
                    if code is not None:
                        self._restart(part, code, warn)
                if not told and (self._answers() or time.monotonic() > until):
                    told = True
                    ready()
                time.sleep(0.1 if not told else 0.25)
            return 0
        finally:
            self._stop()

    def _stop_soon(self, number: int, frame: object) -> None:
        self.stopping = True

    def _restart(self, part: Part, code: int, warn: Callable[[str], None]) -> None:
        now = time.monotonic()
        if part.again_at == 0.0:
            if now - part.started > SETTLED:
                part.pause = 1.0
            part.again_at = now + part.pause
            warn(f"The {part.name} ended with code {code}; starting again in {part.pause:.0f} s.")
            part.pause = min(part.pause * 2, LONGEST_PAUSE)
        elif now >= part.again_at:
            part.again_at = 0.0
            part.start()

    def _answers(self) -> bool:
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        path = "/readyz" if len(self.parts) > 1 else "/healthz"
        call = HTTPConnection(here, self.port, timeout=2)
        try:
            call.request("GET", path, headers={"Host": "127.0.0.1"})
            return call.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            call.close()

    def _stop(self) -> None:
        """Jobs first, so that they can hand back what they hold."""
        running = [part.process for part in reversed(self.parts) if part.process]
        for process in running:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + STOP_WITHIN
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", name]

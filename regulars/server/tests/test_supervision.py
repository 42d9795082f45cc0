"""One command starts pages and jobs, keeps them running, and ends both."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
import psycopg
import pytest

from regulars.server import embedded

from .processes import PATIENCE, a_migrated_folder, cluster, free_port, regulars, start, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    with a_migrated_folder() as folder:
        yield folder


class Served:
    """`regulars serve` in a process of its own; `said` is what it printed."""

    def __init__(self, var: Path, *arguments: str) -> None:
        self.var, self.port = var, free_port()
        self.process = start(
            var, "-m", "regulars", "serve", "--port", str(self.port), "--workers", "1", *arguments
        )
        self.said: list[str] = []
        self.warned: list[str] = []
        for pipe, kept in (
            (self.process.stdout, self.said),
            (self.process.stderr, self.warned),
        ):
            assert pipe is not None
            threading.Thread(target=lambda p=pipe, k=kept: k.extend(p), daemon=True).start()

    def is_ready(self) -> bool:
        return until(lambda: self.said or self.process.poll() is not None) and bool(self.said)

    def get(self, path: str) -> tuple[int, bytes]:
        call = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            call.request("GET", path)
            answer = call.getresponse()
            return answer.status, answer.read()
        finally:
            call.close()

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def jobs(self) -> psutil.Process:
        (found,) = [p for p in self.family() if p.cmdline()[-1:] == ["work"]]
        return found

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def served(var: Path) -> Iterator[Served]:
    running = Served(var)
    assert running.is_ready(), running.warned
    yield running
    if running.process.poll() is None:
        for process in running.family():
            process.kill()
        running.process.kill()
    running.process.wait(PATIENCE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_one_line_when_it_answers_and_ends_everything(
    served: Served, number: signal.Signals
) -> None:
    assert served.said == [f"Regulars is ready at http://127.0.0.1:{served.port}\n"]
    assert served.get("/healthz") == (200, b'{"status": "ok"}')
    assert served.get("/readyz") == (200, b'{"status": "ok"}')
    assert served.get("/accounts/login/")[0] == 200
    family = served.family()
    assert served.end(number) == 0
    assert not [process for process in family if process.is_running()]
    assert cluster(served.var) == []
    assert len(served.said) == 1
    assert served.warned == []


def test_jobs_that_die_are_started_again_and_pages_go_on(served: Served) -> None:
    killed = served.jobs()
    killed.kill()
    assert until(lambda: any("starting again" in line for line in served.warned))
    assert served.get("/healthz")[0] == 200
    assert until(lambda: [p for p in served.family() if p.cmdline()[-1:] == ["work"]])
    assert served.jobs().pid != killed.pid


def test_a_killed_server_takes_its_parts_along_and_starts_again(served: Served) -> None:
    family = served.family()
    served.process.kill()
    served.process.wait(PATIENCE)
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert alive == []
    following = Served(served.var)
    assert following.is_ready(), following.warned
    assert following.end(signal.SIGTERM) == 0


def test_a_port_in_use_is_one_sentence(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = regulars(var, "serve", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} on 127.0.0.1 is in use or not ours: stop what uses it, or set PORT to "
        "another one.\n"
    )


def test_migrations_that_wait_stop_the_start(var: Path) -> None:
    embedded.join(var)
    try:
        with psycopg.connect(host=str(embedded.socket_dir(var)), user="postgres") as connection:
            (last,) = connection.execute(
                "DELETE FROM django_migrations WHERE app = 'server' RETURNING app, name, applied"
            ).fetchall()
            connection.commit()
            done = regulars(var, "serve", "--port", str(free_port()))
            connection.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", last
            )
    finally:
        embedded.leave(var)
    assert done.returncode == 1
    assert (
        done.stderr == "One migration is not applied: run `regulars migrate`, then start again.\n"
    )


def test_the_doctor_says_what_to_do_and_fails() -> None:
    with a_migrated_folder() as var:  # a worker that was killed just now would still count
        done = regulars(var, "doctor")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert "ok    database: answers (embedded)" in lines
    assert "MEND  worker: no worker runs: start `regulars serve`" in lines


def test_a_reader_that_has_seen_enough_is_no_error(var: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"VAR={var} {sys.executable} -m regulars doctor | head -n 1"],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stderr == ""

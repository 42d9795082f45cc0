"""One cluster, many processes, and none of them needs to end well."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.server import embedded
from regulars.server.environment import Wrong

from .processes import PATIENCE, a_folder, cluster, regulars, start, until

pytestmark = pytest.mark.slow

JOINS = (
    "-c",
    "import sys; from pathlib import Path; from regulars.server import embedded;"
    "embedded.join(Path(sys.argv[1])); print('in', flush=True); sys.stdin.read()",
)


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    with a_folder() as folder:
        leaves(joined(folder))
        yield folder


def joined(var: Path) -> "subprocess.Popen[str]":
    process = start(var, *JOINS, str(var))
    assert process.stdout is not None
    if process.stdout.readline() != "in\n":
        raise AssertionError(process.communicate()[1])
    return process


def leaves(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=PATIENCE)


def test_the_last_of_two_processes_stops_it(var: Path) -> None:
    first, second = joined(var), joined(var)
    assert len(cluster(var)) == 1
    leaves(first)
    assert len(cluster(var)) == 1
    leaves(second)
    assert cluster(var) == []


def test_many_first_starts_at_once_make_one_cluster(var: Path) -> None:
    everybody = [start(var, *JOINS, str(var)) for _ in range(4)]
    for process in everybody:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
    assert len(cluster(var)) == 1
    for process in everybody:
        leaves(process)
    assert cluster(var) == []


def test_after_a_kill_the_next_start_uses_the_running_one_and_stops_it(var: Path) -> None:
    killed = joined(var)
    running = cluster(var)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert cluster(var) == running
    following = joined(var)
    assert cluster(var) == running
    leaves(following)
    assert cluster(var) == []


def test_after_the_server_itself_was_killed_it_recovers(var: Path) -> None:
    first = joined(var)
    (server,) = cluster(var)
    server.kill()
    assert until(lambda: not cluster(var))
    first.kill()
    first.communicate()
    leaves(joined(var))
    assert cluster(var) == []


def test_a_pid_that_now_belongs_to_another_program_is_not_believed(var: Path) -> None:
    stale = embedded.data_dir(var) / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{embedded.data_dir(var)}\n1\n5432\n\n\n\nready\n")
    leaves(joined(var))
    assert not stale.exists()


def test_an_interrupted_first_start_is_done_again() -> None:
    with a_folder() as var:
        (var / "postgres.new").mkdir()
        (var / "postgres.new" / "PG_VERSION").write_text("18\n")
        leaves(joined(var))
        assert (embedded.data_dir(var) / "PG_VERSION").exists()
        assert not (var / "postgres.new").exists()


def test_a_path_too_long_or_too_odd_for_a_socket_gets_a_short_one() -> None:
    with a_folder() as folder:
        var = folder / "it's a long, odd name" / ("x" * 90)
        var.mkdir(parents=True)
        assert len(str(embedded.socket_dir(var))) < 40
        process = joined(var)
        assert (embedded.socket_dir(var) / embedded.SOCKET).exists()
        leaves(process)
        embedded.socket_dir(var).rmdir()


def test_it_listens_on_no_network_and_flushes_what_it_confirms(var: Path) -> None:
    psycopg = pytest.importorskip("psycopg")
    process = joined(var)
    with psycopg.connect(host=str(embedded.socket_dir(var)), user="postgres") as connection:
        said = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("listen_addresses", "fsync", "synchronous_commit", "full_page_writes")
        }
    leaves(process)
    assert said == {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
    }


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda var: (var / "postgres").write_text("a file"), "cannot write to its data folder"),
        (lambda var: _with(var / "postgres" / "holiday.jpg", ""), "not a PostgreSQL data folder"),
        (lambda var: _with(var / "postgres" / "PG_VERSION", "16\n"), "belongs to PostgreSQL 16"),
    ],
)
def test_what_cannot_work_is_one_sentence(prepare, words: str) -> None:
    with a_folder() as var:
        prepare(var)
        with pytest.raises(Wrong, match=words) as refused:
            embedded.join(var)
        assert "set VAR to another folder" in str(refused.value)


def _with(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)


def test_a_folder_that_may_not_be_written_is_one_sentence() -> None:
    done = regulars(Path("/sys/regulars"), "migrate")
    assert done.returncode == 1
    assert done.stderr.startswith("Regulars cannot write to its data folder /sys/regulars (")
    assert done.stderr.count("\n") == 1

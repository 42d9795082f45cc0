"""Which engine compares, and what is said where it cannot."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from regulars.__main__ import main
from regulars.matching.engines import NotHere, engine, reaching
from regulars.matching.engines.sparksql import spoken

JAVA = """#!/bin/sh
echo 'openjdk version "{version}" 2025-04-15' >&2
"""


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if PySpark were installed."""
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))


@pytest.fixture
def java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As if Java 17 were installed."""
    at = tmp_path / "bin" / "java"
    at.parent.mkdir()
    at.write_text(JAVA.format(version="17.0.15"))
    at.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    return at


def refusal(**options: Any) -> str:
    with pytest.raises(CommandError) as said:
        call_command("duplicates", **{"engine": "spark", **options})
    return str(said.value)


def test_without_its_libraries_spark_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert "uv sync --extra matching --extra spark" in refusal()


def test_without_java_spark_says_what_to_install(
    libraries: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "install Java 17 or newer" in refusal()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "install Java 17 or newer" in refusal()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (JAVA.format(version="11.0.2"), "is 11"),
        (JAVA.format(version="1.8.0_292"), "is 8"),
        ("#!/bin/sh\nexit 1\n", "does not run"),
    ],
)
def test_a_java_that_is_too_old_is_named(libraries: None, java: Path, told: str, said: str) -> None:
    java.write_text(told)
    assert f"Spark needs Java 17 or newer, and {java} {said}" in refusal()


@pytest.mark.parametrize(
    "master",
    ["spark://127.0.0.1:1", "spark://127.0.0.1:1,127.0.0.1:2", "spark://x", "spark://:7:8"],
)
def test_a_master_nobody_answers_at_is_named_at_once(
    libraries: None, java: Path, master: str, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    assert f"Nobody answers at {master}" in refusal(master=master)
    with pytest.raises(SystemExit) as end:
        main(["regulars", "duplicates", "--engine", "spark", "--master", master])
    assert end.value.code == 1
    assert "Traceback" not in capsys.readouterr().err
    assert time.monotonic() - began < 60


def test_one_master_of_several_is_enough(libraries: None, java: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        master = f"spark://127.0.0.1:1,127.0.0.1:{server.getsockname()[1]}"
        engine("spark", master).close()


def test_what_does_not_go_together_is_refused() -> None:
    assert "add --engine spark" in refusal(engine="duckdb", master="local[2]")
    assert "leave --changed out" in refusal(changed=True)
    with pytest.raises(NotHere, match="choose duckdb or spark"):
        engine("quill")


def test_nobody_waits_for_a_start_for_good_and_one_that_fails_says_why() -> None:
    with pytest.raises(TimeoutError):
        reaching.in_time(lambda: time.sleep(5), 0.05)
    assert reaching.in_time(lambda: 7, 60) == 7
    with pytest.raises(ZeroDivisionError):
        reaching.in_time(lambda: 1 / 0, 60)


class FromJava(Exception):
    """As Py4J hands on what Java threw."""

    def __init__(self, text: str) -> None:
        super().__init__("An error occurred while calling o42.count.\n: a hundred lines")
        self.java_exception = type("Thrown", (), {"toString": lambda self: text})()


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (FromJava("org.apache.spark.SparkException: Job aborted\n\tat x"), "Job aborted."),
        (FromJava("java.io.IOException: No space left!"), "No space left!"),
        (ConnectionRefusedError("nobody"), "nobody."),
        (RuntimeError(), "RuntimeError."),
    ],
)
def test_what_went_wrong_is_one_sentence(problem: Exception, said: str) -> None:
    assert reaching.cause(problem) == said


def test_what_java_said_before_it_ended_is_told(tmp_path: Path) -> None:
    log = tmp_path / "spark.log"
    assert reaching.cause(RuntimeError("gone"), log) == "gone."
    log.write_text('WARN x\nException in thread "main" org.a.SparkException: Bad master\n\tat y\n')
    assert reaching.cause(RuntimeError("gone"), log) == "Bad master."


@pytest.mark.parametrize(
    ("ours", "sparks"),
    [
        ("list_has_any(a_l, a_r)", "arrays_overlap(a_l, a_r)"),
        ("list_contains(a_l, b_r)", "array_contains(a_l, b_r)"),
        ("starts_with(a_r, a_l)", "startswith(a_r, a_l)"),
        ("levenshtein(a_l, a_r) <= 1", "levenshtein(a_l, a_r) <= 1"),
        (
            "jaro_winkler_similarity(a_l, a_r) >= 0.8799",
            "(jaro_winkler(a_l, a_r) >= 0.8799 OR "
            "(jaro_winkler(a_l, a_r) >= 0.8199 AND alike(a_l, a_r) >= 0.8799))",
        ),
    ],
)
def test_conditions_are_said_in_sparks_words(ours: str, sparks: str) -> None:
    assert spoken(f"x OR {ours} AND y") == f"x OR {sparks} AND y"

"""How much work a statement or a page is: database time, rows touched, statements, CPU."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection


@dataclass
class Work:
    """Of one page or query: its statements, their rows read from tables, database milliseconds."""

    statements: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    milliseconds: float = 0.0

    @property
    def most_rows(self) -> int:
        return max(self.rows, default=0)


@contextmanager
def statements(found: list[tuple[str, Any]]) -> Any:
    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield


def work(run: Callable[[], object]) -> Work:
    """Run once to see the statements, then take every read among them apart."""
    run()
    seen: list[tuple[str, Any]] = []
    with statements(seen):
        run()
    reads = reads_of(seen)
    return Work(
        [sql for sql, _ in seen],
        [_explained(sql, params)[0] for sql, params in reads],
        database(reads)[0],
    )


def reads_of(seen: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(sql, params) for sql, params in seen if _is_read(sql)]


def _is_read(sql: str) -> bool:
    return bool(re.match(r"\s*(SELECT|WITH|\()", sql)) and "pg_notify" not in sql


def database(*groups: list[tuple[str, Any]], times: int = 15) -> list[float]:
    """Median milliseconds the database works for each group of statements, planning included.

    Taken in turns, so that whatever else the machine does meets all alike.
    """
    spent: list[list[float]] = [[] for _ in groups]
    for _ in range(times):
        for mine, group in zip(spent, groups, strict=True):
            mine.append(_worked(group))
    return [statistics.median(mine) for mine in spent]


def _worked(group: list[tuple[str, Any]]) -> float:
    """Processor time of the server's process; where that cannot be seen, how long it took."""
    meter = _meter()
    if meter is None:
        return sum(_explained(sql, params)[1] for sql, params in group)
    before = _nanoseconds(meter)
    with connection.cursor() as cursor:
        for sql, params in group:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    return (_nanoseconds(meter) - before) / 1_000_000


def worked() -> float:
    """Processor seconds of the server's process so far; where that cannot be seen, the clock's."""
    meter = _meter()
    return _nanoseconds(meter) / 1e9 if meter else time.perf_counter()


def _meter() -> Path | None:
    assert connection.connection is not None
    process = Path(f"/proc/{connection.connection.info.backend_pid}")
    ours = (process / "schedstat").exists() and "postgres" in (process / "comm").read_text()
    return process / "schedstat" if ours else None


def _nanoseconds(meter: Path) -> int:
    return int(meter.read_text().split()[0])


def _explained(sql: str, params: Any) -> tuple[int, float]:
    """Rows read from tables and indexes, and the milliseconds it took without planning."""
    plan = explain(sql, params)
    return touched(plan["Plan"]), plan["Execution Time"]


def explain(sql: str, params: Any) -> dict[str, Any]:
    """How the database went about it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]
    return plan


def touched(plan: dict[str, Any], parent: str = "") -> int:
    """What scans handed on and what they looked at in vain, over all loops.

    The entries of a bitmap's one index are its rows, told once; those of bitmaps that are
    combined were read beside them.
    """
    own = 0
    node = plan["Node Type"]
    once = node == "Bitmap Index Scan" and parent == "Bitmap Heap Scan"
    if "Scan" in node and node not in ("Subquery Scan", "CTE Scan", "Function Scan") and not once:
        lost = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        own = (plan["Actual Rows"] + lost) * plan["Actual Loops"]
    return round(own) + sum(touched(child, node) for child in plan.get("Plans", []))


def cpu(*runs: Callable[[], object], times: int = 100) -> list[float]:
    """Median CPU milliseconds of this process for each, taken in turns."""
    spent: list[list[float]] = [[] for _ in runs]
    for run in runs:
        run()
    for _ in range(times):
        for mine, run in zip(spent, runs, strict=True):
            before = time.process_time()
            run()
            mine.append((time.process_time() - before) * 1000)
    return [statistics.median(mine) for mine in spent]

"""How much work a statement or a page is: database time, rows touched, statements, CPU."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
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
    """Run once to see the statements, then explain every read among them."""
    run()
    seen: list[tuple[str, Any]] = []
    with statements(seen):
        run()
    done = Work([sql for sql, _ in seen])
    for sql, params in seen:
        if re.match(r"\s*(SELECT|WITH|\()", sql) and "pg_notify" not in sql:
            rows, milliseconds = explain(sql, params)
            done.rows.append(rows)
            done.milliseconds += milliseconds
    return done


def explain(sql: str, params: Any = None, *, times: int = 5) -> tuple[int, float]:
    """Rows read from tables and indexes, and the median execution time in milliseconds."""
    found = [_explained(sql, params) for _ in range(times)]
    return found[-1][0], statistics.median(spent for _, spent in found)


def in_turns(*groups: list[tuple[str, Any]], times: int = 25) -> list[float]:
    """Median execution milliseconds of each group of statements.

    Taken in turns, so that whatever else the machine does meets all alike.
    """
    spent: list[list[float]] = [[] for _ in groups]
    for _ in range(times):
        for mine, group in zip(spent, groups, strict=True):
            mine.append(sum(_explained(sql, params)[1] for sql, params in group))
    return [statistics.median(mine) for mine in spent]


def _explained(sql: str, params: Any) -> tuple[int, float]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]
    return _rows(plan["Plan"]), plan["Execution Time"]


def _rows(plan: dict[str, Any], parent: str = "") -> int:
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
    return round(own) + sum(_rows(child, node) for child in plan.get("Plans", []))


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

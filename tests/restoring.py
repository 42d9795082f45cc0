"""A database as it was before the tests that commit: quicker than a new copy of the template."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

TABLES = """SELECT format('%I.%I', nspname, relname)
  FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
 WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'"""
COUNTERS = """SELECT format('%I.%I', schemaname, sequencename)::regclass::oid::bigint,
  coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences"""
ALONE = """SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# Whatever changes a table, a function or a trigger writes here; so does emptying by TRUNCATE.
SHAPE = (
    "pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_db_role_setting",
    "pg_extension", "pg_index", "pg_proc", "pg_rewrite", "pg_sequence", "pg_trigger", "pg_type",
    "(SELECT xmin FROM pg_namespace WHERE nspname !~ '^pg_')",  # temporary ones stay for ever
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """What a database held: its shape, its counters, and the rows of the tables that had any."""

    shape: list[Any]
    tables: list[str]
    rows: dict[str, bytes]
    counters: list[tuple[int, int, bool]]


def keep(name: str) -> Kept | None:
    """None where we may not put rows back past their triggers."""
    with _cursor(name) as cursor:
        if _all(cursor, "SHOW is_superuser") != [("on",)]:
            return None
        tables = [table for (table,) in _all(cursor, TABLES)]
        rows = {table: _copied(cursor, table) for table in tables}
        filled = {table: held for table, held in rows.items() if held}
        return Kept(shape(cursor), tables, filled, _all(cursor, COUNTERS))


def restore(name: str, kept: Kept) -> bool:
    """Ends all who are connected and puts rows and counters back.

    False where the shape is another: then only a new copy will do.
    """
    with _cursor(name) as cursor:
        _all(cursor, ALONE)
        if shape(cursor) != kept.shape:
            return False
        cursor.execute("BEGIN; SET LOCAL session_replication_role = replica")
        changed = {t: rows for t, rows in kept.rows.items() if _copied(cursor, t) != rows}
        emptied = [t for t in kept.tables if t in changed or t not in kept.rows]
        cursor.execute(";".join(f"DELETE FROM {table}" for table in emptied))
        for table, held in changed.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as into:
                into.write(held)
        sets = (f"setval({oid}::oid, {last}, {used})" for oid, last, used in kept.counters)
        cursor.execute(f"SELECT {', '.join(sets)}")
        cursor.execute("COMMIT")
    return True


def shape(cursor: Any) -> list[Any]:
    """What differs as soon as something is made, changed or dropped in the catalog."""
    asked = (f"SELECT count(*), sum(t.xmin::text::bigint) FROM {one} t" for one in SHAPE)
    return _all(cursor, " UNION ALL ".join(asked))


def _copied(cursor: Any, table: str) -> bytes:
    with cursor.copy(f"COPY {table} TO STDOUT") as out:
        return b"".join(bytes(part) for part in out)


def _all(cursor: Any, statement: str) -> list[Any]:
    cursor.execute(statement)
    found: list[Any] = cursor.fetchall()
    return found


@contextmanager
def _cursor(name: str) -> Iterator[Any]:
    alone = connection.copy()
    alone.settings_dict["NAME"] = name
    with closing(alone), alone.cursor() as cursor:
        yield cursor

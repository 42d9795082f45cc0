"""From PostgreSQL into Parquet: who there is, and who could be whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from regulars.matching.keys import most
from regulars.matching.scoring import Weights

from .contract import NotHere
from .learning import Learning
from .model import LISTS, TEXTS

PART = 100_000  # ids whose pairs are scored together


class Preparing:
    """One DuckDB in a folder: load, learn, find candidates, write Parquet."""

    def __init__(self, folder: Path) -> None:
        try:
            import duckdb
        except ImportError:
            raise NotHere(
                "Matching everything needs DuckDB and Splink: install regulars[matching], "
                "or run uv sync --extra matching."
            ) from None
        self.folder = folder
        self.con = duckdb.connect(str(folder / "matching.duckdb"))
        self._run("SET preserve_insertion_order = false")
        self._run("SET memory_limit = '1500MB'")  # beyond it the disk serves

    def _run(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        # An unfinished result would block the next statement.
        found: list[Any] = self.con.execute(sql, list(values)).fetchall()
        return found

    def load(self) -> int:
        """Features and keys as they are in PostgreSQL now; how many customers."""
        lines, keys = self.files
        connection.ensure_connection()
        with connection.cursor() as cursor:
            # No text in JSON holds these two, so that each row comes out as it is.
            copy = "(FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')"
            _copied(
                cursor,
                "SELECT (l.data || jsonb_build_object('id', l.customer_id, 'changed', "
                "l.changed_at AT TIME ZONE 'UTC'))::text "
                "FROM matching_likeness l JOIN customers_customer c ON c.id = l.customer_id "
                "WHERE c.archived_at IS NULL",
                copy,
                lines,
            )
            _copied(cursor, "SELECT key, customer_id FROM matching_key", "(FORMAT csv)", keys)
        return self.read()

    @property
    def files(self) -> tuple[Path, Path]:
        """Features as lines of JSON with their `id`, and keys with the id of whose they are."""
        return self.folder / "likeness.jsonl", self.folder / "keys.csv"

    def read(self) -> int:
        """What stands in the files; how many customers."""
        lines, keys = self.files
        texts = ", ".join(f"'{column}': 'VARCHAR'" for column in TEXTS)
        lists = ", ".join(f"'{column}': 'VARCHAR[]'" for column in LISTS)
        self._run(
            "CREATE TABLE likeness AS SELECT * FROM read_json(?, format='newline_delimited', "
            f"columns={{'id': 'BIGINT', 'changed': 'TIMESTAMP', {texts}, {lists}}})",
            [str(lines)],
        )
        self._run(
            "CREATE TABLE keys AS SELECT * FROM read_csv(?, header=false, "
            "columns={'key': 'BIGINT', 'id': 'BIGINT'})",
            [str(keys)],
        )
        (count,) = self._run("SELECT count(*) FROM likeness")[0]
        return int(count)

    def learn(self, base: Weights, customers: int) -> Weights:
        """What is common and what many share here; chances and prior, once there are enough."""
        return Learning(self._run).learn(base, customers)

    def candidates(self, since: datetime | None = None) -> int:
        """Everybody who shares a key with not too many; the same look-up as while typing.

        With `since`, whoever changed from then on with everybody. They lie in one file for each
        hundred thousand ids, so that a search can stop between them.
        """
        self._run(
            "CREATE TABLE small AS WITH here AS MATERIALIZED (SELECT key, id FROM keys SEMI JOIN "
            "likeness USING (id)) SELECT key, id FROM here SEMI JOIN (SELECT key FROM here "
            f"GROUP BY key HAVING count(*) BETWEEN 2 AND {most('key')}) USING (key)"
        )
        only = ""
        if since is not None:
            self._run(
                "CREATE TABLE fresh AS SELECT id FROM likeness WHERE changed >= ?", [_naive(since)]
            )
            only = "AND (l.id IN (FROM fresh) OR r.id IN (FROM fresh))"
        self._run(
            "CREATE TABLE pairs AS SELECT DISTINCT l.id AS a, r.id AS b FROM small l "
            f"JOIN small r ON l.key = r.key AND l.id < r.id {only}"
        )
        for kind, which in (
            ("p", "x.kind = 'p' AND y.kind = 'p'"),
            ("c", "(x.kind = 'c' OR y.kind = 'c')"),
        ):
            self._run(
                f"CREATE TABLE pairs_{kind} AS SELECT a, b FROM pairs JOIN likeness x ON x.id = a "
                f"JOIN likeness y ON y.id = b WHERE {which}"
            )
            for (part,) in self._run(f"SELECT DISTINCT a // {PART} FROM pairs_{kind} ORDER BY 1"):
                self._run(
                    f"COPY (SELECT a, b FROM pairs_{kind} WHERE a // {PART} = {part} ORDER BY a, b)"
                    f" TO '{self.folder}/pairs_{kind}_{part:06}.parquet'"
                )
            only = "kind = 'p'" if kind == "p" else "kind = 'c' OR company IS NOT NULL"
            self._run(
                f"COPY (SELECT * FROM likeness WHERE {only}) "
                f"TO '{self.folder}/people_{kind}.parquet'"
            )
        (count,) = self._run("SELECT count(*) FROM pairs")[0]
        return int(count)

    def changed(self, since: datetime) -> list[int]:
        found = self._run("SELECT id FROM likeness WHERE changed >= ? ORDER BY id", [_naive(since)])
        return [row[0] for row in found]

    def people(self, kind: str) -> Path:
        return self.folder / f"people_{kind}.parquet"

    def parts(self) -> list[tuple[str, Path]]:
        """The files of pairs by kind, in the order of their names."""
        files = sorted(self.folder.glob("pairs_*.parquet"))
        return [(file.stem.split("_")[1], file) for file in files]

    def close(self) -> None:
        self.con.close()


def _copied(cursor: Any, select: str, how: str, to: Path) -> None:
    with to.open("wb") as out, cursor.cursor.copy(f"COPY ({select}) TO STDOUT {how}") as copy:
        for piece in copy:
            out.write(piece)


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)

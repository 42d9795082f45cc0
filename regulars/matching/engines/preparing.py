"""From PostgreSQL into Parquet, and what this company's own customers teach about the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from regulars.matching.keys import LOOKED_AT
from regulars.matching.levels import ADDRESS
from regulars.matching.scoring import FLOOR_U, Weights

from .contract import NotHere
from .model import LISTS, TEXTS

ENOUGH = 5_000  # customers from which on our own counts say more than the shipped ones
SMOOTH = 2_000  # as many made-up customers stand beside ours when names are counted
NAMES = 20_000
PART = 100_000  # ids whose pairs are scored together
CROWD = 12
MISSED = 2.2  # pairs of the same for one that shares a way to reach them, as among made-up ones
FEW = 50  # of a kind; fewer say nothing of how many are the same


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
        shared = {"email": self._crowded("emails"), "phone": self._crowded("phones")}
        self._without("phones", shared["phone"])
        self._run("UPDATE likeness SET phone = phones[1] WHERE phone IS DISTINCT FROM phones[1]")
        self._without("emails", shared["email"])
        self._alone()
        share = {
            **base.share,
            "first": self._shares("first", base.share.get("first", {})),
            "last": self._shares("last", base.share.get("last", {})),
            "company": self._shares("company", {"": 2e-5}),
        }
        learned = replace(base, share=share, shared=shared, prior=self._priors(base.prior))
        if customers >= ENOUGH:
            learned = replace(learned, u=self._chances(learned.u), homes=self._homes(learned))
        return learned

    def _crowded(self, column: str) -> frozenset[str]:
        """Values of more than twelve different names are the shop's own, or made up."""
        rows = self._run(
            f"SELECT value FROM (SELECT unnest({column}) AS value, "
            "coalesce(canon, initial, '') || '|' || coalesce(last, company, '') AS name "
            f"FROM likeness) GROUP BY value HAVING count(DISTINCT name) > {CROWD} "
            "ORDER BY count(*) DESC LIMIT 5000"
        )
        return frozenset(row[0] for row in rows)

    def _without(self, column: str, shared: frozenset[str]) -> None:
        """Only the rows that hold one of them are written."""
        self._run(
            "CREATE OR REPLACE TEMP TABLE nobodys AS SELECT unnest(?::VARCHAR[]) AS v",
            [sorted(shared)],
        )
        self._run(
            "CREATE OR REPLACE TEMP TABLE robbed AS "
            "SELECT id, list(v ORDER BY nth) FILTER (WHERE n.v IS NULL) AS own "
            f"FROM (SELECT id, unnest({column}) AS v, generate_subscripts({column}, 1) AS nth "
            "FROM likeness) LEFT JOIN nobodys n USING (v) GROUP BY id HAVING count(n.v) > 0"
        )
        self._run(f"UPDATE likeness SET {column} = own FROM robbed WHERE robbed.id = likeness.id")

    def _alone(self) -> None:
        """Mailbox names follow the addresses that are left."""
        self._run(
            "UPDATE likeness SET locals = list_filter(locals, lambda x: list_contains("
            "list_transform(emails, lambda e: split_part(e, '@', 1)), x)) "
            "WHERE id IN (SELECT id FROM robbed)"
        )
        self._run("UPDATE likeness SET locals = NULL WHERE len(locals) = 0")
        self._run(
            "UPDATE likeness SET local = NULL, mail = NULL, rest = NULL, digits = NULL "
            "WHERE mail IS NOT NULL AND mail IS DISTINCT FROM emails[1]"
        )

    def _shares(self, column: str, shipped: Mapping[str, float]) -> dict[str, float]:
        """How common each value is, with some made-up customers so that few are no oracle."""
        rows = self._run(
            f'SELECT "{column}", count(*) FROM likeness WHERE "{column}" IS NOT NULL '
            f'GROUP BY "{column}" ORDER BY count(*) DESC, "{column}" LIMIT {NAMES}'
        )
        (total,) = self._run(f'SELECT count("{column}") FROM likeness')[0]
        rest = shipped.get("", 2e-5)
        scale = total + SMOOTH
        found = {
            value: (count + SMOOTH * shipped.get(value, rest)) / scale
            for value, count in rows
            if count > 1 or value in shipped
        }
        return {**found, "": (1 + SMOOTH * rest) / scale}

    def _priors(self, shipped: Mapping[str, float]) -> dict[str, float]:
        """Pairs that are beyond doubt, and as many more as share nothing as clear."""
        found = dict(shipped)
        for kind, name in (("p", "coalesce(canon, initial)"), ("c", "company")):
            (n,) = self._run(f"SELECT count(*) FROM likeness WHERE kind = '{kind}'")[0]
            if n >= FEW:
                pairs = n * (n - 1) / 2
                sure = self._meetings(kind, name, alike=True)
                found[kind] = min(max(sure * MISSED, 0.05 * n, 1) / pairs, 0.005)
        return found

    def _homes(self, learned: Weights) -> float:
        """Pairs who share a number, mailbox or home but no first name, for one of the same."""
        (n,) = self._run("SELECT count(*) FROM likeness WHERE kind = 'p'")[0]
        same = learned.prior["p"] * n * (n - 1) / 2
        kin = self._meetings("p", "canon", alike=False) * MISSED / 2
        return float(min(max(kin / max(same, 1.0), 0.2), 5.0))

    def _meetings(self, kind: str, name: str, *, alike: bool) -> float:
        """Pairs who share a mailbox or number and are called alike, or a home too and are not."""
        columns = ("emails", "phones") if alike else ("emails", "phones", "homes")
        values = ", ".join(f"coalesce({column}, [])" for column in columns)
        (met,) = self._run(
            f"WITH v AS (SELECT id, unnest(list_distinct(flatten([{values}]))) AS value, "
            f"{name} AS name FROM likeness WHERE kind = '{kind}' AND {name} IS NOT NULL), "
            "small AS (SELECT * FROM v QUALIFY count(*) OVER (PARTITION BY value) "
            f"BETWEEN 2 AND {CROWD * 3}) "
            "SELECT count(DISTINCT (l.id, r.id)) FROM small l JOIN small r ON l.value = r.value "
            f"AND l.id < r.id AND (l.name = r.name) = {str(alike).lower()}"
        )[0]
        return float(met)

    def _chances(self, shipped: Mapping[str, Mapping[str, tuple[float, ...]]]) -> Any:
        """How often two others share a value, counted over all of them and not in a sample."""
        people = dict(shipped["p"])
        for comparison, column in (("email", "emails"), ("phone", "phones")):
            exact = self._met(column)
            people[comparison] = (max(exact, FLOOR_U), *people[comparison][1:])
        people["address"] = self._chances_of_places(people["address"])
        return {**shipped, "p": people}

    def _chances_of_places(self, shipped: tuple[float, ...]) -> tuple[float, ...]:
        """Where all live in one town, to live there says nothing."""
        home = self._met("homes")
        code, town, area = (self._shared(by) for by in ("code", "town", "zip3"))
        both = self._shared("code, town")
        found = dict(zip((level.key for level in ADDRESS.levels), shipped, strict=True))
        found |= {
            "same": max(home, FLOOR_U),
            "near": max(both - home, FLOOR_U),
            "code": max(code - both, FLOOR_U),
            "town": max(town - both, FLOOR_U),
            "area": max(area - code - max(town - both, 0.0), FLOOR_U),
        }
        found["other"] = max(1.0 - sum(v for key, v in found.items() if key != "other"), 0.01)
        return tuple(found.values())

    def _shared(self, columns: str) -> float:
        """The chance that two who both say it say the same."""
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns.split(", "))
        row: tuple[Any, ...] = self._run(
            "WITH g AS (SELECT count(*)::DOUBLE AS n FROM likeness "
            f"WHERE kind = 'p' AND {known} GROUP BY {columns}) "
            "SELECT sum(n), sum(n * (n - 1)) FROM g"
        )[0]
        all_, alike = float(row[0] or 0), float(row[1] or 0)
        return alike / (all_ * (all_ - 1)) if all_ > 1 else 0.0

    def _met(self, column: str) -> float:
        (having,) = self._run(
            f"SELECT count(*) FROM likeness WHERE kind = 'p' AND {column} IS NOT NULL"
        )[0]
        (met,) = self._run(
            f"WITH v AS (SELECT unnest({column}) AS value, canon FROM likeness WHERE kind = 'p' "
            "AND canon IS NOT NULL), g AS (SELECT value, canon, count(*) AS n FROM v GROUP BY ALL),"
            " s AS (SELECT value, sum(n) AS all_, sum(n * n) AS same FROM g GROUP BY value "
            f"HAVING count(*) <= {CROWD}) SELECT coalesce(sum(all_ * all_ - same) / 2, 0) FROM s"
        )[0]
        pairs: float = max(having * (having - 1) / 2, 1)
        return float(met) / pairs

    def candidates(self, since: datetime | None = None) -> int:
        """Everybody who shares a key with not too many; the same look-up as while typing.

        With `since`, whoever changed from then on with everybody. They lie in one file for each
        hundred thousand ids, so that a search can stop between them.
        """
        self._run(
            "CREATE TABLE small AS WITH here AS MATERIALIZED (SELECT key, id FROM keys SEMI JOIN "
            "likeness USING (id)) SELECT key, id FROM here SEMI JOIN (SELECT key FROM here "
            f"GROUP BY key HAVING count(*) BETWEEN 2 AND {LOOKED_AT}) USING (key)"
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

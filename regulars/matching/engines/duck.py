"""Splink on DuckDB: everybody compared with everybody who could be the same, on one machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from regulars.matching.levels import COMPARISONS
from regulars.matching.scoring import Weights

from .contract import NotHere, Scored
from .model import kept, levels_of, rare_columns, settings, weighed

FETCHED = 10_000


class Duck:
    name = "duckdb"

    def __init__(self) -> None:
        try:
            import duckdb
            import splink  # noqa: F401
        except ImportError:
            raise NotHere(
                "Matching everything needs DuckDB and Splink: install regulars[matching], "
                "or run uv sync --extra matching."
            ) from None
        logging.getLogger("splink").setLevel(logging.WARNING)
        self.duckdb = duckdb

    def score(
        self, kind: str, people: Path, pairs: Path, weights: Weights, least: float
    ) -> Iterator[Scored]:
        from splink import Linker
        from splink.backends.duckdb import DuckDBAPI

        con = self.duckdb.connect()
        con.execute("SET preserve_insertion_order = false").fetchall()
        con.execute("SET memory_limit = '2GB'").fetchall()  # beyond it the disk serves
        con.execute(f"SET temp_directory = '{people.parent}/spilled'").fetchall()
        api = DuckDBAPI(con)
        con.execute(f"CREATE TABLE people AS SELECT * FROM '{people}'").fetchall()
        con.execute(
            "CREATE TABLE blocked AS SELECT '0' AS match_key, a AS join_key_l, b AS join_key_r "
            f"FROM '{pairs}'"
        ).fetchall()
        everybody = api.register(con.table("people"))
        linker = Linker(everybody, settings(kind, weights), log_level=None)
        for column in rare_columns(kind, weights):
            name = self._shares(con, column, weights)
            linker.table_management.register_term_frequency_lookup(
                api.register(con.table(name)), column
            )
        linker.table_management.register_blocked_pairs_for_predict(
            api.register(con.table("blocked"))
        )
        found = linker.inference.predict(warning_mode="never")
        gammas = ", ".join(f"gamma_{comparison.key}" for comparison in COMPARISONS[kind])
        cursor = con.cursor()
        cursor.execute(
            f"SELECT id_l, id_r, {weighed(kind, weights)}, {gammas} FROM {found.physical_name} "
            f"WHERE {kept(kind, least)}"
        )
        while rows := cursor.fetchmany(FETCHED):
            for a, b, weight, *levels in rows:
                yield Scored(a, b, weight, levels_of(kind, tuple(levels)))
        con.close()

    def _shares(self, con: Any, column: str, weights: Weights) -> str:
        shares = weights.share[column]
        name = f"shares_{column}"
        con.execute(f"CREATE TABLE given_{column} (value VARCHAR, share DOUBLE)").fetchall()
        rows = [[value, share] for value, share in shares.items() if value]
        if rows:
            import pyarrow

            values, given = zip(*rows, strict=True)
            table = pyarrow.table({"value": list(values), "share": list(given)})
            con.register(f"arrow_{column}", table)
            con.execute(f"INSERT INTO given_{column} SELECT * FROM arrow_{column}").fetchall()
        con.execute(
            f'CREATE TABLE {name} AS SELECT DISTINCT p."{column}", '
            f'coalesce(g.share, {shares.get("", 0.0)!r}) AS "tf_{column}" '
            f'FROM people p LEFT JOIN given_{column} g ON g.value = p."{column}" '
            f'WHERE p."{column}" IS NOT NULL'
        ).fetchall()
        return name

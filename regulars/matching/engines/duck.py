"""Splink on DuckDB: everybody compared with everybody who could be the same, on one machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars.matching.scoring import Weights

from .contract import NotHere, Scored
from .model import LIVES_WITH, found, rare_columns, settings, shares

FETCHED = 10_000


@dataclass
class _Open:
    """Everybody of a kind, ready to be compared part by part."""

    people: Path
    weights: Weights
    con: Any
    api: Any
    linker: Any


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
        self.open: _Open | None = None

    def score(
        self, kind: str, people: Path, pairs: Path, weights: Weights, least: float
    ) -> Iterator[Scored]:
        at = self._opened(kind, people, weights)
        at.con.execute(
            "CREATE OR REPLACE TABLE blocked AS SELECT '0' AS match_key, a AS join_key_l, "
            f"b AS join_key_r FROM '{pairs}'"
        ).fetchall()
        blocked = at.api.register(at.con.table("blocked"))
        at.linker.table_management.register_blocked_pairs_for_predict(blocked)
        scored = at.linker.inference.predict(
            threshold_match_weight=least - LIVES_WITH, warning_mode="never"
        )
        cursor = at.con.cursor()
        cursor.execute(found(scored.physical_name, kind, weights, least))
        while rows := cursor.fetchmany(FETCHED):
            yield from (Scored(a, b, weight, tuple(levels)) for a, b, weight, *levels in rows)
        cursor.close()
        scored.drop_table_from_database_and_remove_from_cache()

    def _opened(self, kind: str, people: Path, weights: Weights) -> _Open:
        """Parts of the same people share what there is to set up."""
        from splink import Linker
        from splink.backends.duckdb import DuckDBAPI

        if self.open:
            if self.open.people == people and self.open.weights is weights:
                return self.open
            self.close()
        con = self.duckdb.connect()
        con.execute("SET preserve_insertion_order = false").fetchall()
        con.execute("SET memory_limit = '2GB'").fetchall()  # beyond it the disk serves
        con.execute(f"SET temp_directory = '{people.parent}/spilled'").fetchall()
        api = DuckDBAPI(con)
        con.execute(f"CREATE TABLE people AS SELECT * FROM '{people}'").fetchall()
        linker = Linker(api.register(con.table("people")), settings(kind, weights), log_level=None)
        for column in rare_columns(kind, weights):
            name = self._shares(con, column, weights)
            linker.table_management.register_term_frequency_lookup(
                api.register(con.table(name)), column
            )
        self.open = _Open(people, weights, con, api, linker)
        return self.open

    def _shares(self, con: Any, column: str, weights: Weights) -> str:
        name = f"shares_{column}"
        con.execute(f"CREATE TABLE given_{column} (value VARCHAR, share DOUBLE)").fetchall()
        rows = [[value, share] for value, share in weights.share[column].items() if value]
        if rows:
            import pyarrow

            values, given = zip(*rows, strict=True)
            table = pyarrow.table({"value": list(values), "share": list(given)})
            con.register(f"arrow_{column}", table)
            con.execute(f"INSERT INTO given_{column} SELECT * FROM arrow_{column}").fetchall()
        con.execute(f"CREATE TABLE {name} AS {shares(column, weights)}").fetchall()
        return name

    def close(self) -> None:
        if self.open:
            self.open.con.close()
            self.open = None

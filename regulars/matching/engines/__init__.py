"""Scoring every pair of the house: Splink on DuckDB on one machine, or on Spark on many."""

from __future__ import annotations

from .contract import Engine, NotHere, Scored

ENGINES = ("duckdb", "spark")

__all__ = ["ENGINES", "Engine", "NotHere", "Scored", "engine"]


def engine(name: str, master: str = "") -> Engine:
    """By its name; raises `NotHere` with what to do where it cannot run.

    `master` is the URL of Spark's, such as `spark://host:7077`; without it this machine is all.
    """
    if name == "duckdb":
        from .duck import Duck

        return Duck()
    if name == "spark":
        from .spark import Spark

        return Spark(master)
    raise NotHere(f"There is no engine “{name}”: choose {' or '.join(ENGINES)}.")

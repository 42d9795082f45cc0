"""Scoring every pair of the house: Splink on DuckDB, on one machine."""

from __future__ import annotations

from .contract import Engine, NotHere, Scored

__all__ = ["Engine", "NotHere", "Scored", "engine"]


def engine(name: str) -> Engine:
    """By its name; raises `NotHere` with what to install where its libraries are missing."""
    if name == "duckdb":
        from .duck import Duck

        return Duck()
    raise NotHere(f"There is no engine “{name}”: choose duckdb.")

"""`make bench SCALE=100000`: each figure beside its budget, kept in bench/results.json."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import django
import psycopg
from django.conf import settings

OUT = Path(__file__).parent / "results.json"


@dataclass
class Figure:
    """One measurement; `budget` is the most it may be, None where it is only told."""

    case: str
    what: str
    value: float
    budget: float | None = None

    @property
    def kept(self) -> bool:
        return self.budget is None or self.value <= self.budget

    def line(self) -> str:
        mark = " " if self.budget is None else ("✓" if self.kept else "✗")
        most = "" if self.budget is None else f"≤ {self.budget:g}"
        return f"{mark} {self.case:<34} {self.what:<34} {self.value:>10.2f}  {most}"


figures: list[Figure] = []


def tell(case: str, what: str, value: float, budget: float | None = None) -> None:
    figures.append(Figure(case, what, value, budget))
    print(figures[-1].line(), flush=True)


def open_database(scale: int) -> None:
    """A database of its own beside the real one, made once for each size and schema."""
    from django.core.management import call_command
    from django.db import connection

    name = f"bench_{scale}"
    call_command("migrate", verbosity=0)
    database = settings.DATABASES["default"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        there = cursor.fetchone()
        if there and os.environ.get("FRESH"):
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            there = None
        if not there:
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    database["NAME"] = connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)
    from regulars.customers.models import Customer

    if Customer.objects.get_queryset().count() != scale:
        from . import data

        started = time.monotonic()
        data.fill(scale)
        print(f"  {scale:,} customers made in {time.monotonic() - started:.0f} s", flush=True)


def main() -> int:
    scale = int(os.environ.get("SCALE") or 100_000)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    django.setup()
    from django.test.utils import setup_test_environment

    from regulars.server import memory, static

    try:
        open_database(scale)
    except psycopg.Error as problem:
        print(f"The bench needs a PostgreSQL server it may make databases on: {problem}")
        return 1
    setup_test_environment()
    static.collect()
    from . import ingest, pages, searches

    memory.settle()

    for part in (pages.run, searches.run, ingest.run):
        part(tell)
    OUT.write_text(
        json.dumps(
            {
                "scale": scale,
                "figures": [{**asdict(f), "value": round(f.value, 3)} for f in figures],
            },
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
    )
    over = [f for f in figures if not f.kept]
    print(f"\n{len(figures)} figures, {len(over)} over budget; written to {OUT}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())

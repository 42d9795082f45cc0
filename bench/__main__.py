"""`make bench SCALE=100000`: each figure beside its budget, kept in bench/results.json."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import django
from django.db import Error

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
        return f"{mark} {self.case:<62} {self.what:<34} {self.value:>10.2f}  {most}"


figures: list[Figure] = []


def tell(case: str, what: str, value: float, budget: float | None = None) -> None:
    figures.append(Figure(case, what, value, budget))
    print(figures[-1].line(), flush=True)


def main() -> int:
    scale = int(os.environ.get("SCALE") or 100_000)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    django.setup()
    from django.test.utils import setup_test_environment

    from regulars.server import crowd, memory, static

    try:
        crowd.open_database(scale, fresh=bool(os.environ.get("FRESH")))
    except Error as problem:
        print(f"The bench needs a PostgreSQL server it may make databases on: {problem}")
        return 1
    setup_test_environment()
    static.collect()
    from . import audiences, combinations, ingest, pages, searches

    memory.settle()

    for part in (pages.run, combinations.run, searches.run, ingest.run, audiences.run):
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

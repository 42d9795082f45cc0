"""`make bench SCALE=100000`: each figure beside its budget, kept in bench/results.json.

`ONLY=duplicates` measures one part and keeps the figures of the others.
"""

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
    """One measurement; `budget` is the most it may be, `least` the least; else it is only told."""

    case: str
    what: str
    value: float
    budget: float | None = None
    least: float | None = None

    @property
    def kept(self) -> bool:
        return (self.budget is None or self.value <= self.budget) and (
            self.least is None or self.value >= self.least
        )

    def line(self) -> str:
        free = self.budget is None and self.least is None
        mark = " " if free else ("✓" if self.kept else "✗")
        most = "" if self.budget is None else f"≤ {self.budget:g}"
        most += "" if self.least is None else f"≥ {self.least:g}"
        return f"{mark} {self.case:<62} {self.what:<34} {self.value:>10.4g}  {most}"

    def kept_as(self) -> dict[str, object]:
        said = asdict(self) | {"value": round(self.value, 4 if self.value < 1 else 3)}
        return said if self.least is not None else {k: v for k, v in said.items() if k != "least"}


figures: list[Figure] = []


def tell(
    case: str, what: str, value: float, budget: float | None = None, *, least: float | None = None
) -> None:
    figures.append(Figure(case, what, value, budget, least))
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
    from . import audiences, combinations, duplicates, ingest, pages, searches

    memory.settle()

    parts = (pages, combinations, searches, ingest, audiences, duplicates)
    only = os.environ.get("ONLY", "")
    for part in parts:
        if only in ("", part.__name__.rpartition(".")[2]):
            part.run(tell)
    said = json.loads(OUT.read_text()) if only and OUT.exists() else {"figures": []}
    cases = {one.case for one in figures}
    others = [one for one in said["figures"] if one["case"] not in cases]
    OUT.write_text(
        json.dumps(
            {"scale": scale, "figures": [*others, *(one.kept_as() for one in figures)]},
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

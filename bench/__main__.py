"""`make bench SCALE=1000000 SINCE=10000`: each figure beside its budget, in bench/results.json.

With `SINCE` the same is measured among so many customers first, and how much the work of the
database grew from there is told as well. `ONLY=duplicates` measures one part and keeps the
figures of the others, `OUT=bench/results_10m.json` writes elsewhere: lists and searches among ten
million are there.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import django
from django.db import Error

OUT = Path(os.environ.get("OUT") or Path(__file__).parent / "results.json")
# What must not grow with the number of customers: twice is what a deeper index and a fuller cache
# cost. Below half a millisecond there is nothing to compare.
STEADY = re.compile(r"list, .*: database ms$|everyone, .*: database ms, the slowest page$")
GROWTH, TOO_SMALL = 2.0, 0.5


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

    before = _since(os.environ.get("SINCE", ""))
    memory.settle()

    parts = (pages, combinations, searches, ingest, audiences, duplicates)
    only = os.environ.get("ONLY", "")
    for part in parts:
        if only in ("", part.__name__.rpartition(".")[2]):
            part.run(tell)
    _grown(before)
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


def _since(count: str) -> dict[str, float]:
    """The same measured among `count` customers, in a process of its own: by case and figure."""
    if not count:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "results.json"
        asked = {**os.environ, "SCALE": count, "SINCE": "", "OUT": str(out)}
        subprocess.run([sys.executable, "-m", "bench"], env=asked, check=False)
        found = json.loads(out.read_text())["figures"]
    return {f"{f['case']}: {f['what']}": f["value"] for f in found}


def _grown(before: dict[str, float]) -> None:
    for figure in list(figures):
        name = f"{figure.case}: {figure.what}"
        was = before.get(name, 0)
        if " ms" in figure.what and was >= TOO_SMALL:
            budget = GROWTH if STEADY.search(name) else None
            tell(figure.case, f"{figure.what}: growth", figure.value / was, budget)


if __name__ == "__main__":
    sys.exit(main())

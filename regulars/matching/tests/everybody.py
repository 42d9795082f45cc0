"""The hard cases and made-up people as both engines read them."""

from __future__ import annotations

import random
from pathlib import Path

from bench.searching import put
from regulars.matching.engines.preparing import Preparing
from regulars.matching.features import Features, features

from .hard_cases import CASES, M1, NAMES, A, w
from .twins import Maker

PAIRS = 20_000


def everybody() -> dict[int, Features]:
    """Every person of the hard cases, each first name with and without a birthday, and a few
    hundred more."""
    written = [one for case in CASES for one in case[1:3] if not one.is_company]
    for names, *_ in NAMES:
        for name in names.split():
            written += [w(f"{name}|Ott||{M1}|{A}", born) for born in ("", "1980-02-03")]
    written += [one.written for one in Maker(6).twins(300)]
    return {n: features(one) for n, one in enumerate(written, 1)}


def firms() -> dict[int, Features]:
    """Every company of the hard cases."""
    written = [one for case in CASES for one in case[1:3] if one.is_company]
    return {n: features(one) for n, one in enumerate(written, 1)}


def laid_out(folder: Path, them: dict[int, Features], many: int = PAIRS) -> list[tuple[int, int]]:
    """Who they are in `people_p.parquet` and `people_c.parquet`; the pairs of `drawn.parquet`: each
    with who stands next to it, and many more."""
    put(folder, them)
    preparing = Preparing(folder)
    preparing.read()
    preparing.candidates()
    pairs = {(a, b) for a in them for b in range(a + 1, a + 5) if b in them}
    rng, ids = random.Random(6), list(them)
    while len(pairs) < many:
        a, b = sorted(rng.sample(ids, 2))
        pairs.add((a, b))
    drawn = sorted(pairs)
    preparing.con.execute("CREATE TABLE drawn (a BIGINT, b BIGINT)").fetchall()
    preparing.con.executemany("INSERT INTO drawn VALUES (?, ?)", drawn)
    preparing.con.execute(f"COPY drawn TO '{folder}/drawn.parquet'").fetchall()
    preparing.close()
    return drawn

"""One search of everything outside the database: `make` writes who there is, `search` finds."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from regulars.matching.engines import engine
from regulars.matching.engines.preparing import Preparing
from regulars.matching.features import Features, features
from regulars.matching.judging import SUGGESTED
from regulars.matching.keys import keys
from regulars.matching.scoring import Weights, shipped

from . import truth


def put(folder: Path, them: Mapping[int, Features] | Iterable[tuple[int, Features]]) -> None:
    """Features and keys as they come out of the database."""
    preparing = Preparing(folder)
    lines, keyed = preparing.files
    preparing.close()
    with lines.open("w") as people, keyed.open("w") as values:
        for pk, one in them.items() if isinstance(them, Mapping) else them:
            people.write(json.dumps(one.to_json() | {"id": pk}) + "\n")
            values.writelines(f"{key},{pk}\n" for key in keys(one))


def prepared(folder: Path) -> tuple[Weights, int]:
    """The weights of here, and how many pairs there are to compare."""
    preparing = Preparing(folder)
    weights = preparing.learn(shipped(), preparing.read())
    candidates = preparing.candidates()
    preparing.close()
    return weights, candidates


def main(step: str, folder: Path, size: int) -> None:
    if step == "make":
        from regulars.matching.tests import twins

        made = twins.Maker(7).twins(size)
        put(folder, ((one.id, features(one.written)) for one in made))
        return
    began = time.process_time()
    weights, candidates = prepared(folder)
    duck = engine("duckdb")
    joined = [
        (one.a, one.b)
        for part in sorted(folder.glob("pairs_p_*.parquet"))
        for one in duck.score("p", folder / "people_p.parquet", part, weights, SUGGESTED)
        if one.weight >= SUGGESTED
    ]
    truth.clusters(range(1, size + 1), joined)
    print("candidates", candidates)
    print("cpu", time.process_time() - began)
    print("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    import django

    django.setup()
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))

"""One search of everything outside the database: `make` writes who there is, `search` finds."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from regulars.matching.certainty import is_certain
from regulars.matching.engines import engine
from regulars.matching.engines.preparing import Preparing
from regulars.matching.features import Features, features, from_json
from regulars.matching.judging import SUGGESTED, judge
from regulars.matching.keys import keys
from regulars.matching.relations import Relation
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


def prepared(folder: Path) -> tuple[Weights, int, float]:
    """The weights of here, how many pairs there are to compare, and what learning took: the CPU
    seconds of this process when it was done."""
    preparing = Preparing(folder)
    weights = preparing.learn(shipped(), preparing.read())
    learned = time.process_time()
    candidates = preparing.candidates()
    preparing.close()
    return weights, candidates, learned


def main(step: str, folder: Path, size: int) -> None:
    if step == "make":
        from regulars.matching.tests import twins

        made = twins.Maker(7).twins(size)
        put(folder, ((one.id, features(one.written)) for one in made))
        who = {one.id: (one.who, one.household) for one in made}
        (folder / "truth.json").write_text(json.dumps(who))
        return
    began = time.process_time()
    weights, candidates, learned = prepared(folder)
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
    print("predict", time.process_time() - learned)
    print("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
    for name, value in _right(folder, joined, weights):
        print(name, value)


def _right(folder: Path, joined: list[truth.Pair], weights: Weights) -> Iterator[tuple[str, float]]:
    """How right what was proposed is, and what may be accepted unseen."""
    told = {int(pk): one for pk, one in json.loads((folder / "truth.json").read_text()).items()}
    true = truth.same({pk: who for pk, (who, _) in told.items()})
    asked = {pk for pair in joined for pk in pair}
    with (folder / "likeness.jsonl").open() as lines:
        rows = (json.loads(line) for line in lines)
        them = {row["id"]: from_json(row) for row in rows if row["id"] in asked}
    said, certain = [], []
    for a, b in joined:
        one = judge(them[a], them[b], weights)
        if one.said in (Relation.DUPLICATE, Relation.REVIEW):
            said.append((one.weight, (a, b)))
        if is_certain(one):
            certain.append((a, b))
    curve = truth.curve(said, true)
    yield "precision", curve[-1].precision
    yield "recall", curve[-1].recall
    yield "f1", curve[-1].f1
    yield "sure", truth.recall_at(curve, 0.995)
    wrong = [pair for pair in certain if pair not in true]
    yield "certain", 1 - len(wrong) / len(certain)
    yield "accepted", (len(certain) - len(wrong)) / len(true)
    yield "kin", sum(told[a][1] == told[b][1] for a, b in wrong)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    import django

    django.setup()
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))

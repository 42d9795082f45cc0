"""Duplicates: how right they are on made-up people, and what finding them costs."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from regulars.matching import actions, looking
from regulars.matching.certainty import is_certain
from regulars.matching.engines import engine
from regulars.matching.features import Features, features, from_json
from regulars.matching.judging import SUGGESTED, judge
from regulars.matching.keys import keys
from regulars.matching.models import Likeness
from regulars.matching.relations import Relation
from regulars.matching.scoring import Weights, score
from regulars.matching.tests import twins

from . import febrl, measure, truth
from .searching import prepared, put

Tell = Callable[..., None]
SIZE, MANY = 100_000, 1_000_000
PAIRS, ASKED = 20_000, 1_000
SAID = (Relation.DUPLICATE, Relation.REVIEW)
LOW = -12.0  # what is less is told apart by nobody


def run(tell: Tell) -> None:
    _made_up(tell)
    febrl.run(tell)
    for size in (SIZE, MANY):
        if size <= int(os.environ.get("SCALE") or SIZE):
            _cost(tell, size)
    _typing(tell)


def _made_up(tell: Tell) -> None:
    case = f"duplicates, {SIZE:,} made-up customers"
    made = twins.Maker(7).twins(SIZE)
    them = {one.id: features(one.written) for one in made}
    who = {one.id: one.who for one in made}
    homes = {one.id: one.household for one in made}
    with tempfile.TemporaryDirectory() as folder:
        put(Path(folder), them)
        weights, *_ = prepared(Path(folder))
        found = engine("duckdb").score(
            "p", Path(folder) / "people_p.parquet", Path(folder) / "pairs_p_*.parquet", weights, LOW
        )
        scored = [((one.a, one.b), one.weight) for one in found]
    _agreement(tell, them, scored, weights)
    judged = {pair: judge(them[pair[0]], them[pair[1]], weights) for pair, _ in scored}
    true = truth.same(who)
    links = {pair for pair in true if _linkable(them[pair[0]], them[pair[1]])}
    led = true & {pair for pair, _ in scored}
    said = [(j.weight, p) for p, j in judged.items() if j.relation in SAID]
    _as_proposed(tell, case, said, true)
    tell(case, "pairs of the same who share more than a name", len(links) / len(true))
    for name, among, least in (
        ("linkable", links, 0.95),
        ("whom a key leads to", led, None),
    ):
        shown, at = truth.met(said, among, SUGGESTED), truth.met_at(said, among, true, 0.965)
        tell(case, f"as proposed: recall of {name}", shown)
        tell(case, f"recall at precision .965, {name}", at, least=least)
    joined = [pair for pair, one in judged.items() if one.said == Relation.DUPLICATE]
    tell(case, "duplicates joined: B³", truth.b_cubed(who, truth.clusters(them, joined)))
    certain = [pair for pair, one in judged.items() if is_certain(one)]
    wrong = [pair for pair in certain if pair not in true]
    tell(case, "beyond doubt: precision", 1 - len(wrong) / len(certain), least=0.995)
    tell(case, "beyond doubt: recall", (len(certain) - len(wrong)) / len(true), least=0.3)
    expected = sum(judged[pair].probability for pair in certain) / len(certain)
    tell(case, "beyond doubt: precision as expected", expected, least=0.995)
    kin = sum(homes[a] == homes[b] for a, b in wrong)
    tell(case, "beyond doubt: of a household", kin, 0)


def _as_proposed(tell: Tell, case: str, said: truth.Scored, true: set[truth.Pair]) -> None:
    curve = truth.curve(said, true)
    shown = truth.from_on(curve, SUGGESTED)
    tell(case, "as proposed: precision", shown.precision)
    tell(case, "as proposed: recall", shown.recall)
    tell(case, "as proposed: pair F1", shown.f1, least=0.87)
    tell(case, "best pair F1 (on the truth)", truth.best(curve).f1, least=0.87)
    tell(case, "recall at precision .995", truth.recall_at(curve, 0.995), least=0.64)


def _linkable(a: Features, b: Features) -> bool:
    """They share a value of their own, or a key of more than a name."""
    return bool(set(a.roles) & set(b.roles)) or any(
        not key & 1 for key in set(keys(a)) & set(keys(b))
    )


def _agreement(
    tell: Tell,
    them: dict[int, Features],
    scored: list[tuple[tuple[int, int], float]],
    weights: Weights,
) -> None:
    drawn = random.Random(3).sample(scored, min(PAIRS, len(scored)))
    shared = weights.shared
    apart = max(
        abs(score(them[a].without(shared), them[b].without(shared), weights).weight - weight)
        for (a, b), weight in drawn
    )
    tell("duplicates, typing beside batch", "pairs compared", len(drawn))
    tell("duplicates, typing beside batch", "furthest apart, 1e-9 bits", apart * 1e9, 1.0)


def _cost(tell: Tell, size: int) -> None:
    """In a process of its own, so that its memory is its own."""
    case = f"duplicates, all among {size:,}"
    with tempfile.TemporaryDirectory() as folder:
        for step in ("make", "search"):
            done = subprocess.run(
                [sys.executable, "-m", "bench.searching", step, folder, str(size)],
                check=True,
                capture_output=True,
                text=True,
            )
    said = dict(line.split() for line in done.stdout.splitlines())
    tell(case, "pairs compared", float(said["candidates"]))
    tell(case, "CPU seconds", float(said["cpu"]), 60)
    tell(case, "of these to predict and cluster", float(said["predict"]), 60)
    tell(case, "most memory, GB", float(said["memory"]), 4)
    tell(case, "as proposed: precision", float(said["precision"]))
    tell(case, "as proposed: recall", float(said["recall"]))
    tell(case, "as proposed: pair F1", float(said["f1"]), least=0.85)
    tell(case, "recall at precision .995", float(said["sure"]), least=0.58)
    tell(case, "beyond doubt: precision", float(said["certain"]), least=0.995)
    tell(case, "beyond doubt: recall", float(said["accepted"]))
    tell(case, "beyond doubt: of a household", float(said["kin"]), 0)


def _typing(tell: Tell) -> None:
    """Along the keys of the customers of the bench: for some of them, and as many who are new.

    Processor time of the database and of ourselves, so that others on the machine do not count.
    """
    actions.keep_missing(by=None)
    asked = [features(one.written) for one in twins.Maker(9).twins(ASKED)]
    step = max(Likeness.objects.count() // ASKED, 1)
    rows = Likeness.objects.filter(pk__in=range(1, step * ASKED, step)).values_list(
        "data", flat=True
    )
    spent = []
    for one in [*asked, *map(from_json, rows)]:
        began = time.process_time() + measure.worked()
        looking.candidates(one)
        spent.append((time.process_time() + measure.worked() - began) * 1000)
    parts = statistics.quantiles(spent, n=100)
    case = "duplicates, while typing"
    tell(case, "ms, half of all", parts[49])
    tell(case, "ms, 95 of 100", parts[94], 5)
    tell(case, "ms, 99 of 100", parts[98], 20)

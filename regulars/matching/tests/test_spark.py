"""The same on Spark: pairs, levels, bits and clusters, wherever the rows lie."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench import truth
from bench.searching import prepared, put
from regulars.matching.engines import Scored, engine
from regulars.matching.engines.spark import Spark
from regulars.matching.engines.sparksql import spoken
from regulars.matching.features import features
from regulars.matching.levels import ALIKE, FIRM, LIKELY, NEAR, alike
from regulars.matching.scoring import Weights, shipped

from .everybody import everybody, laid_out
from .twins import Maker, firms

pytest.importorskip("pyspark", reason="PySpark is not installed: uv sync --extra spark")
pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark runs on Java; it is not here"),
]
LOW = -8.0
# Little memory and little time for a compiler: we are here for a minute. Nothing of it may need
# Python on an executor.
DEFAULTS = """
spark.driver.memory 600m
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.adaptive.enabled false
spark.pyspark.python /nowhere/python
"""
only_local = pytest.mark.parametrize("spark", ["local[2]"], indirect=True)


@dataclass(frozen=True)
class House:
    folder: Path
    weights: Weights
    size: int

    def files(self, kind: str) -> tuple[Path, Path]:
        return self.folder / f"people_{kind}.parquet", self.folder / f"pairs_{kind}_*.parquet"

    def shuffled(self, kind: str, seed: int) -> tuple[Path, Path]:
        """The same rows in another order, in many files."""
        import duckdb

        to = self.folder / f"shuffled_{kind}_{seed}"
        to.mkdir()
        with duckdb.connect() as con:
            for name, file in zip(("people", "pairs"), self.files(kind), strict=True):
                (to / name).mkdir()
                for n in range(seed):
                    con.execute(
                        "COPY (SELECT * EXCLUDE nth FROM (SELECT *, hash(r) AS nth "
                        f"FROM '{file}' AS r) WHERE nth % {seed} = {n} ORDER BY nth) "
                        f"TO '{to}/{name}/{n}.parquet'"
                    )
        return to / "people", to / "pairs"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Three thousand records of people and three hundred of companies."""
    both = [*Maker(3).twins(3_000), *firms(300, 3)]
    with tempfile.TemporaryDirectory() as name:
        put(Path(name), ((n, features(one.written)) for n, one in enumerate(both, 1)))
        weights, *_ = prepared(Path(name))
        yield House(Path(name), weights, len(both))


@pytest.fixture(scope="module", params=["local[2]", "local-cluster[2,1,1024]"])
def spark(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Spark]:
    conf = tmp_path_factory.mktemp("conf")
    (conf / "spark-defaults.conf").write_text(DEFAULTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(conf))
        made = Spark(request.param, patience=600)
        yield made
        made.close()


def told(scored: Iterator[Scored]) -> dict[tuple[int, int], Scored]:
    found = {(one.a, one.b): one for one in scored}
    assert all(a < b for a, b in found)
    return found


def check_alike(ours: dict[Any, Scored], theirs: dict[Any, Scored], size: int) -> None:
    assert ours.keys() == theirs.keys()
    assert {p: one.levels for p, one in ours.items()} == {p: o.levels for p, o in theirs.items()}
    assert max(abs(ours[pair].weight - theirs[pair].weight) for pair in ours) < 1e-9
    clusters = [
        truth.clusters(range(1, size + 1), (pair for pair, one in of.items() if one.weight >= 0))
        for of in (ours, theirs)
    ]
    assert clusters[0] == clusters[1]
    assert len(set(clusters[0].values())) < size


def test_people_are_found_as_on_duckdb_in_any_order_and_partition(
    spark: Spark, house: House
) -> None:
    expected = told(engine("duckdb").score("p", *house.files("p"), house.weights, LOW))
    assert len(expected) > 2_000
    files = house.shuffled("p", 5 if spark.master.startswith("local[") else 7)
    check_alike(expected, told(spark.score("p", *files, house.weights, LOW)), house.size)
    assert not (files[0].parent / "spark").exists()  # what was between is gone


@only_local
def test_companies_are_found_as_on_duckdb(spark: Spark, house: House) -> None:
    expected = told(engine("duckdb").score("c", *house.files("c"), house.weights, LOW))
    assert len(expected) > 100
    theirs = told(spark.score("c", *house.files("c"), house.weights, LOW))
    check_alike(expected, theirs, house.size)


@only_local
def test_the_hard_cases_are_told_as_on_duckdb(spark: Spark, tmp_path: Path) -> None:
    them = everybody()
    laid_out(tmp_path, them)
    files = (tmp_path / "people_p.parquet", tmp_path / "drawn.parquet")
    expected = told(engine("duckdb").score("p", *files, shipped(), LOW))
    assert len(expected) > 1_000
    check_alike(expected, told(spark.score("p", *files, shipped(), LOW)), len(them))


@only_local
def test_names_are_measured_as_elsewhere(spark: Spark, house: House) -> None:
    """Also where letters are swapped, which Splink's own function counts otherwise."""
    maker, rng = Maker(4), random.Random(4)
    names = [("bonenfant", "bonnenfant"), ("phillips", "lhillips"), ("a", "a"), ("ab", "ba")]
    while len(names) < 3_000:
        name = other = maker.pick(rng.choice(("f", "m", "last"))).lower()
        for _ in range(rng.randint(1, 3)):
            other = maker._fault(other, 1.0)
        names.append((name, other))
    house.folder.joinpath("names.tsv").write_text("\n".join("\t".join(pair) for pair in names))
    spark._begin(house.folder)
    rows = spark.session.read.csv(
        str(house.folder / "names.tsv"), sep="\t", schema="a STRING, b STRING"
    )
    bounds = (NEAR, ALIKE, LIKELY, FIRM)
    asked = [spoken(f"jaro_winkler_similarity(a, b) >= {least}") for least in bounds]
    for row in rows.selectExpr("a", "b", *asked).collect():
        assert row[2:] == tuple(alike(row.a, row.b) >= least for least in bounds), row

"""Splink on Spark: the same plan on one machine's cores or on a cluster's.

Data go by Parquet, both ways. Executors run nothing of ours but SQL and the jar that comes with
Splink, which the driver hands to them: they need Java, and the folder the data lie in.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from regulars.matching.scoring import Weights

from .contract import NotHere, Scored
from .model import LIVES_WITH, found, rare_columns, settings, shares
from .reaching import cause, in_time, java_or_not_here, reach
from .sparksql import ALIKE, spoken

FETCHED = 10_000
FAREWELL = 10  # seconds in which Java clears its own things away
PATIENCE = 300  # seconds until a cluster has given us the first core


class Spark:
    name = "spark"

    def __init__(self, master: str = "", patience: float = PATIENCE) -> None:
        """`master` is a URL that Spark knows, without it all cores of this machine.

        Raises `NotHere` where the libraries or Java are missing, or nobody answers there.
        """
        try:
            import duckdb  # noqa: F401
            import pyspark  # noqa: F401
            import splink  # noqa: F401
        except ImportError:
            raise NotHere(
                "Matching on Spark needs PySpark and Splink: install regulars[spark], "
                "or run uv sync --extra matching --extra spark."
            ) from None
        java_or_not_here()
        self.master, self.patience = master or "local[*]", patience
        reach(self.master)
        self.session: Any = None
        self.gateway: Any = None
        logging.getLogger("splink").setLevel(logging.WARNING)

    def score(
        self, kind: str, people: Path, pairs: Path, weights: Weights, least: float
    ) -> Iterator[Scored]:
        import duckdb

        between = people.parent / "spark"
        try:
            self._compare(kind, people, pairs, weights, least, between)
            with duckdb.connect() as con:
                con.execute(f"SELECT * FROM '{between}/found/*.parquet'")
                while rows := con.fetchmany(FETCHED):
                    for a, b, weight, *levels in rows:
                        yield Scored(a, b, weight, tuple(levels))
        finally:
            shutil.rmtree(between, ignore_errors=True)

    def _compare(
        self, kind: str, people: Path, pairs: Path, weights: Weights, least: float, between: Path
    ) -> None:
        try:
            self._begin(people.parent)
            with self._sentence(
                "broke off", " What was stored stays, and the same command goes on from there."
            ):
                self._predict(kind, people, pairs, weights, least, between)
        except BaseException:
            self._end()  # lest it goes on and writes where all is being cleared away
            raise

    def _predict(
        self, kind: str, people: Path, pairs: Path, weights: Weights, least: float, between: Path
    ) -> None:
        from splink import Linker
        from splink.backends.spark import SparkAPI

        spark, cores, make_api = self.session, self._cores(), cast(Any, SparkAPI)
        spark.sparkContext.setCheckpointDir(_url(between))
        api = make_api(spark_session=spark, register_udfs_automatically=False)
        everybody = spark.read.parquet(_url(people))
        everybody.createOrReplaceTempView("people")
        blocked = spark.read.parquet(_url(pairs)).repartition(cores)
        blocked = blocked.selectExpr("'0' AS match_key", "a AS join_key_l", "b AS join_key_r")
        linker = Linker(
            api.register(everybody), settings(kind, weights, "spark", spoken), log_level=None
        )
        for column in rare_columns(kind, weights):
            self._give(column, weights, between)
            linker.table_management.register_term_frequency_lookup(
                api.register(spark.sql(shares(column, weights))), column
            )
        linker.table_management.register_blocked_pairs_for_predict(api.register(blocked))
        scored = linker.inference.predict(
            threshold_match_weight=least - LIVES_WITH, warning_mode="never"
        ).physical_name
        spark.sql(found(scored, kind, weights, least)).write.parquet(_url(between / "found"))
        spark.catalog.dropTempView(scored)

    def _give(self, column: str, weights: Weights, between: Path) -> None:
        import pyarrow
        import pyarrow.parquet

        between.mkdir(exist_ok=True)
        rows = [(value, share) for value, share in weights.share[column].items() if value]
        columns = {"value": [value for value, _ in rows], "share": [share for _, share in rows]}
        schema = pyarrow.schema({"value": pyarrow.string(), "share": pyarrow.float64()})
        at = between / f"given_{column}.parquet"
        pyarrow.parquet.write_table(pyarrow.table(columns, schema=schema), at)
        self.session.read.parquet(_url(at)).createOrReplaceTempView(f"given_{column}")

    def _cores(self) -> int:
        return max(int(self.session.sparkContext.defaultParallelism), 2)

    def _begin(self, folder: Path) -> None:
        """The session, with a first small job: a cluster may take us in and have no core for us."""
        if self.session is not None:
            return
        try:
            with self._sentence("did not start", log=folder / "spark.log"):
                self.session = in_time(lambda: self._start(folder), self.patience)
        except TimeoutError:
            raise NotHere(
                f"Spark at {self.master} gave no core within {self.patience:.0f} seconds: is the "
                "address right, and has the cluster workers that are free?"
            ) from None

    def _start(self, folder: Path) -> Any:
        from pyspark import SparkConf, SparkContext
        from pyspark.java_gateway import launch_gateway
        from pyspark.sql import SparkSession
        from pyspark.sql.types import DoubleType
        from splink.backends.spark import similarity_jar_location

        said = _configured(self.master, similarity_jar_location(), folder)
        conf = SparkConf().setMaster(self.master).setAppName("regulars duplicates")
        conf.setAll(list(said.items()))
        self.gateway = SparkContext._gateway  # a process has one Java for good
        if self.gateway is None:
            with (folder / "spark.log").open("w") as log:
                self.gateway = launch_gateway(conf, {"stdout": log, "stderr": log})
        spark = SparkSession(SparkContext(conf=conf, gateway=self.gateway))
        name = "uk.gov.moj.dash.linkage.JaroWinklerSimilarity"
        spark.udf.registerJavaFunction("jaro_winkler", name, DoubleType())
        spark.sql(ALIKE)
        spark.range(1).count()
        return spark

    @contextmanager
    def _sentence(self, what: str, then: str = "", log: Path | None = None) -> Iterator[None]:
        """What Spark says, without the hundred lines around it."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            yield
        except (Py4JError, PySparkException, ConnectionError) as problem:
            why = cause(problem, log)
            raise NotHere(f"Spark at {self.master} {what}: {why}{then}") from problem

    def _end(self) -> None:
        """Java, with all that waits in it."""
        self.session = None
        if self.gateway is not None and self.gateway.proc is not None:
            self.gateway.proc.terminate()
            try:
                self.gateway.proc.wait(FAREWELL)
            except subprocess.TimeoutExpired:
                self.gateway.proc.kill()

    def close(self) -> None:
        if self.session is not None:
            with suppress(Exception):  # whoever is gone needs no farewell
                self.session.stop()
            self.session = None


def _configured(master: str, jar: str, folder: Path) -> dict[str, str]:
    """What is ours to say; all else is in the company's own spark-defaults.conf."""
    said = {
        "spark.jars": jar,
        "spark.log.level": "ERROR",
        # Code made of conditions as long as ours is too long for Java: making it is lost work.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.warehouse.dir": _url(folder / "spark-warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        said |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        }
    return said


def _url(path: Path) -> str:
    """Spark takes a bare path for one of the cluster's own file system."""
    return f"file://{path}"

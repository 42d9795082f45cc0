"""Looking for duplicates everywhere, or around what changed, and storing what was found."""

from __future__ import annotations

import contextlib
import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from procrastinate.exceptions import AlreadyEnqueued

from regulars.customers.models import MergedProfile
from regulars.lib import clock
from regulars.matching.engines import Engine, NotHere
from regulars.matching.engines import engine as engine_called
from regulars.matching.engines.preparing import Preparing
from regulars.matching.features import Features, from_json
from regulars.matching.judging import SUGGESTED, Judged, judge
from regulars.matching.learned import current
from regulars.matching.looking import near
from regulars.matching.models import Learned, Lesson, Likeness, Run, Verdict
from regulars.matching.relations import Relation
from regulars.matching.scoring import Weights, read, shipped
from regulars.matching.training import refitted, seen_in

from .keeping import keep_missing
from .storing import drop_old, put

if TYPE_CHECKING:
    from regulars.staff.models import User

BATCH = 2_000
FEW_CHANGED = 5_000
RESUMED = timedelta(days=1)
ENOUGH_VERDICTS = 300
LOCK = 0x6D617463  # "matc": one search at a time
STORED = (Relation.DUPLICATE, Relation.REVIEW, Relation.HOUSEHOLD)

log = logging.getLogger("regulars.matching")

Told = Callable[[str, int], None]


class SearchBusy(Exception):
    """Another search is running."""


@dataclass(frozen=True)
class Found:
    customers: int
    candidates: int
    pairs: int


def _silent(step: str, n: int) -> None:
    pass


def search_all(engine: Engine, *, by: User | None, told: Told = _silent) -> Found:
    """Everything against everything: learn the weights of here, score all candidates, store.

    It may be stopped at any time: what was written stays, and the next search within a day goes on
    behind the last part that was done. Raises `SearchBusy` while another one runs.
    """
    with _alone():
        run = _stopped(engine.name) or Run.objects.create(engine=engine.name)
        return _search(run, engine, by=by, told=told)


def search_changed(*, by: User | None, told: Told = _silent, most: int = FEW_CHANGED) -> Found:
    """Around the customers written since the last search, along their keys.

    Where they are many, such as after an import, all pairs with one of them are scored together.
    """
    with _alone():
        since = _last_search()
        keep_missing(by=by)
        rows = Likeness.objects.filter(changed_at__gte=since).order_by("pk")
        if rows.count() > most:
            with contextlib.suppress(NotHere):
                quick = engine_called("duckdb")
                run = Run.objects.create(engine=quick.name, whole=False)
                return _search(run, quick, by=by, told=told, since=since)
        run = Run.objects.create(engine="keys", whole=False)
        customers = candidates = pairs = 0
        weights = current()
        for ids in _batches(rows.values_list("pk", flat=True).iterator(chunk_size=BATCH)):
            with transaction.atomic():
                found = list(_around(ids, weights))
                candidates += len(found)
                pairs += put(_said(found), by=by)
                drop_old(run.started_at, ids, by=by)
            customers += len(ids)
            told("customers", customers)
        return _ended(run, Found(customers, candidates, pairs))


def _last_search() -> datetime:
    before = Run.objects.exclude(ended_at=None).order_by("-started_at").first()
    return before.started_at if before else datetime(1970, 1, 1, tzinfo=UTC)


def _stopped(engine: str) -> Run | None:
    """A search of everything that did not come to its end, not long ago."""
    runs = Run.objects.filter(whole=True, engine=engine, ended_at=None)
    last = runs.filter(started_at__gte=clock.now() - RESUMED).order_by("-pk").first()
    ended = Run.objects.filter(whole=True, ended_at__isnull=False)
    return last if last and not ended.filter(pk__gt=last.pk).exists() else None


def _search(
    run: Run, engine: Engine, *, by: User | None, told: Told, since: datetime | None = None
) -> Found:
    """Score part after part; `step` of the run says which was the last."""
    done, pairs = run.step, run.pairs
    with _folder() as folder:
        keep_missing(by=by, told=lambda n: told("keys", n))
        preparing = Preparing(Path(folder))
        try:
            customers = preparing.load()
            told("customers", customers)
            weights = _weights(preparing, customers, anew=since is None and not done)
            changed = preparing.changed(since) if since else []
            candidates = preparing.candidates(since)
            told("candidates", candidates)
        finally:
            preparing.close()
        Run.objects.filter(pk=run.pk).update(customers=customers, candidates=candidates)
        for kind, part in preparing.parts():
            if part.stem <= done:
                continue
            scored = engine.score(kind, preparing.people(kind), part, weights, SUGGESTED)
            for batch in _batches((one.a, one.b) for one in scored):
                pairs += _store(batch, weights, by)
                told("pairs", pairs)
            Run.objects.filter(pk=run.pk).update(step=part.stem, pairs=pairs)
    if since is None:
        drop_old(run.started_at, by=by)
    for ids in _batches(changed):
        drop_old(run.started_at, ids, by=by)
    return _ended(run, Found(len(changed) if since else customers, candidates, pairs))


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="regulars-matching-", dir=settings.MATCHING_FOLDER)


def _ended(run: Run, found: Found) -> Found:
    Run.objects.filter(pk=run.pk).update(
        ended_at=clock.now(),
        customers=found.customers,
        candidates=found.candidates,
        pairs=found.pairs,
    )
    return found


def ask(*, by: User) -> None:
    """The worker looks around what changed now, not by night; once, however often it is asked."""
    from regulars.matching import tasks

    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        tasks.look.defer()
        log.info("search asked for by=%s", by.pk)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise SearchBusy("Duplicates are being looked for already.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _weights(preparing: Preparing, customers: int, *, anew: bool) -> Weights:
    """Learned from everybody who is here now, else those that count already."""
    base, verdicts = shipped(), Verdict.objects.exclude(levels=[])
    merged = taught()
    decided = verdicts.count() + merged.count()
    if decided >= ENOUGH_VERDICTS:
        same = list(verdicts.filter(verdict="same").values_list("levels", flat=True))
        same += merged.values_list("levels", flat=True)
        base = refitted(base, seen_in(same))
    weights = preparing.learn(base, customers)
    if not anew:
        return current()
    row = Learned.objects.create(customers=customers, verdicts=decided, weights=weights.to_json())
    Learned.objects.filter(pk__lt=row.pk - 20).delete()
    return read(row.weights, row.pk)


def taught() -> QuerySet[Lesson]:
    """What merges teach, as long as they stand."""
    stands = MergedProfile.objects.filter(merge=OuterRef("merge"), undone_at=None)
    return Lesson.objects.filter(Exists(stands))


def _batches(items: Iterable[object]) -> Iterator[list]:  # type: ignore[type-arg]
    them = iter(items)
    while batch := list(islice(them, BATCH)):
        yield batch


def _store(batch: list[tuple[int, int]], weights: Weights, by: User | None) -> int:
    """Judge what the engine found near enough, with what is stored now, and keep it."""
    ids = {pk for pair in batch for pk in pair}
    them = _features(ids)
    with transaction.atomic():
        judged = [
            (a, b, judge(them[a], them[b], weights)) for a, b in batch if a in them and b in them
        ]
        return put(_said(judged), by=by)


def _features(ids: Iterable[int]) -> dict[int, Features]:
    rows = Likeness.objects.filter(pk__in=list(ids)).values_list("pk", "data")
    return {pk: from_json(data) for pk, data in rows}


def _said(found: Iterable[tuple[int, int, Judged]]) -> list[tuple[int, int, Judged]]:
    return [one for one in found if one[2].said in STORED]


def around(ids: list[int], weights: Weights) -> list[tuple[int, int, Judged]]:
    """Whom these customers may be, or live with, along their keys."""
    return _said(_around(ids, weights))


def _around(ids: list[int], weights: Weights) -> Iterator[tuple[int, int, Judged]]:
    """Each pair once, the lower id first."""
    done: set[tuple[int, int]] = set()
    for pk, one in _features(ids).items():
        for other, features in near(one):
            pair = (min(pk, other), max(pk, other))
            if pk != other and pair not in done:
                done.add(pair)
                a, b = (one, features) if pk < other else (features, one)
                yield *pair, judge(a, b, weights)

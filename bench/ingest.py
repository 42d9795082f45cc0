"""Events in: the batch with its standing columns against bare index maintenance."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction

from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.timeline import actions
from regulars.timeline.actions import BATCH, NewEvent

BARE = [
    """
INSERT INTO timeline_event (customer_id, kind, happened_at, recorded_at, data, origin,
  awaits_answer, answers, wants_reading, is_activity)
SELECT c, 'page.visited', at, now(), '{"page": "x"}', '', false, false, true, true
FROM unnest(%(ids)s::bigint[], %(at)s::timestamptz[]) AS t(c, at)
""",
    """
UPDATE customers_customer c SET last_activity_at = greatest(c.last_activity_at, t.at),
  last_inbound_at = now(), unread_count = c.unread_count + 1
FROM (SELECT c, max(at) AS at FROM unnest(%(ids)s::bigint[], %(at)s::timestamptz[]) AS t(c, at)
      GROUP BY c) t
WHERE c.id = t.c
""",
]


def run(tell: Callable[..., None]) -> None:
    rng = random.Random(5)
    low, high = 1, Customer.objects.get_queryset().order_by("-pk")[0].pk
    ours, bare = [], []
    for _ in range(8):
        ids = [rng.randint(low, high) for _ in range(BATCH)]
        ids = list(Customer.objects.get_queryset().filter(pk__in=ids).values_list("pk", flat=True))
        at = [clock.now() - timedelta(seconds=rng.random() * 60) for _ in ids]
        events = [
            NewEvent(pk, "page.visited", when, None, json.loads('{"page": "x"}'))
            for pk, when in zip(ids, at, strict=True)
        ]
        bare.append(_spent(lambda ids=ids, at=at: _bare(ids, at)))  # type: ignore[misc]
        ours.append(_spent(lambda events=events: actions.record_many(events)))  # type: ignore[misc]
    tell("ingest, 1,000 events", "ms", statistics.median(ours) * 1000)
    tell("ingest, 1,000 events", "ratio to bare index upkeep",
         statistics.median(ours) / statistics.median(bare), 2.0)  # fmt: skip


def _bare(ids: list[int], at: list[object]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement, {"ids": ids, "at": at})


def _spent(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started

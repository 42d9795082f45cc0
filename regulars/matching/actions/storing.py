"""Pairs that were found, written over those found before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from regulars.lib import clock
from regulars.matching.certainty import is_certain
from regulars.matching.judging import Judged
from regulars.matching.learned import current
from regulars.matching.models import Pair

if TYPE_CHECKING:
    from regulars.staff.models import User

PUT = """
INSERT INTO matching_pair
  (customer_id, other_id, score, probability, relation, certain, reasons, levels, model, found_at)
SELECT d.a, d.b, d.score, d.probability, d.relation, d.certain, d.reasons, d.levels, %(model)s,
  %(at)s
FROM unnest(%(a)s::bigint[], %(b)s::bigint[], %(score)s::float8[], %(probability)s::float8[],
  %(relation)s::text[], %(certain)s::bool[], %(reasons)s::jsonb[], %(levels)s::jsonb[])
  AS d(a, b, score, probability, relation, certain, reasons, levels)
WHERE NOT EXISTS (SELECT FROM matching_verdict v WHERE (v.customer_id, v.other_id) = (d.a, d.b))
  AND EXISTS (SELECT FROM customers_customer c WHERE c.id = d.a)
  AND EXISTS (SELECT FROM customers_customer c WHERE c.id = d.b)
ON CONFLICT (customer_id, other_id) DO UPDATE SET
  score = EXCLUDED.score, probability = EXCLUDED.probability, relation = EXCLUDED.relation,
  certain = EXCLUDED.certain, reasons = EXCLUDED.reasons, levels = EXCLUDED.levels,
  model = EXCLUDED.model, found_at = EXCLUDED.found_at
"""


def put(pairs: Iterable[tuple[int, int, Judged]], *, by: User | None) -> int:
    """Store judged pairs (lower id first), but for those somebody has decided; how many came."""
    rows = list(pairs)
    if rows:
        weights = current()
        with connection.cursor() as cursor:
            cursor.execute(
                PUT,
                {
                    "a": [a for a, _, _ in rows],
                    "b": [b for _, b, _ in rows],
                    "score": [round(j.weight, 6) for *_, j in rows],
                    "probability": [j.probability for *_, j in rows],
                    "relation": [j.relation.value for *_, j in rows],
                    "certain": [is_certain(j) for *_, j in rows],
                    "reasons": [json.dumps(j.plain_reasons) for *_, j in rows],
                    "levels": [json.dumps(j.levels) for *_, j in rows],
                    "model": weights.version,
                    "at": clock.now(),
                },
            )
    return len(rows)


def drop_old(before: datetime, customers: Sequence[int] | None = None, *, by: User | None) -> None:
    """What was not found again since is no pair any more; of these customers, or of all."""
    old = Pair.objects.filter(found_at__lt=before)
    if customers is not None:
        old = old.filter(Q(customer__in=customers) | Q(other__in=customers))
    old.delete()

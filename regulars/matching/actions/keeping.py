"""Features and keys for customers who were written without them, or by an older spelling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.db import connection, transaction

from regulars.matching import keeping
from regulars.matching.features import VERSION

if TYPE_CHECKING:
    from regulars.staff.models import User

BATCH = 1_000

MISSING = f"""
SELECT c.id FROM customers_customer c
WHERE c.id > %s AND NOT EXISTS (
  SELECT FROM matching_likeness l WHERE l.customer_id = c.id AND l.data->'v' = '{VERSION}')
ORDER BY c.id LIMIT {BATCH}
"""  # noqa: S608 (made of constants)
ALL = f"SELECT c.id FROM customers_customer c WHERE c.id > %s ORDER BY c.id LIMIT {BATCH}"  # noqa: S608


def keep_missing(
    *, by: User | None, anew: bool = False, told: Callable[[int], None] = lambda n: None
) -> int:
    """Write what is missing, or everything `anew`; how many. Batch by batch: it may be stopped."""
    done = 0
    for ids in _batches(ALL if anew else MISSING):
        with transaction.atomic():
            keeping.keep(ids)
        done += len(ids)
        told(done)
    return done


def _batches(statement: str) -> Iterator[list[int]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [last])
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return
        last = ids[-1]
        yield ids

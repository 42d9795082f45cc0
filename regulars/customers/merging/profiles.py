"""The profiles that are to become one, as the rule wants them: each with what it was made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from regulars.customers.models import Customer

from .rule import Decision, Leaf, Row, decide

# Each profile whole, beside all that it was made of.
WHOLE = """
SELECT c.id, to_jsonb(c)::text, p.public_id::text, p.old_id, p.row::text,
  m.id, m.primary_id, m.before::text
FROM customers_customer c
LEFT JOIN customers_mergedprofile p ON p.customer_id = c.id AND p.undone_at IS NULL
LEFT JOIN customers_merge m ON m.id = p.merge_id
WHERE c.id = ANY(%s) ORDER BY p.id
"""


@dataclass(frozen=True)
class _MadeOf:
    """Somebody a profile was made of, and the merge that made it so."""

    of: str
    old_id: int
    row: Row
    merge: int
    primary_id: int
    before: Row


def leaves_of(customers: Sequence[Customer], primary: Customer) -> list[list[Leaf]]:
    """Each profile as it is now and, where it was merged before, all it was made of.

    One statement.
    """
    rows, parts = _read([c.pk for c in customers])
    first: dict[int, Row] = {}
    for part in sorted((p for each in parts.values() for p in each), key=lambda p: p.merge):
        first.setdefault(part.primary_id, {**part.before, "id": part.primary_id})
    found = []
    for customer in customers:
        row, is_primary = rows[customer.pk], customer.pk == primary.pk
        leaves = [Leaf(str(customer.public_id), row, is_primary)]
        if customer.pk in parts:
            own = first.get(customer.pk, row)
            leaves.append(Leaf(str(customer.public_id), own, is_primary))
            leaves += [Leaf(p.of, first.get(p.old_id, p.row)) for p in parts[customer.pk]]
        found.append(leaves)
    return found


def _read(ids: Sequence[int]) -> tuple[dict[int, Row], dict[int, list[_MadeOf]]]:
    rows: dict[int, Row] = {}
    parts: dict[int, list[_MadeOf]] = {}
    with connection.cursor() as cursor:
        cursor.execute(WHOLE, [list(ids)])
        for pk, whole, of, old_id, row, merge, primary_id, before in cursor.fetchall():
            rows[pk] = json.loads(whole)
            if of is not None:
                part = _MadeOf(of, old_id, json.loads(row), merge, primary_id, json.loads(before))
                parts.setdefault(pk, []).append(part)
    return rows, parts


def decisions(
    customers: Sequence[Customer], primary: Customer, picks: Mapping[str, str] | None = None
) -> list[Decision]:
    """What the one profile will say in every field."""
    order = sorted(customers, key=lambda c: (c.pk != primary.pk, c.pk))
    return decide(leaves_of(order, primary), picks)

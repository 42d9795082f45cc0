"""The profiles that are to become one, as the rule wants them: each with what it was made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from regulars.customers.models import Customer, MergedProfile

from .journal import raw
from .rule import Decision, Leaf, decide


def leaves_of(customers: Sequence[Customer], primary: Customer) -> list[list[Leaf]]:
    """Each profile as it is now and, where it was merged before, all it was made of."""
    rows = raw(Customer, [c.pk for c in customers])
    merged = MergedProfile.objects.filter(customer__in=customers, undone_at=None)
    parts: dict[int, list[MergedProfile]] = {}
    for one in merged.select_related("merge"):
        parts.setdefault(one.customer_id, []).append(one)
    merges = {one.merge_id: one.merge for each in parts.values() for one in each}
    first: dict[int, dict[str, Any]] = {}
    for merge in sorted(merges.values(), key=lambda m: m.pk):
        first.setdefault(merge.primary_id, {**merge.before, "id": merge.primary_id})
    found = []
    for customer in customers:
        row, is_primary = rows[customer.pk], customer.pk == primary.pk
        leaves = [Leaf(str(customer.public_id), row, is_primary)]
        if customer.pk in parts:
            own = first.get(customer.pk, row)
            leaves.append(Leaf(str(customer.public_id), own, is_primary))
            leaves += [
                Leaf(str(one.public_id), first.get(one.old_id, one.row))
                for one in parts[customer.pk]
            ]
        found.append(leaves)
    return found


def decisions(
    customers: Sequence[Customer], primary: Customer, picks: Mapping[str, str] | None = None
) -> list[Decision]:
    """What the one profile will say in every field."""
    order = sorted(customers, key=lambda c: (c.pk != primary.pk, c.pk))
    return decide(leaves_of(order, primary), picks)

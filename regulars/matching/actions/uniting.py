"""Making duplicates one, and looking again at whoever was made one or taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from regulars.customers import actions as customers
from regulars.customers.history.context import writing
from regulars.customers.merging.choosing import best_known
from regulars.customers.models import Customer, Merge
from regulars.lib import clock
from regulars.lib.errors import Invalid, Stale
from regulars.lib.retrying import retried
from regulars.matching import keeping
from regulars.matching.judging import judge
from regulars.matching.learned import current
from regulars.matching.models import Lesson, Pair

from .searching import around
from .storing import drop_old, put

if TYPE_CHECKING:
    from regulars.staff.models import User


@retried
def unite(
    primary: Customer,
    others: Sequence[Customer],
    *,
    by: User | None,
    picks: Mapping[str, str | UUID] | None = None,
) -> Merge:
    """Merge them, learn from it, and look who else may be the one who stays.

    `picks` as in `customers.merge`. Raises `Invalid`, `Stale`.
    """
    with writing(by):
        looked = _levels(primary, others)
        merge = customers.merge(primary, others, by=by, picks=picks)
        Lesson.objects.bulk_create(Lesson(merge=merge, levels=levels) for levels in looked)
        look_again([primary.pk], by=by)
    return merge


def accept(pairs: Sequence[Pair], *, by: User | None) -> tuple[int, int]:
    """Merge pairs beyond doubt, the surest first, each by itself; how many, and how many did not.

    Others are left alone. Who became one with somebody just now is asked about again rather than
    becoming one with a third unseen.
    """
    done, left, met = 0, 0, set[int]()
    for pair in sorted(pairs, key=lambda pair: -pair.score):
        ids = {pair.customer_id, pair.other_id}
        if not pair.certain or ids & met:
            left += 1
            continue
        met |= ids
        rows = Customer.objects.get_queryset().filter(pk__in=ids)
        two = list(rows)
        try:
            if len(two) == 2:
                primary = best_known(two)
                unite(primary, [one for one in two if one != primary], by=by)
        except (Invalid, Stale):
            two = []
        done, left = (done + 1, left) if len(two) == 2 else (done, left + 1)
    return done, left


def look_again(ids: Iterable[int], *, by: User | None) -> None:
    """Around these at once, as the night would: who they may be twice, and who no more."""
    wanted, began = sorted(set(ids)), clock.now()
    with transaction.atomic():
        put(around(wanted, current()), by=by)
        drop_old(began, wanted, by=by)


def _levels(primary: Customer, others: Sequence[Customer]) -> list[list[int]]:
    """What each looked like beside whoever stays."""
    found = keeping.read([primary.pk, *(one.pk for one in others)])
    weights, mine = current(), found.get(primary.pk)
    pairs = [
        (mine, found[one.pk]) if primary.pk < one.pk else (found[one.pk], mine)
        for one in others
        if mine is not None and one.pk in found
    ]
    return [list(judge(a, b, weights).levels) for a, b in pairs if a and b]

"""Making duplicates one, and looking again at whoever was made one or taken apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from regulars.customers import actions as customers
from regulars.customers.history.context import writing
from regulars.customers.merging.choosing import best_known
from regulars.customers.merging.queries import merges_seen
from regulars.customers.models import Customer, Merge
from regulars.lib import clock
from regulars.lib.errors import Invalid, Stale, in_words
from regulars.lib.retrying import retried
from regulars.matching import keeping
from regulars.matching.judging import judge
from regulars.matching.learned import current
from regulars.matching.models import Batch, Lesson, Pair, Verdict

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


@retried
def take_apart(
    merge: Merge,
    *,
    by: User | None,
    only: Collection[str] | None = None,
    gives: Mapping[str, str] | None = None,
) -> list[Customer]:
    """Undo a merge, and look who each of them may be; whoever came back.

    `only` and `gives` as in `customers.undo_merge`. Raises `Invalid`, `Stale`.
    """
    with writing(by):
        back = customers.undo_merge(merge, by=by, only=only, gives=gives)
        look_again([merge.customer_id, *(one.pk for one in back)], by=by)
    return back


@dataclass(frozen=True)
class Accepted:
    """How many pairs were merged, and how many left alone; the receipt, None without any."""

    done: int
    left: int
    batch: Batch | None


def accept(pairs: Sequence[Pair], *, by: User | None, left: int = 0) -> Accepted:
    """Merge pairs beyond doubt, the surest first, each by itself, under one receipt.

    Others are left alone, beside the `left` that were so before. Who became one with somebody just
    now is asked about again rather than becoming one with a third unseen.
    """
    met = set[int]()
    batch = Batch.objects.create(by=by)
    for pair in sorted(pairs, key=lambda pair: -pair.score):
        ids = {pair.customer_id, pair.other_id}
        merge = _accepted(ids, by=by) if pair.certain and not ids & met else None
        if merge is None:
            left += 1
        else:
            met |= ids
            batch.merges.add(merge)
    done = batch.merges.count()
    if not done:
        batch.delete()
        return Accepted(0, left, None)
    batch.left = left
    batch.save(update_fields=["left"])
    return Accepted(done, left, batch)


def _accepted(ids: Collection[int], *, by: User | None) -> Merge | None:
    """None where one went meanwhile, or somebody said meanwhile that they are two."""
    two = list(Customer.objects.get_queryset().filter(pk__in=ids))
    homes = [one.household_id for one in two]
    said = Verdict.objects.filter(customer__in=ids, other__in=ids)
    if len(two) < 2 or said.exists() or (homes[0] is not None and homes[0] == homes[1]):
        return None
    primary = best_known(two)
    try:
        return unite(primary, [one for one in two if one != primary], by=by)
    except (Invalid, Stale):
        return None


@dataclass(frozen=True)
class TakenApart:
    """Merges that are undone now, and those that stay as they are, each with the reason."""

    undone: list[Merge]
    stay: list[tuple[Merge, str]]


def undo_batch(batch: Batch, *, by: User | None) -> TakenApart:
    """Take apart what was merged together, the latest first; each by itself, so that what can be
    is. Whom `by` sees no more stays. Raises `Invalid` when that was done before, or all of it
    stays."""
    if batch.undone_at is not None:
        raise Invalid({"batch": "This was undone already"})
    every = list(batch.merges.select_related("customer").order_by("-pk"))
    seen = set(merges_seen(by).filter(batches=batch).values_list("pk", flat=True)) if by else None
    merges = [merge for merge in every if seen is None or merge.pk in seen]
    if every and not merges:
        raise Invalid({"batch": "You see none of these customers any more"})
    found = TakenApart([], [])
    for merge in merges:
        try:
            take_apart(merge, by=by)
        except (Invalid, Stale) as no:
            found.stay.append((merge, in_words(no)))
        else:
            found.undone.append(merge)
            merge.refresh_from_db()
    batch.undone_at, batch.undone_by = clock.now(), by
    batch.save(update_fields=["undone_at", "undone_by"])
    return found


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

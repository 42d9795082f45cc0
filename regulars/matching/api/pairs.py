"""Pairs that may be one, and merging all beyond doubt under one receipt."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.customers.api.gate import reader, writer
from regulars.lib.errors import Invalid
from regulars.matching import actions, queries
from regulars.matching.models import Batch, Pair
from regulars.matching.schemas import AcceptedRow, AcceptIn, PairPage, pair_row
from regulars.matching.together import looked_over
from regulars.staff.models import User
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

router = Router()

Least = Annotated[
    float | None,
    Query(ge=-100, le=200, alias="min", description="The least score, in bits; 0 is one in two"),
]


Kind = Annotated[
    Literal["duplicate", "review", "household", "households"] | None,
    Query(description="Only these; `households` are two who live in two that may be one"),
]


@router.get("/duplicates", response=PairPage, summary="Likely duplicates")
def duplicates(
    request: HttpRequest,
    least: Least = None,
    kind: Kind = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    """Pairs nobody has decided, the surest first: of customers that you see both."""
    page = queries.page(
        reader(request), least=least, relation=kind or "", cursor=cursor, limit=limit
    )
    return answer({"items": [pair_row(pair) for pair in page.items], "next": page.next})


@router.post("/duplicates/accept", response={200: AcceptedRow, 201: AcceptedRow},
    summary="Merge all pairs beyond doubt")  # fmt: skip
def accept(request: HttpRequest, body: AcceptIn) -> HttpResponse:
    """At most 25, the surest first, under one receipt. Of pairs that share a customer only the
    surest is merged: whoever was just made one is asked about again. With `dry_run` nothing is
    merged: the answer (200) says which pairs would be, and how many would be left alone."""
    user = writer(request)
    found, left = _chosen(user, body)
    if body.dry_run:
        pairs = [pair_row(pair) for pair in found]
        return answer({"id": None, "pairs": pairs, "merges": [], "left": left, "undone_at": None})
    told = actions.accept(found, left=left, by=user)
    if told.batch is None:
        raise Invalid({"dry_run": "There is no pair beyond doubt that could be merged"})
    return answer(_together(user, told.batch), status=201)


def _chosen(user: User, body: AcceptIn) -> tuple[list[Pair], int]:
    """The pairs to merge, and how many are left alone."""
    rows = queries.certain(user).select_related("customer", "other")
    if body.pairs is None:
        every = looked_over(rows[: queries.MERGED_AT_ONCE])
    else:
        named = {frozenset((two.a, two.b)) for two in body.pairs}
        ids = {one for two in named for one in two}
        among = rows.filter(customer__public_id__in=ids, other__public_id__in=ids)
        every = looked_over((one for one in among if _ids(one) in named), named=True)
    found = [sure.pair for sure in every if sure.is_proposed]
    return found, len(every) - len(found)


def _ids(pair: Pair) -> frozenset[UUID]:
    return frozenset((pair.customer.public_id, pair.other.public_id))


@router.get("/duplicates/together/{batch_id}", response=AcceptedRow, summary="Merged together")
def together(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The receipt."""
    user = reader(request)
    return answer(_together(user, _batch(user, batch_id)))


@router.delete(
    "/duplicates/together/{batch_id}", response=AcceptedRow, summary="Take all of them apart"
)
def undo_together(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """What cannot be taken apart any more stays, and is among `merges` without `undone`."""
    user = writer(request)
    found = _batch(user, batch_id)
    actions.undo_batch(found, by=user)
    return answer(_together(user, found))


def _batch(user: User, public_id: UUID) -> Batch:
    found = queries.batches_seen(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _together(user: User, batch: Batch) -> AcceptedRow:
    merges = [
        {
            "id": str(one.public_id),
            "customer": {"id": str(one.customer.public_id), "name": one.customer.name},
            "undone": all(p.undone_at is not None for p in one.profiles.all()),
        }
        for one in queries.merges_of(user, batch)
    ]
    return {
        "id": str(batch.public_id),
        "pairs": [],
        "merges": merges,  # type: ignore[typeddict-item]
        "left": batch.left,
        "undone_at": batch.undone_at,
    }

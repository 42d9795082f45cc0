"""Duplicates for programs: the pairs found, a check before adding, and verdicts."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.customers.api.gate import reader, seen, writer
from regulars.customers.models import Customer
from regulars.customers.schemas.records import CustomerIn
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

from . import actions, keeping, looking, queries
from .cluster_api import router as clusters
from .features import Written
from .merge_api import router as merges
from .models import Batch, Pair
from .schemas import (
    AcceptedRow,
    AcceptIn,
    CandidatePage,
    CandidateRow,
    PairPage,
    pair_row,
)
from .together import looked_over
from .verdict_api import router as verdicts

router = Router(tags=["Duplicates"])
router.add_router("", merges)
router.add_router("", clusters)
router.add_router("", verdicts)

Of = Annotated[UUID | None, Query(description="The customer about to be changed")]
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


@router.post("/duplicates/check", response=CandidatePage, summary="Is this customer here already?")
def check(request: HttpRequest, body: CustomerIn, of: Of = None) -> HttpResponse:
    """Nothing is added or changed: at most five customers that you see who may be this one.

    With `of` that customer is asked about as they would be with what is given. They are not
    among those found, nor is whoever something was said about in a verdict.
    """
    user = reader(request)
    if of is None:
        region = user.store.country if user.store else "US"
        return _found(user, looking.of_raw(body.given(), region))
    who = seen(user, of)
    known = keeping.written([who.pk])[who.pk]
    return _found(user, looking.changed(known, body.given()), of=who.pk)


@router.get(
    "/customers/{customer_id}/duplicates",
    response=CandidatePage,
    summary="Who may be this customer",
)
def of_one(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """As the record is now, just written or not: at most five customers that you see."""
    user = reader(request)
    who = seen(user, customer_id)
    return _found(user, keeping.written([who.pk])[who.pk], of=who.pk)


def _found(user: User, written: Written, *, of: int | None = None) -> HttpResponse:
    found = looking.known_to(user, written, of=of)
    names = {
        pk: (str(public_id), name)
        for pk, public_id, name in Customer.objects.visible_to(user)
        .filter(pk__in=[one.customer for one in found])
        .values_list("pk", "public_id", "name")
    }
    items = [_candidate(one, *names[one.customer]) for one in found if one.customer in names]
    return answer({"items": items, "next": None})


def _candidate(one: looking.Candidate, public_id: str, name: str) -> CandidateRow:
    return {
        "id": public_id,
        "name": name,
        "score": round(one.judged.weight, 3),
        "probability": round(one.judged.probability, 6),
        "relation": one.judged.relation.value,
        "reasons": [
            {"text": reason.text, "weight": round(reason.weight, 1)}
            for reason in one.judged.reasons
        ],
    }

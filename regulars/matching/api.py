"""Duplicates for programs: the pairs found, a check before adding, and verdicts."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.customers.api.gate import reader, seen, writer
from regulars.customers.models import Customer
from regulars.customers.schemas import CustomerIn
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

from . import actions, looking, queries
from .schemas import CandidatePage, CandidateRow, PairPage, VerdictIn, VerdictRow, pair_row

router = Router(tags=["Duplicates"])

Least = Annotated[
    float | None,
    Query(ge=-100, le=200, alias="min", description="The least score, in bits; 0 is one in two"),
]


@router.get("/duplicates", response=PairPage, summary="Likely duplicates")
def duplicates(
    request: HttpRequest, least: Least = None, cursor: Cursor = None, limit: Limit = PAGE
) -> HttpResponse:
    """Pairs nobody has decided, the surest first: of customers that you see both."""
    page = queries.page(reader(request), least=least, cursor=cursor, limit=limit)
    return answer({"items": [pair_row(pair) for pair in page.items], "next": page.next})


@router.post("/duplicates/check", response=CandidatePage, summary="Is this customer here already?")
def check(request: HttpRequest, body: CustomerIn) -> HttpResponse:
    """Nothing is added: at most five customers that you see who may be this one."""
    user = reader(request)
    region = user.store.country if user.store else "US"
    found = looking.known_to(user, looking.of_raw(body.given(), region))
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


@router.post(
    "/duplicates/verdicts",
    response={200: VerdictRow, 201: VerdictRow},
    summary="Say what two customers are to each other",
)
def verdicts(request: HttpRequest, body: VerdictIn) -> HttpResponse:
    """The pair is not asked again; 200 when the same had been said before."""
    user = writer(request)
    one, other = seen(user, body.a), seen(user, body.b)
    decided = actions.decide(one, other, verdict=body.verdict, by=user)
    row = {"a": str(body.a), "b": str(body.b), "verdict": decided.verdict.verdict}
    return answer(row, status=201 if decided.new else 200)

"""What people said about pairs, for programs: said, listed and taken back."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from regulars.customers.api.gate import reader, seen, writer
from regulars.matching import actions, queries
from regulars.matching.models import Verdict
from regulars.matching.schemas import SaidPage, SaidRow, VerdictIn, VerdictRow
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

router = Router()


@router.get("/duplicates/verdicts", response=SaidPage, summary="What was said about pairs")
def said(request: HttpRequest, cursor: Cursor = None, limit: Limit = PAGE) -> HttpResponse:
    """Of two customers that you see both, the newest first. Whoever was merged is one, and no
    pair: `GET /customers/{id}/history` tells of merges."""
    found = queries.verdicts(reader(request), cursor=cursor, limit=limit)
    return answer({"items": [_row(one) for one in found.items], "next": found.next})


@router.post(
    "/duplicates/verdicts",
    response={200: VerdictRow, 201: VerdictRow},
    summary="Say what two customers are to each other",
)
def say(request: HttpRequest, body: VerdictIn) -> HttpResponse:
    """The pair is not asked again; 200 when the same had been said before."""
    user = writer(request)
    one, other = seen(user, body.a), seen(user, body.b)
    decided = actions.decide(one, other, verdict=body.verdict, by=user)
    row = {"a": str(body.a), "b": str(body.b), "verdict": decided.verdict.verdict}
    return answer(row, status=201 if decided.new else 200)


@router.delete(
    "/duplicates/verdicts/{customer_id}/{other_id}",
    response={204: None},
    summary="Take back what was said about two customers",
)
def unsay(request: HttpRequest, customer_id: UUID, other_id: UUID) -> HttpResponse:
    """They are a pair again, and may be asked about; in either order. Of two who were put off with
    `later` that is taken back."""
    user = writer(request)
    one, other = seen(user, customer_id), seen(user, other_id)
    if one == other:
        raise Http404
    if not actions.reconsider(one, other, by=user) and not actions.ask_now([one, other], by=user):
        raise Http404
    return HttpResponse(status=204)


def _row(one: Verdict) -> SaidRow:
    return {
        "a": str(one.customer.public_id),
        "a_name": one.customer.name,
        "b": str(one.other.public_id),
        "b_name": one.other.name,
        "verdict": one.verdict,  # type: ignore[typeddict-item]
        "score": None if one.score is None else round(one.score, 3),
        "said_at": one.said_at,
        "said_by": one.said_by.name if one.said_by else None,
    }

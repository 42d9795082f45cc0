"""Clusters for programs: several customers who may be one, and what is said of them at once."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.customers.api.gate import reader, seen, writer
from regulars.customers.models import Customer
from regulars.lib.errors import Invalid
from regulars.matching import actions, queries
from regulars.matching.evidence import Edge, evidence
from regulars.matching.line import Item, line
from regulars.matching.models import Verdict
from regulars.matching.schemas import (
    ClusterPage,
    ClusterRow,
    ClusterVerdictIn,
    ClusterVerdictRow,
    LinkRow,
    VerdictRow,
)
from regulars.matching.webs import Web
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

router = Router()

Kind = Annotated[
    Literal["duplicate", "review"],
    Query(description="Of pairs that are likely the same, or of those somebody has to look at"),
]


@router.get("/duplicates/clusters", response=ClusterPage, summary="Three or more likely duplicates")
def clusters(
    request: HttpRequest, kind: Kind = "duplicate", cursor: Cursor = None, limit: Limit = PAGE
) -> HttpResponse:
    """Pairs nobody has decided, put together, the surest first: of customers that you see all.

    Nobody is in two of them, nor are two who were said not to be one, live together, or differ in
    first name or generation. A page may hold fewer than `limit` although there is a `next`.
    """
    user = reader(request)
    found = line(user, kind=kind, cursor=cursor, limit=limit, only_clusters=True)
    ids = {pk for one in found.items if one.cluster for pk in one.cluster.members}
    who = Customer.objects.visible_to(user).in_bulk(ids)
    rows = [_row(found.web, one, who) for one in found.items if found.web]
    return answer({"items": [row for row in rows if row], "next": found.next})


def _row(web: Web, item: Item, who: dict[int, Customer]) -> ClusterRow | None:
    cluster = item.cluster
    if cluster is None or not who.keys() >= set(cluster.members):
        return None
    them = [who[pk] for pk in cluster.members]
    told = evidence(web, cluster)
    return {
        "members": [
            {"id": str(one.public_id), "name": one.name, "household": one.household_id}
            for one in them
        ],
        "score": round(cluster.weakest.score, 3),
        "links": [
            *(_link(web, edge, them, joins=True) for edge in told.links),
            *(_link(web, edge, them, joins=False) for edge in told.more),
        ],
        "kept_out": [{"name": one.name, "because": one.words} for one in told.kept_out],
    }


def _link(web: Web, edge: Edge, them: list[Customer], *, joins: bool) -> LinkRow:
    one, other = them[edge.one - 1], them[edge.other - 1]
    pair = web.pair(one.pk, other.pk)
    return {
        "a": str(one.public_id),
        "b": str(other.public_id),
        "score": round(edge.score, 3),
        "relation": pair.relation if pair else "none",  # type: ignore[typeddict-item]
        "certain": bool(pair and pair.certain),
        "joins": joins,
        "reasons": [{"text": str(one["text"]), "weight": one["weight"]} for one in edge.reasons],
    }


@router.post(
    "/duplicates/clusters/verdicts",
    response={200: ClusterVerdictRow, 201: ClusterVerdictRow},
    summary="Say what several customers are to each other",
)
def cluster_verdicts(request: HttpRequest, body: ClusterVerdictIn) -> HttpResponse:
    """They are not asked about again; 200 where nothing new was said."""
    user = writer(request)
    members = list(dict.fromkeys(seen(user, one) for one in body.members))
    if len(members) < 2:
        raise Invalid({"members": "These are one customer"})
    out = seen(user, body.out) if body.out else None
    primary = seen(user, body.primary) if body.primary else None
    if out is not None and body.verdict in ("same", "later"):
        raise Invalid({"out": "Somebody is taken out as different, or as family"})
    if primary is not None and (body.verdict != "same" or primary not in members):
        raise Invalid({"primary": "This is one of the members, of which “same” is said"})
    told: ClusterVerdictRow = {
        "id": None, "verdict": body.verdict, "verdicts": [], "merge": None
    }  # fmt: skip
    if body.verdict == "same":
        merge = actions.unite_all(members, primary=primary, by=user)
        return answer({**told, "merge": str(merge.public_id)}, status=201)
    if body.verdict == "later":
        actions.postpone_all(members, by=user)
        return answer(told, status=200)
    said = actions.decide_all(members, verdict=body.verdict, out=out, by=user)
    rows = [_verdict(one) for one in said.verdicts]
    known = {"id": str(said.together), "verdicts": rows} if rows else {}
    return answer({**told, **known}, status=201 if rows else 200)


def _verdict(row: Verdict) -> VerdictRow:
    return {
        "a": str(row.customer.public_id),
        "b": str(row.other.public_id),
        "verdict": row.verdict,  # type: ignore[typeddict-item]
    }


@router.delete(
    "/duplicates/clusters/verdicts/{verdict_id}",
    response={204: None},
    summary="Take back what was said of several",
)
def undo_cluster_verdicts(request: HttpRequest, verdict_id: UUID) -> HttpResponse:
    """They may be asked about again; of customers that you see."""
    user = writer(request)
    found = list(queries.verdicts_seen(user).filter(together=verdict_id).order_by("pk"))
    if not found:
        raise Http404
    actions.reconsider_all(found, by=user)
    return HttpResponse(status=204)

"""Merging for programs: several customers become one, and come apart again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.customers.api.gate import reader, seen, writer
from regulars.customers.merging import choosing, doing
from regulars.customers.merging.queries import merges_seen
from regulars.customers.merging.rule import MOST
from regulars.customers.merging.schemas import (
    MergeIn,
    MergePage,
    MergePreview,
    MergeRow,
    listed,
    proposed,
    row,
)
from regulars.customers.models import Customer, Merge, MergedProfile
from regulars.lib import cursors
from regulars.lib.errors import Invalid
from regulars.matching import actions
from regulars.staff.models import User
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

router = Router()

Only = Annotated[
    list[UUID] | None,
    Query(max_length=MOST, description="Take out only these; without it all of them"),
]
Give = Annotated[
    list[str] | None,
    Query(
        max_length=200,
        description="`key=customer id`: an entry of `since` that goes with this customer",
    ),
]


@router.get("/merges", response=MergePage, summary="Merges, newest first")
def merges(
    request: HttpRequest,
    customer: Annotated[UUID | None, Query(description="Only into this customer")] = None,
    undone: Annotated[bool | None, Query(description="Only those undone, or not")] = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> HttpResponse:
    """Those of customers you see; `GET /merges/{id}` also says what came since."""
    user = reader(request)
    found = _merges(user)
    if customer is not None:
        theirs = Customer.objects.visible_to(user).known_as(customer)
        found = found.filter(customer__in=theirs.order_by().values("pk"))
    if undone is not None:
        stands = Exists(MergedProfile.objects.filter(merge=OuterRef("pk"), undone_at=None))
        found = found.filter(~stands if undone else stands)
    if cursor:
        found = found.filter(pk__lt=cursors.decode(cursor, int)[0])
    page = list(found.order_by("-pk")[: limit + 1])
    following = cursors.encode(page[limit - 1].pk) if len(page) > limit else None
    return answer({"items": listed(page[:limit], user), "next": following})


@router.post("/merges", response={200: MergePreview, 201: MergeRow}, summary="Merge customers")
def merge(request: HttpRequest, body: MergeIn) -> HttpResponse:
    """`primary` stays and holds everything of `others`, whose ids lead there from then on. With
    `dry_run` the answer (200) says on what they differ, what is taken and what moves."""
    user = writer(request)
    primary = seen(user, body.primary)
    others = [seen(user, public_id) for public_id in dict.fromkeys(body.others)]
    choosing.check_hand_over(user, primary, others, body.picks)
    if body.dry_run:
        return answer(_proposed(user, primary, others, body.picks))
    done = actions.unite(primary, others, by=user, picks=body.picks)
    made = answer(row(_seen(user, done.public_id), user), status=201)
    made["Location"] = f"/api/v1/merges/{done.public_id}"
    return made


def _proposed(
    user: User, primary: Customer, others: Sequence[Customer], picks: Mapping[str, UUID]
) -> dict[str, Any]:
    doing.check(primary, others, picks)
    everyone = choosing.chosen(user, [one.public_id for one in (primary, *others)])
    stays, *rest = everyone
    said = {key: str(pick) for key, pick in picks.items()}
    return proposed(stays, rest, choosing.preview(user, stays, rest, said))


def _merges(user: User) -> QuerySet[Merge]:
    return merges_seen(user).select_related("customer", "by").prefetch_related("profiles")


def _seen(user: User, public_id: UUID) -> Merge:
    found = _merges(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@router.get("/merges/{merge_id}", response=MergeRow, summary="One merge")
def merged(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """What was merged, and what has come to the customer since."""
    user = reader(request)
    return answer(row(_seen(user, merge_id), user))


@router.delete("/merges/{merge_id}", response=MergeRow, summary="Undo a merge")
def undo_merge(
    request: HttpRequest, merge_id: UUID, only: Only = None, give: Give = None
) -> HttpResponse:
    """The customers come back with everything that was theirs, under their own ids. Who they may be
    twice is looked up anew, as after merging."""
    user = writer(request)
    found = _seen(user, merge_id)
    wanted = {str(public_id) for public_id in only} if only else None
    actions.take_apart(found, by=user, only=wanted, gives=_gives(give or []))
    return answer(row(_seen(user, merge_id), user))


def _gives(said: list[str]) -> dict[str, str]:
    found = {}
    for one in said:
        key, is_one, public_id = one.partition("=")
        if not is_one:
            raise Invalid({"give": "Write key=customer id"})
        found[key] = public_id.lower()
    return found

"""Merging for programs: several customers become one, and come apart again."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.customers import actions
from regulars.customers.merging import choosing
from regulars.customers.merging.queries import merges_seen
from regulars.customers.merging.schemas import MergeIn, MergeRow, row
from regulars.customers.models import Merge
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.wire.answers import answer

from .gate import reader, seen, writer

router = Router()

Only = Annotated[
    list[UUID] | None,
    Query(max_length=20, description="Take out only these; without it all of them"),
]
Give = Annotated[
    list[str] | None,
    Query(
        max_length=200,
        description="`key=customer id`: an entry of `since` that goes with this customer",
    ),
]


@router.post("/merges", response={201: MergeRow}, summary="Merge customers")
def merge(request: HttpRequest, body: MergeIn) -> HttpResponse:
    """`primary` stays and holds everything of `others`, whose ids lead there from then on."""
    user = writer(request)
    primary = seen(user, body.primary)
    others = [seen(user, public_id) for public_id in dict.fromkeys(body.others)]
    choosing.check(user, primary, others, body.picks)
    done = actions.merge(primary, others, by=user, picks=body.picks)
    made = answer(row(_seen(user, done.public_id)), status=201)
    made["Location"] = f"/api/v1/merges/{done.public_id}"
    return made


def _seen(user: User, public_id: UUID) -> Merge:
    rows = merges_seen(user).select_related("customer", "by").prefetch_related("profiles")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@router.get("/merges/{merge_id}", response=MergeRow, summary="One merge")
def merged(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """What was merged, and what has come to the customer since."""
    return answer(row(_seen(reader(request), merge_id)))


@router.delete("/merges/{merge_id}", response=MergeRow, summary="Undo a merge")
def undo_merge(
    request: HttpRequest, merge_id: UUID, only: Only = None, give: Give = None
) -> HttpResponse:
    """The customers come back with everything that was theirs, under their own ids."""
    user = writer(request)
    found = _seen(user, merge_id)
    wanted = {str(public_id) for public_id in only} if only else None
    actions.undo_merge(found, by=user, only=wanted, gives=_gives(give or []))
    return answer(row(_seen(user, merge_id)))


def _gives(said: list[str]) -> dict[str, str]:
    found = {}
    for one in said:
        key, is_one, public_id = one.partition("=")
        if not is_one:
            raise Invalid({"give": "Write key=customer id"})
        found[key] = public_id.lower()
    return found

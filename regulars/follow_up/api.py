"""Tasks for programs: read, add, change."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query, Router

from regulars.customers import references
from regulars.customers.api.gate import reader, seen, writer
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.staff.time_zones import zone_of
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Limit

from . import actions, queries
from .actions.one import OWNER
from .due import When
from .facts import TaskFacts, clean
from .models import State, Task
from .queries import Asked
from .schemas import StateName, TaskIn, TaskPage, TaskPatch, TaskRow, WhenName, row

router = Router(tags=["Tasks"])

TaskId = Annotated[int, Path(ge=1, le=2**63 - 1)]
OfCustomer = Annotated[UUID | None, Query(description="Of this customer only")]
Assignee = Annotated[
    str, Query(max_length=200, description="`me`, `none`, or a colleague's id, email or name")
]
DueIs = Annotated[WhenName | None, Query(description="Of those to do: how they stand to now")]
DEEDS = {
    State.TODO.value: actions.reopen,
    State.DONE.value: actions.finish,
    State.ARCHIVED.value: actions.archive,
}


@router.get("/tasks", response=TaskPage, summary="Tasks of the customers you see")
def tasks(
    request: HttpRequest,
    customer: OfCustomer = None,
    state: StateName = "todo",
    assignee: Assignee = "",
    due: DueIs = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    """To do: what is due first comes first, what has no date last. Done: the latest first. Those of
    archived customers are left out, unless it is theirs that are asked for."""
    user = reader(request)
    asked = Asked(
        state=state,
        customer=_customer(user, customer) if customer else None,
        when=When(due) if due else None,
        cursor=cursor or "",
        more=_of(user, assignee),
    )
    found, after = queries.one_list(user, asked, clock.now(), zone_of(user), limit)
    return answer({"items": [row(task) for task in found], "next": after or None})


def _of(user: User, assignee: str) -> dict[str, Any]:
    if not assignee:
        return {}
    if assignee in ("me", "none"):
        return {"assignee": user.pk if assignee == "me" else None}
    said = int(assignee) if assignee.isascii() and assignee.isdigit() else assignee
    if isinstance(said, int) and said >= 2**63:
        raise Invalid({"assignee": "There is no such colleague here"})
    return {"assignee": references.colleague(user, said, field="assignee")}


@router.post("/tasks", response={201: TaskRow}, summary="Add a task")
def add(request: HttpRequest, body: TaskIn) -> HttpResponse:
    user = writer(request)
    customer = _customer(user, body.customer)
    facts = clean(body.model_dump(), zone_of(user))
    to = OWNER if "assignee" not in body.model_fields_set else _colleague(user, body.assignee)
    return _shown(user, actions.add(customer, facts, assignee=to, by=user).pk, status=201)


@router.get("/tasks/{task_id}", response=TaskRow, summary="One task")
def task(request: HttpRequest, task_id: TaskId) -> HttpResponse:
    return _shown(reader(request), task_id)


@router.patch("/tasks/{task_id}", response=TaskRow, summary="Change a task")
def change(request: HttpRequest, task_id: TaskId, body: TaskPatch) -> HttpResponse:
    """What it says, for whom it is, and whether it is done or put away."""
    user = writer(request)
    found = _found(user, task_id)
    said = body.says()
    with transaction.atomic():
        if said:
            found = actions.change(found, clean(said, zone_of(user), TaskFacts.of(found)), by=user)
        if "assignee" in body.model_fields_set:
            found = actions.reassign(found, to=_colleague(user, body.assignee), by=user)
        if body.state is not None:
            DEEDS[body.state](found, by=user)
    return _shown(user, task_id)


def _customer(user: User, said: UUID | str) -> Customer:
    """The one that is named beside the task, not by the address: refused as a wrong name is."""
    try:
        return seen(user, said if isinstance(said, UUID) else UUID(said))
    except (ValueError, Http404):
        raise Invalid({"customer": "There is no such customer here"}) from None


def _colleague(user: User, said: references.Reference) -> User | None:
    return references.colleague(user, said, field="assignee")


def _found(user: User, pk: int) -> Task:
    rows = Task.objects.visible_to(user).select_related(*queries.RELATED)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _shown(user: User, pk: int, *, status: int = 200) -> HttpResponse:
    return answer(row(_found(user, pk)), status=status)

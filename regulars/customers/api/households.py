"""Households for programs: read, joined, split, and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from regulars.customers import actions, homes
from regulars.customers.family import perhaps_the_same
from regulars.customers.households import called
from regulars.customers.models import Customer, Household, HouseholdChange
from regulars.customers.schemas.refs import CustomerRef, NamedRow
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.wire.answers import answer
from regulars.wire.lists import PAGE, Cursor, Id, Limit

from .gate import reader, writer

router = Router()

HomeId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Of = Annotated[UUID | None, Query(description="Only what was about this customer")]


class OtherIn(BaseModel):
    """`household` is the other one."""

    model_config = ConfigDict(extra="forbid")

    household: Id


class SplitIn(BaseModel):
    """`members` leave into a household of their own; one alone into none."""

    model_config = ConfigDict(extra="forbid")

    members: list[UUID] = Field(min_length=1, max_length=20)


class LivingRow(TypedDict):
    id: str
    name: str
    relation: str


class PerhapsRow(TypedDict):
    """Another household that may be this one: `people` of it share what `reasons` say."""

    id: int
    name: str
    people: list[CustomerRef]
    reasons: list[str]


class WholeHouseholdRow(TypedDict):
    """`members` are those you see."""

    id: int
    name: str
    members: list[LivingRow]
    perhaps: list[PerhapsRow]


class MoveRow(TypedDict):
    """Where somebody lived before and after, by the number of the household."""

    customer: CustomerRef
    before: int | None
    after: int | None


class ChangeRow(TypedDict):
    """The receipt of an act; `moves` are of those you see. After an undo `stayed` are those who
    had moved on since."""

    id: str
    deed: str
    household: int | None
    other: int | None
    moves: list[MoveRow]
    at: datetime
    by: NamedRow | None
    undone_at: datetime | None
    undone_by: NamedRow | None
    stayed: list[CustomerRef]


class ChangePage(TypedDict):
    items: list[ChangeRow]
    next: str | None


def _home(user: User, pk: int) -> Household:
    found = homes.homes_seen(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _other(user: User, pk: int) -> Household:
    found = homes.homes_seen(user).filter(pk=pk).first()
    if found is None:
        raise Invalid({"household": "There is no such household here"})
    return found


@router.get("/households/{household_id}", response=WholeHouseholdRow, summary="One household")
def household(request: HttpRequest, household_id: HomeId) -> HttpResponse:
    """Who lives there, and which other households may be the same one."""
    user = reader(request)
    home = _home(user, household_id)
    members = homes.living_in(user, [home.pk])[home.pk]
    return answer(
        {
            "id": home.pk,
            "name": called(home.name, sorted(one.last_name for one in members)),
            "members": [{**_ref(one), "relation": one.relation} for one in members],
            "perhaps": [
                {
                    "id": one.id,
                    "name": one.name,
                    "people": [_ref(other) for other in one.people],
                    "reasons": list(one.reasons),
                }
                for one in perhaps_the_same(user, members)
            ],
        }
    )


@router.post("/households/{household_id}/combine", response=ChangeRow, summary="Join households")
def combine(request: HttpRequest, household_id: HomeId, body: OtherIn) -> HttpResponse:
    """Everybody of the other household lives in this one, which stays."""
    user = writer(request)
    stays = _home(user, household_id)
    return _made(user, actions.combine(stays, _other(user, body.household), by=user))


@router.post("/households/{household_id}/split", response=ChangeRow, summary="Split a household")
def split(request: HttpRequest, household_id: HomeId, body: SplitIn) -> HttpResponse:
    """They are not proposed to each other again. Left alone, nobody has a household."""
    user = writer(request)
    home = _home(user, household_id)
    rows = Customer.objects.visible_to(user).filter(public_id__in=body.members)
    leaving = list(rows.filter(household=home))
    if len(leaving) < len(set(body.members)):
        raise Invalid({"members": "They do not all live in this household"})
    return _made(user, actions.split(home, leaving, by=user))


@router.post(
    "/households/{household_id}/refuse", response=ChangeRow, summary="Two households are not one"
)
def refuse(request: HttpRequest, household_id: HomeId, body: OtherIn) -> HttpResponse:
    """They are not proposed to each other again; nobody of the one is family of the other one's."""
    user = writer(request)
    one, other = _home(user, household_id), _other(user, body.household)
    found = homes.living_in(user, [one.pk, other.pk])
    if one == other:
        raise Invalid({"household": "This is the same household"})
    change = actions.refuse(found[one.pk][0], found[other.pk][0], by=user)
    if change is None:
        raise Invalid({"household": "That was said before"})
    return _made(user, change)


def _made(user: User, change: HouseholdChange) -> HttpResponse:
    return answer(_row(_seen(user, change.public_id)))


def _seen(user: User, public_id: UUID) -> HouseholdChange:
    found = homes.changes_seen(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@router.get("/household-changes", response=ChangePage, summary="What was done about households")
def receipts(
    request: HttpRequest, customer: Of = None, cursor: Cursor = None, limit: Limit = PAGE
) -> HttpResponse:
    """The newest first: of customers you see."""
    user = reader(request)
    page = homes.page(user, customer=customer, cursor=cursor, limit=limit)
    return answer({"items": [_row(one) for one in page.items], "next": page.next})


@router.get("/household-changes/{change_id}", response=ChangeRow, summary="One of them")
def receipt(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """The receipt: who lived where before and after."""
    return _made(reader(request), _seen(reader(request), change_id))


@router.delete("/household-changes/{change_id}", response=ChangeRow, summary="Take it back")
def take_back(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Everybody lives where they did; who moved on since stays, and is among `stayed`."""
    user = writer(request)
    stay = {one.pk for one in actions.undo_household(_seen(user, change_id), by=user)}
    found = _seen(user, change_id)
    stayed = {one.customer_id: _ref(one.customer) for one in found.seen if one.customer_id in stay}
    return answer(_row(found, list(stayed.values())))


def _row(found: HouseholdChange, stayed: list[CustomerRef] | None = None) -> ChangeRow:
    return {
        "id": str(found.public_id),
        "deed": found.deed,
        "household": found.household,
        "other": found.other,
        "moves": [
            {"customer": _ref(one.customer), "before": one.before, "after": one.after}
            for one in found.seen
        ],
        "at": found.at,
        "by": _named(found.by),
        "undone_at": found.undone_at,
        "undone_by": _named(found.undone_by),
        "stayed": stayed or [],
    }


def _named(user: User | None) -> NamedRow | None:
    return {"id": user.pk, "name": user.name} if user else None


def _ref(customer: Customer) -> CustomerRef:
    return {"id": str(customer.public_id), "name": customer.name}

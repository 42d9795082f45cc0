"""The record: list, add, read, change, hand over, put away, erase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from regulars.criteria import sql, url
from regulars.criteria.fields import Asking
from regulars.criteria.language import CriteriaError
from regulars.customers import actions, facts, queries, references, rows
from regulars.customers.actions.contact_rows import contacts_of
from regulars.customers.amending import amended
from regulars.customers.history.answers import CustomerThen
from regulars.customers.models import Customer
from regulars.customers.schemas.records import (
    CustomerIn,
    CustomerPage,
    CustomerPatch,
    CustomerRow,
    OwnerIn,
    ResolveIn,
    SortName,
)
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.staff.permission import check
from regulars.staff.time_zones import zone_of
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event
from regulars.wire.answers import IF_MATCH, IF_NONE_MATCH, answer
from regulars.wire.lists import PAGE, Cursor, Limit

from .changes import past
from .fields import custom
from .gate import AsOf, held, reader, seen, shown, writer
from .related import related

router = Router()

Words = Annotated[
    str, Query(max_length=200, description="The search box: name, email or phone, any beginning")
]
Filter = Annotated[str, Query(max_length=16_000, description="Criteria, as text or as a JSON tree")]
Archived = Annotated[bool, Query(description="Those put away, instead of those in use")]
Confirm = Annotated[str, Query(max_length=1_000, description="The customer's name, as shown")]


@router.get("/customers", response=CustomerPage, summary="A list of customers")
def customers(
    request: HttpRequest,
    q: Words = "",
    filter: Filter = "",
    sort: SortName = "recent",
    archived: Archived = False,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    user = reader(request)
    where, q = criteria(user, filter, q)
    here = queries.find(
        user,
        where=where,
        sort=sort,
        cursor=cursor,
        limit=limit,
        q=q,
        archived=archived,
    )
    items = [loaded.row for loaded in rows.load(user, here.ids, now=clock.now())]
    return answer({"items": items, "next": here.next})


def criteria(user: User, said: str, q: str = "") -> tuple[sql.Parts, str]:
    """What a filter asks for, and the words that are left of `q`: it may say a filter too."""
    asking = Asking(user=user, now=clock.now(), zone=zone_of(user))
    try:
        read, q = url.read_both(said, q, asking)
        return sql.parted(read, asking), q
    except CriteriaError as error:
        raise Invalid({error.parameter or "filter": str(error.placed(error.at))}) from None


@router.post("/customers", response={201: CustomerRow}, summary="Add a customer")
def add(request: HttpRequest, body: CustomerIn) -> HttpResponse:
    """Only a name is required. Without `owner` nobody owns the customer yet."""
    user = writer(request)
    given, errors = body.given(), dict[str, str]()
    rows_named = _named(user, given, errors)
    said, near = custom(given, errors), related(user, given, errors)
    read = _cleaned(given, errors, region=_region(user))
    if errors or read is None:
        raise Invalid(errors)
    if rows_named.get("owner") not in (None, user):
        check(user, "ownership")
    with transaction.atomic():
        customer = actions.add(read, by=user, custom=said, **rows_named)
        near.put(customer, by=user)
    answered = shown(request, customer.pk, status=201)
    answered["Location"] = f"/api/v1/customers/{customer.public_id}"
    return answered


def _region(user: User) -> str:
    return (user.store.country if user.store else "") or "US"


def _named(user: User, given: Mapping[str, Any], errors: dict[str, str]) -> dict[str, Any]:
    """The rows that owner, store, group and category name, of those that were given."""
    found: dict[str, Any] = {}
    try_all: dict[str, Callable[[], Any]] = {
        "owner": lambda: references.colleague(user, given["owner"]),
        "store": lambda: references.store(user, given["store"]),
        "group": lambda: references.group(given["group"]),
        "category": lambda: references.category(given["category"]),
    }
    for key, find in try_all.items():
        if key in given:
            try:
                found[key] = find()
            except Invalid as wrong:
                errors.update(wrong.errors)
    return found


def _cleaned(
    given: Mapping[str, Any], errors: dict[str, str], *, region: str
) -> facts.CustomerFacts | None:
    try:
        return facts.clean(given, region=region)
    except Invalid as wrong:
        errors.update(wrong.errors)
        return None


@router.get(
    "/customers/{customer_id}",
    response=CustomerRow | CustomerThen,
    summary="One customer",
    openapi_extra=IF_NONE_MATCH,
)
def one(request: HttpRequest, customer_id: UUID, as_of: AsOf = "") -> HttpResponse:
    """As they are, or with `as_of` as the record was then, as far as history knows.

    Whoever was merged answers as the customer they live on in, with `merged_into`; as of a moment
    before, as they were.
    """
    user = reader(request)
    found = seen(user, customer_id)
    if as_of:
        return past(user, found, as_of, asked=customer_id)
    return shown(request, found.pk, asked=customer_id)


@router.patch(
    "/customers/{customer_id}",
    response=CustomerRow,
    summary="Change a customer",
    openapi_extra=IF_MATCH,
)
def change(request: HttpRequest, customer_id: UUID, body: CustomerPatch) -> HttpResponse:
    """Only what is given changes; a given list takes the place of the old one.

    A given `owner` hands the customer over, as PUT …/owner does.
    """
    user = writer(request)
    given, errors = body.given(), dict[str, str]()
    with transaction.atomic():
        found = held(request, user, customer_id)
        rows_named = _named(user, given, errors)
        said, near = custom(given, errors), related(user, given, errors)
        if errors:
            raise Invalid(errors)
        read, fields = amended(found, given, contacts=contacts_of(found), region=_region(user))
        fields |= rows_named.keys() - {"owner"}
        changing = {key: row for key, row in rows_named.items() if key != "owner"}
        actions.change(found, read, by=user, fields=fields, **changing)
        actions.put_custom(found, said, by=user)
        near.put(found, by=user)
        if "owner" in rows_named:
            check(user, "ownership")
            actions.reassign(found, to=rows_named["owner"], by=user)
    return shown(request, found.pk)


@router.delete(
    "/customers/{customer_id}",
    response={204: None},
    summary="Erase a customer for good",
    openapi_extra=IF_MATCH,
)
def erase(
    request: HttpRequest,
    customer_id: UUID,
    confirm: Confirm,
) -> HttpResponse:
    """Everything about them is deleted and cannot be brought back; to put away, use archive."""
    user = writer(request, "erase")
    with transaction.atomic():
        actions.erase(held(request, user, customer_id), confirm=confirm, by=user)
    return HttpResponse(status=204)


@router.post(
    "/customers/{customer_id}/archive",
    response=CustomerRow,
    summary="Put a customer away",
    openapi_extra=IF_MATCH,
)
def archive(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Off the lists, with everything kept; nothing happens when they already are."""
    user = writer(request)
    with transaction.atomic():
        found = actions.archive(held(request, user, customer_id), by=user)
    return shown(request, found.pk)


@router.post(
    "/customers/{customer_id}/restore",
    response=CustomerRow,
    summary="Bring a customer back",
    openapi_extra=IF_MATCH,
)
def restore(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    user = writer(request)
    with transaction.atomic():
        found = actions.restore(held(request, user, customer_id), by=user)
    return shown(request, found.pk)


@router.put(
    "/customers/{customer_id}/owner",
    response=CustomerRow,
    summary="Hand a customer over",
    openapi_extra=IF_MATCH,
)
def owner(request: HttpRequest, customer_id: UUID, body: OwnerIn) -> HttpResponse:
    """To a colleague, or with null to nobody. The answer is the customer as just handed over."""
    user = writer(request, "ownership")
    with transaction.atomic():
        found = held(request, user, customer_id)
        to = references.colleague(user, body.owner)
        actions.reassign(found, to=to, by=user, reason=body.reason or "")
    return shown(request, found.pk)


@router.post(
    "/customers/{customer_id}/resolve",
    response=CustomerRow,
    summary="Count what waits as addressed",
)
def resolve(request: HttpRequest, customer_id: UUID, body: ResolveIn | None = None) -> HttpResponse:
    """Everything that waits, or one `event`; without a body everything."""
    user = writer(request)
    with transaction.atomic():
        found = held(request, user, customer_id)
        event = _event(found, body.event) if body and body.event else None
        reason = (body.reason if body else None) or ""
        timeline.resolve(found, by=user, reason=reason, event=event)
    return shown(request, found.pk)


def _event(customer: Customer, pk: int) -> Event:
    event = Event.objects.filter(customer=customer, pk=pk).first()
    if event is None:
        raise Invalid({"event": "This customer has no such event"})
    return event

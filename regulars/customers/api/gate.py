"""Finding the customer a request is about: foreign and missing are the same 404."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query

from regulars.customers import rows
from regulars.customers.models import Customer
from regulars.lib import clock, moments
from regulars.lib.errors import Invalid
from regulars.lib.retrying import TIMES
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import check, signed_in
from regulars.staff.time_zones import zone_of
from regulars.wire.answers import check_version, versioned

AsOf = Annotated[
    str,
    Query(max_length=40, description="A time, or a day: its end. Without a zone in your own"),
]


def moment(user: User, said: str) -> datetime:
    """When `as_of` means. Raises `Invalid` for what is no moment, or lies in the future."""
    try:
        return moments.read(said, zone=zone_of(user), now=clock.now())
    except ValueError as no:
        raise Invalid({"as_of": str(no)}) from None


def reader(request: HttpRequest) -> User:
    user = signed_in(request)
    check(user, "customers", Level.VIEW)
    return user


def writer(request: HttpRequest, function: str = "customers") -> User:
    """Who may also change; whoever may not even see is told nothing more."""
    user = reader(request)
    check(user, function, Level.EDIT)
    return user


def seen(user: User, public_id: UUID) -> Customer:
    found = Customer.objects.visible_to(user).known_as(public_id).first()
    if found is None:
        raise Http404
    return found


def held(request: HttpRequest, user: User, public_id: UUID) -> Customer:
    """The same, locked until the transaction ends and still at the caller's `If-Match` version."""
    rows = Customer.objects.visible_to(user).known_as(public_id)
    found = rows.select_for_update(no_key=True).first()
    for _ in range(TIMES):  # whoever was merged while we waited for the lock is another row now
        if found is None and rows.exists():
            found = rows.select_for_update(no_key=True).first()
    if found is None:
        raise Http404
    check_version(request, found.version)
    return found


def shown(
    request: HttpRequest, pk: int, *, status: int = 200, asked: UUID | None = None
) -> HttpResponse:
    """The whole customer as an answer with its ETag; the caller has passed the gate.

    `asked` is the id they were asked for by: an old one is told that it lives on in another.
    """
    loaded = _loaded(signed_in(request), pk, asked)
    merged = {"merged_into": loaded.row["id"]} if asked and str(asked) != loaded.row["id"] else {}
    return versioned(request, {**loaded.row, **merged}, version=loaded.version, status=status)


def _loaded(user: User, pk: int, asked: UUID | None) -> rows.Loaded:
    """Whoever was merged since the gate is looked for anew; whoever was erased is missing."""
    for _ in range(TIMES):
        found = rows.load(user, [pk], now=clock.now())
        if found:
            return found[0]
        if asked is None:
            break
        pk = seen(user, asked).pk
    raise Http404

"""What is to be done, on the customer's page: read in the page's own statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef
from django.db.models.functions import Cast, JSONObject
from django.http import HttpRequest
from django.utils import timezone

from regulars.lib import clock
from regulars.staff.functions import Level
from regulars.staff.permission import signed_in

from .due import Due
from .models import Task
from .shown import Mark, icon_of, mark

if TYPE_CHECKING:
    from regulars.customers.models import Customer

SHOWN = 8


@dataclass(frozen=True)
class Step:
    """One open task as the panel shows it; `whose` is "" for the reader's own."""

    pk: int
    title: str
    description: str
    icon: str
    mark: Mark
    whose: str


def rows() -> ArraySubquery:
    """The open tasks that are due first, one more than are shown."""
    found = Task.objects.open().filter(customer=OuterRef("pk")).order_by("due_by", "pk")
    return ArraySubquery(
        found.values(
            json=JSONObject(
                id="id",
                title="title",
                description="description",
                kind="kind",
                due_on=Cast("due_on", CharField()),
                due_at=Cast("due_at", CharField()),
                assignee="assignee",
                whose="assignee__name",
            )
        )[: SHOWN + 1]
    )


def context(
    request: HttpRequest, customer: Customer, found: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    user, now, zone = signed_in(request), clock.now(), timezone.get_current_timezone()
    return {
        "customer": customer,
        "steps": [_step(row, user.pk, now, zone) for row in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "may_edit": user.may("customers", Level.EDIT),
    }


def _step(row: Mapping[str, Any], reader: int, now: datetime, zone: tzinfo) -> Step:
    on = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    at = datetime.fromisoformat(row["due_at"]) if row["due_at"] else None
    whose = "" if row["assignee"] == reader else row["whose"] or "Anybody"
    return Step(
        row["id"],
        row["title"],
        row["description"],
        icon_of(row["kind"]),
        mark(Due(on, at), now, zone),
        whose,
    )

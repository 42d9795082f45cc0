"""Custom fields on the customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast, JSONObject
from django.http import HttpRequest

from regulars.customers.models import CustomField, CustomValue
from regulars.staff.functions import Level
from regulars.staff.permission import signed_in

from . import values
from .queries import MOST_FIELDS
from .values import Definition

if TYPE_CHECKING:
    from regulars.customers.models import Customer


def rows() -> ArraySubquery:
    """Every field in use with what the customer says in it."""
    said = CustomValue.objects.filter(field=OuterRef("pk"), customer=OuterRef(OuterRef("pk")))
    value = said.values(json=JSONObject(text="text", number=Cast("number", CharField()), day="day"))
    fields = CustomField.objects.filter(archived_at=None)
    return ArraySubquery(
        fields.values(
            json=JSONObject(
                id="id", key="key", label="label", kind="kind", help="help", said=Subquery(value)
            )
        )[:MOST_FIELDS]
    )


def context(
    request: HttpRequest, customer: Customer, found: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    user = signed_in(request)
    read = [(Definition(**{k: v for k, v in row.items() if k != "said"}), row["said"])
            for row in found]  # fmt: skip
    kept = [(field, values.kept(field, said) if said else None) for field, said in read]
    return {
        "customer": customer,
        "rows": [(field, value, values.shown(value)) for field, value in kept],
        "may_edit": user.may("customers", Level.EDIT),
        "may_define": user.may("settings", Level.EDIT),
    }

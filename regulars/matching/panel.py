"""The box on a customer's page: who they may be twice, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from .queries import visible
from .relations import Relation

if TYPE_CHECKING:
    from django.http import HttpRequest

    from regulars.customers.models import Customer
    from regulars.staff.models import User

MOST = 5
SAID = (Relation.DUPLICATE, Relation.REVIEW)


@dataclass(frozen=True)
class Twin:
    """Somebody who may be this customer, and the two strongest reasons."""

    pair: int
    name: str
    is_likely: bool
    reasons: Sequence[str]


def rows_for(user: User) -> ArraySubquery:
    """The surest pairs of a customer, and one more than are shown."""
    theirs = Q(customer=OuterRef("pk")) | Q(other=OuterRef("pk"))
    found = visible(user).filter(theirs, relation__in=SAID)
    return ArraySubquery(
        found.values(
            json=JSONObject(
                pk="pk", relation="relation", reasons="reasons", one="customer",
                one_name="customer__name", other_name="other__name",
            )
        )[: MOST + 1]
    )  # fmt: skip


def context(
    request: HttpRequest, customer: Customer, found: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """What the box shows, of rows as `rows_for` asks for them."""
    twins = [_twin(row, customer) for row in found]
    return {"twins": twins[:MOST], "more": len(twins) > MOST}


def _twin(row: dict[str, Any], customer: Customer) -> Twin:
    name = row["other_name"] if row["one"] == customer.pk else row["one_name"]
    reasons = sorted(row["reasons"], key=lambda reason: -float(reason["weight"]))
    said = [str(reason["text"]) for reason in reasons if reason["weight"] > 0]
    return Twin(row["pk"], name, row["relation"] == Relation.DUPLICATE, said[:2])

"""The orders a list may have, and the cursor with which its next page begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from regulars.lib.cursors import BadCursor, decode, encode
from regulars.lib.errors import Invalid


@dataclass(frozen=True)
class Order:
    """A way to sort; `by_scope` when each scope of a user has an index in this order."""

    key: str
    label: str
    column: str
    descending: bool
    needs: Q = field(default_factory=Q)
    by_scope: bool = False


ORDERS = {
    o.key: o
    for o in (
        Order("recent", "Latest activity", "last_activity_at", descending=True, by_scope=True),
        Order(
            "waiting",
            "Longest waiting",
            "waiting_since",
            descending=False,
            needs=Q(waiting_since__isnull=False),
            by_scope=True,
        ),
        Order("created", "Newest", "created_at", descending=True),
        Order("name", "Name", "sort_name", descending=False),
    )
}


def order_named(key: str) -> Order:
    if key not in ORDERS:
        raise Invalid({"sort": "Sort by " + ", ".join(ORDERS)})
    return ORDERS[key]


def cursor_after(order: Order, pk: int, value: Any) -> str:
    """The opaque place behind the row `pk` whose sort column is `value`."""
    return encode(order.key, value, pk)


def after(order: Order, cursor: str, ident: str = "id") -> Q:
    """Everything behind the cursor, written so that the index is entered where the page ended.

    `ident` is the column of the customer's id.
    """
    kind: type[str] | type[datetime] = str if order.column == "sort_name" else datetime
    key, value, pk = decode(cursor, str, kind, int)
    if key != order.key:
        raise BadCursor
    near, far, past = (
        ("lte", "lt", f"{ident}__lt") if order.descending else ("gte", "gt", f"{ident}__gt")
    )
    return Q((f"{order.column}__{near}", value)) & (
        Q((f"{order.column}__{far}", value)) | Q((past, pk))
    )

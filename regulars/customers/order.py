"""The orders a list may have, and the cursor with which its next page begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Func, Q, Value

from regulars.lib.cursors import BadCursor, decode, encode
from regulars.lib.errors import Invalid

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


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


def place(order: Order, cursor: str) -> tuple[Any, int]:
    """Sort column and id of where the page begins. Raises `BadCursor` for another order's."""
    kind: type[str] | type[datetime] = str if order.column == "sort_name" else datetime
    key, value, pk = decode(cursor, str, kind, int)
    if key != order.key:
        raise BadCursor
    return value, pk


def after(order: Order, cursor: str, ident: str = "id") -> Q:
    """Everything behind the cursor; `ident` is the column of the customer's id."""
    return Q(Behind(order, ident, *place(order, cursor)))


class Behind(Func):
    """`(column, id) < (value, pk)`: one range of the order's index, entered where the page ended.

    Said as `column <= value AND (column < value OR id < pk)`, the planner may read what either
    side of the OR finds in the whole index and sort it.
    """

    output_field = BooleanField()

    def __init__(self, order: Order, ident: str, value: str | datetime, pk: int) -> None:
        super().__init__(order.column, ident, Value(value), Value(pk))
        self.sign = "<" if order.descending else ">"

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any
    ) -> Any:
        compiled = [compiler.compile(part) for part in self.get_source_expressions()]
        column, ident, value, pk = (text for text, _ in compiled)
        given = [param for _, params in compiled for param in params]
        return f"({column}, {ident}) {self.sign} ({value}, {pk})", given

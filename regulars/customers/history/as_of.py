"""The record as it was at an instant: of every row the last writing until then, but no deletion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from .changes import Row, Written
from .lent import own, unseen
from .parts import Part, parts
from .queries import read, told

if TYPE_CHECKING:
    from regulars.customers.models import Customer
    from regulars.staff.models import User


@dataclass(frozen=True)
class Record:
    """The rows of each part, by its key; `begins` is when history does, None when there is none."""

    at: datetime
    rows: Mapping[str, Sequence[Row]]
    begins: datetime | None = None

    @property
    def existed(self) -> bool:
        return bool(self.rows.get("customer"))

    @property
    def customer(self) -> Row:
        return self.rows["customer"][0]


def as_of(customer: Customer, at: datetime, *, viewer: User | None = None) -> Record:
    """What was known of a customer at that instant; one statement, the caller passed the gate.

    Without what somebody lent them whom the viewer may not see.
    """
    return records(customer, [at], viewer=viewer)[0]


def records(
    customer: Customer, at: Sequence[datetime], *, viewer: User | None = None
) -> list[Record]:
    """The same for several instants, in one statement."""
    others, values = unseen(customer, viewer)
    asked: dict[str, Any] = {"customer": customer.pk, **values}
    branches = [_begins(next(part for part in parts().values() if part.is_customer))]
    for k, instant in enumerate(at):
        asked[f"at{k}"] = instant
        branches += [_branch(k, n, part) for n, part in enumerate(parts().values())]
    with connection.cursor() as cursor:
        cursor.execute(f"{others} {' UNION ALL '.join(branches)}", asked)
        found = cursor.fetchall()
    keys = list(parts())
    rows: list[dict[str, list[Row]]] = [{key: [] for key in keys} for _ in at]
    begins = next((datetime.fromisoformat(text) for k, _, text in found if k < 0 and text), None)
    for k, n, text in found:
        if k >= 0:
            rows[k][keys[n]].append(read(text))
    return [
        Record(instant, {key: ordered(each) for key, each in known.items()}, begins)
        for instant, known in zip(at, rows, strict=True)
    ]


def _begins(part: Part) -> str:
    table = connection.ops.quote_name(part.table)
    return f"(SELECT -1, -1, min(pgh_created_at)::text FROM {table} WHERE id = %(customer)s)"  # noqa: S608


def _branch(k: int, n: int, part: Part) -> str:
    """Rows that were this customer's; one that has gone to another customer since is theirs."""
    table, owner = (connection.ops.quote_name(name) for name in (part.table, part.owner))
    return f"""(
      SELECT {k}, {n}, ({told(part, "h")})::text FROM (
        SELECT DISTINCT ON (o.pgh_obj_id) o.* FROM {table} o
        WHERE o.{owner} = %(customer)s AND o.pgh_created_at <= %(at{k})s
        ORDER BY o.pgh_obj_id, o.pgh_id DESC
      ) AS h
      WHERE h.pgh_label <> 'delete' AND {own(part, "h")} AND NOT EXISTS (
        SELECT FROM {table} l WHERE l.pgh_obj_id = h.pgh_obj_id AND l.pgh_id > h.pgh_id
          AND l.pgh_created_at <= %(at{k})s
      )
    )"""  # noqa: S608 (made of our own tables' names)


def ordered(rows: Iterable[Row]) -> list[Row]:
    """As the record shows them: primary first, then in their order."""

    def place(row: Row) -> tuple[Any, ...]:
        return not row.get("is_primary"), row.get("position") or 0, row["pgh_obj_id"]

    return sorted(rows, key=place)


def referring(*records: Record) -> list[Written]:
    """The rows of these records, as what names are asked for by."""
    return [Written(key, row) for one in records for key, each in one.rows.items() for row in each]

"""The record as it was at an instant: of every row the last writing until then, but no deletion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from .changes import Names, Row, Written
from .parts import Part, parts
from .queries import names, read

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


def as_of(customer: Customer, at: datetime) -> Record:
    """What was known of a customer at that instant; one statement, the caller passed the gate."""
    first = next(part for part in parts().values() if part.is_customer)
    branches = " UNION ALL ".join(_branch(n, part) for n, part in enumerate(parts().values()))
    begins = f"SELECT -1, min(pgh_created_at)::text FROM {first.table} WHERE id = %(customer)s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{branches} UNION ALL {begins}", {"customer": customer.pk, "at": at})
        found = cursor.fetchall()
    keys = list(parts())
    rows: dict[str, list[Row]] = {key: [] for key in keys}
    began = None
    for n, text in found:
        if n < 0:
            began = datetime.fromisoformat(text) if text else None
        else:
            rows[keys[n]].append(read(text))
    return Record(at, {key: ordered(each) for key, each in rows.items()}, began)


def _branch(n: int, part: Part) -> str:
    """Rows that were this customer's; one that has gone to another customer since is theirs."""
    table, owner = (connection.ops.quote_name(name) for name in (part.table, part.owner))
    return f"""(
      SELECT {n}, to_jsonb(h)::text FROM (
        SELECT DISTINCT ON (o.pgh_obj_id) o.* FROM {table} o
        WHERE o.{owner} = %(customer)s AND o.pgh_created_at <= %(at)s
        ORDER BY o.pgh_obj_id, o.pgh_id DESC
      ) AS h
      WHERE h.pgh_label <> 'delete' AND NOT EXISTS (
        SELECT FROM {table} l WHERE l.pgh_obj_id = h.pgh_obj_id AND l.pgh_id > h.pgh_id
          AND l.pgh_created_at <= %(at)s
      )
    )"""  # noqa: S608 (made of our own tables' names)


def replayed(written: Iterable[Written], at: datetime) -> dict[str, list[Row]]:
    """The same from a run of one customer's history, in any order."""
    last: dict[tuple[str, int], Row] = {}
    for one in sorted(written, key=lambda w: int(w.row["pgh_id"])):
        if one.at <= at:
            last[one.part, one.obj] = one.row
    rows: dict[str, list[Row]] = {key: [] for key in parts()}
    for (key, _), row in last.items():
        if row["pgh_label"] != "delete":
            rows[key].append(row)
    return {key: ordered(each) for key, each in rows.items()}


def ordered(rows: Iterable[Row]) -> list[Row]:
    """As the record shows them: primary first, then in their order."""

    def place(row: Row) -> tuple[Any, ...]:
        return not row.get("is_primary"), row.get("position") or 0, row["pgh_obj_id"]

    return sorted(rows, key=place)


def named(viewer: User, *records: Record) -> Names:
    """The names of everything these records refer to; one statement, at times two."""
    rows = [Written(key, row) for one in records for key, each in one.rows.items() for row in each]
    return names(viewer, rows)

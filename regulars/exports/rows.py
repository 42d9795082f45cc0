"""The customers of a list as rows of a table, a page at a time: never more than that in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from regulars.criteria.sql import Parts
from regulars.customers import queries, rows
from regulars.customers.custom.queries import definitions
from regulars.customers.sheet import Sheet, SheetColumn, columns
from regulars.lib import clock
from regulars.staff.models import User as Colleague

if TYPE_CHECKING:
    from regulars.staff.models import User

STEP = queries.MOST


@dataclass(frozen=True)
class Wanted:
    """Which list: as its page or the API asks for it."""

    where: Parts = field(default_factory=Parts)
    sort: str = "recent"
    q: str = ""
    archived: bool = False


def sheet_columns() -> list[SheetColumn]:
    return columns(definitions())


def cells(user: User, wanted: Wanted, shown: Sequence[SheetColumn]) -> Iterator[list[str]]:
    """One list of cells for each customer of the list whom `user` may see, in its order."""
    for sheet in sheets(user, wanted):
        yield [column.cell(sheet) for column in shown]


def sheets(user: User, wanted: Wanted) -> Iterator[Sheet]:
    cursor: str | None = None
    while True:
        here = queries.find(
            user,
            where=wanted.where,
            sort=wanted.sort,
            q=wanted.q,
            archived=wanted.archived,
            cursor=cursor,
            limit=STEP,
        )
        loaded = [one.row for one in rows.load(user, here.ids, now=clock.now())]
        owners = _emails({row["owner"]["id"] for row in loaded if row["owner"]})
        for row in loaded:
            owner = row["owner"]
            yield Sheet(row, (owners.get(owner["id"]) or owner["name"]) if owner else "")
        cursor = here.next
        if cursor is None:
            return


def _emails(ids: set[int]) -> dict[int, str | None]:
    return dict(Colleague.objects.filter(pk__in=ids).values_list("pk", "email"))

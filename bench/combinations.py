"""Lists as they are filtered and sorted, the awkward ones too: rows touched and database time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from regulars.criteria import sql, text
from regulars.criteria.fields import Asking
from regulars.customers import queries
from regulars.customers.models import Customer
from regulars.customers.order import ORDERS
from regulars.staff.models import User

from . import measure
from .people import people

ROWS = 5_000
DEEP = 4  # pages into the list

PLAIN = [
    "everyone",
    "waiting",
    "unread",
    "owner:me",
    "owner:unassigned",
    "team:mine",
    "created < 7 days ago",
    'store:"Store 01"',
    'tag:"Tag 1"',
    'tag:"Tag 12"',
    "plan:Lease",
    "budget < 500",
    "serial:SN-5000",
    "renewal < 2026-02-01",
]
# Broad ones that meet in few, long stretches without a hit, and what only lies at the very end.
AWKWARD = [
    'tag:"Tag 1" and tag:"Tag 2" and created < 90 days ago',
    'waiting and tag:"Tag 2"',
    'store:"Store 01" and tag:"Tag 6" and type:lead',
    'not waiting and not tag:"Tag 1" and name:zz',
    '(waiting or owner:unassigned) and not tag:"Tag 1"',
    "last_activity > 600 days ago",
    "name contains zz",
    'unread and tag:"Tag 1"',
    'no call for 60 days and tag:"Tag 2"',
    "has more than 2 calls",
    'plan:Loan and budget > 99000 and tag:"Tag 1"',
    "plan:empty and budget > 50000 and waiting",
    "serial contains 777 and not plan:Cash",
    "renewal > 2028-09-01 and budget < 20000",
    "has at least 2 events(at < 30 days ago) and not waiting",
]
SEARCHED = [("jo", "everyone"), ("gmail", 'tag:"Tag 2"'), ("smith", "waiting")]


def lists(user: User, said: str, q: str = "") -> Iterator[tuple[str, Callable[[], object]]]:
    """Its first page and a later one in each order, and its count."""
    newest = Customer.objects.get_queryset().order_by("-last_activity_at")[0]
    asking = Asking(user, newest.last_activity_at, ZoneInfo("UTC"))
    where = sql.parted(text.read(said, asking), asking)
    for sort in ORDERS:
        cursor = None
        for page in range(DEEP):
            if page in (0, DEEP - 1):
                yield (
                    f"{sort}, page {page + 1}",
                    lambda sort=sort, cursor=cursor: queries.find(  # type: ignore[misc]
                        user, where=where, sort=sort, q=q, cursor=cursor
                    ),
                )
            cursor = queries.find(user, where=where, sort=sort, q=q, cursor=cursor).next
            if cursor is None:
                break
    if not q:
        yield "count", lambda: queries.count(user, where=where)


def run(tell: Callable[..., None]) -> None:
    for name, user in people().items():
        asked = [(said, "") for said in PLAIN + AWKWARD] + [(s, q) for q, s in SEARCHED]
        for said, q in asked:
            done = {what: measure.work(run) for what, run in lists(user, said, q)}
            case = f"{said}{q and f' “{q}”'}, {name}"
            tell(case, "most rows of one", max(work.most_rows for work in done.values()), ROWS)
            # Among few customers a count ends before it reaches the number it is capped at.
            count = done.pop("count", None)
            slowest = max(work.milliseconds for work in done.values())
            tell(case, "database ms, the slowest page", slowest)
            if count:
                tell(case, "database ms, the count", count.milliseconds)

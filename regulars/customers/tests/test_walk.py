"""Whatever is asked, in whatever order, paging shows everyone who fits, once, and nobody else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Exists, Q

from regulars.criteria import sql, text
from regulars.criteria.fields import Asking
from regulars.customers import actions, queries, walk
from regulars.customers.models import Customer
from regulars.customers.order import ORDERS
from regulars.customers.visibility import any_of
from regulars.lib import clock
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db

ASKED = [
    "everyone",
    "nobody",
    "tag:VIP",
    "tag:Fleet",
    "tag:VIP and tag:Fleet",
    "tag:VIP,Fleet",
    "tag:empty",
    "not tag:VIP",
    "tag:VIP and owner:me",
    "tag:Fleet and owner:unassigned",
    'tag:VIP and store:"Marlow North" and type:lead',
    "owner:me",
    "owner:unassigned",
    "owner:me,unassigned",
    "owner:me and owner:unassigned",
    'owner:unassigned and store:"Marlow South"',
    'owner:me and store:"Marlow South"',
    'store:"Marlow North"',
    "team:mine",
    "waiting",
    "waiting and tag:VIP",
    "not waiting and owner:me",
    "unread",
    "created < 20 days ago",
    "created > 20 days ago and tag:VIP",
    "last_activity > 10 days ago",
    "last_activity < 10 days ago and tag:Fleet",
    "name:b",
    "name contains e and tag:VIP",
    "type:lead or tag:VIP",
    "(waiting or owner:unassigned) and not tag:Fleet",
]


@pytest.fixture
def many(make_customer: MakeCustomer, ana: User, cleo: User, ben: User, mia: User) -> list[int]:
    luck = Random(4)
    now = clock.now()
    found = []
    for n in range(36):
        owner = luck.choice([ana, ana, cleo, ben, None])
        # Some share their moment, so that the id decides.
        at = now - timedelta(days=n // 2)
        customer = make_customer(
            f"{'ABCDE'[n % 5]}mber Number{n}",
            owner=owner,
            store=luck.choice([ana.store, ben.store]) if owner is None else None,
            created_at=at,
            type=luck.choice(["lead", "prospect"]),
            tags=[tag for tag, share in (("VIP", 0.4), ("Fleet", 0.2)) if luck.random() < share],
        )
        if luck.random() < 0.3:
            timeline.record(customer, "message.received", by=None, happened_at=at)
        if luck.random() < 0.2:
            actions.archive(customer, by=mia)
        found.append(customer.pk)
    return found


def asking(user: User) -> Asking:
    return Asking(user, clock.now(), ZoneInfo("UTC"))


def paged(user: User, limit: int, **asked: Any) -> tuple[list[int], int]:
    """Everybody, and how many pages it took."""
    found: list[int] = []
    cursor, pages = None, 0
    while True:
        page = queries.find(user, cursor=cursor, limit=limit, **asked)
        assert len(page.ids) <= limit
        found += page.ids
        pages += 1
        assert pages < 200, "it goes on for ever"
        if page.next is None:
            return found, pages
        cursor = page.next


@pytest.mark.parametrize("few", [0, 3, 1_000], ids=["all are many", "some are few", "all are few"])
@pytest.mark.parametrize("sort", ORDERS)
def test_every_filter_in_every_order_shows_everyone_once(
    sort: str,
    few: int,
    many: list[int],
    ana: User,
    mia: User,
    ada: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # So few rows at a time that hardly a page is found in one go.
    if few < 1_000:
        monkeypatch.setattr("regulars.customers.walk.WALKED", 14)
        monkeypatch.setattr("regulars.customers.walk.FEW", max(few, 1))
    order = ORDERS[sort]
    by = ("-" if order.descending else "") + order.column, "-pk" if order.descending else "pk"
    for user in (ana, mia, ada) if sort == "recent" else (ana,):
        for n, said in enumerate(ASKED if sort == "recent" else ASKED[::3]):
            where = sql.parted(text.read(said, asking(user)), asking(user))
            for archived in (False, True) if n % 5 == 2 else (False,):
                rows = Customer.objects.visible_to(user).filter(where.q, order.needs)
                wanted = rows.filter(archived_at__isnull=not archived).order_by(*by)
                found, _ = paged(user, 4, where=where, sort=sort, archived=archived)
                assert found == list(wanted.values_list("pk", flat=True)), (user, said, archived)


@pytest.mark.parametrize(
    "said", ["tag:VIP", "not tag:VIP", "no call for 60 days", "tag:VIP or has more than 2 calls"]
)
def test_every_row_of_another_table_is_looked_for_by_itself(
    said: str, many: list[int], ada: User
) -> None:
    where = sql.parted(text.read(said, asking(ada)), asking(ada))
    for probe in _probes(walk.each(where.q)):
        assert isinstance(probe, walk.Probe) or probe.query.low_mark > 0


def _probes(condition: Any) -> Iterator[Any]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from _probes(child)
        elif isinstance(child, Exists):
            yield child


def test_a_page_may_be_short_and_still_have_a_next_one(
    make_customer: MakeCustomer, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.customers.walk.WALKED", 4)
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for n in range(10):
        make_customer(f"Lead {n}", created_at=start + timedelta(days=n), type="lead")
    old = make_customer("Old", created_at=start - timedelta(days=1), type="account")
    where = sql.parted(text.read("type:account", asking(ada)), asking(ada))
    first = queries.find(ada, where=where)
    assert (first.ids, bool(first.next)) == ([], True)
    found, pages = paged(ada, 50, where=where)
    assert (found, pages) == ([old.pk], 3)
    counted = queries.count(ada, where=where)
    assert (counted.number, counted.more) == (0, True)


def test_what_is_counted_is_what_is_shown(many: list[int], ana: User) -> None:
    for said in ASKED:
        where = sql.parted(text.read(said, asking(ana)), asking(ana))
        found, _ = paged(ana, 50, where=where)
        assert queries.count(ana, where=where) == queries.Count(len(found)), said


def test_customers_of_a_tag_come_in_order_after_anything_happened(
    many: list[int], ada: User
) -> None:
    where = sql.parted(text.read("tag:VIP", asking(ada)), asking(ada))
    last = paged(ada, 50, where=where)[0][-1]
    timeline.record(Customer.objects.get(pk=last), "note.added", by=ada)
    found, _ = paged(ada, 50, where=where)
    assert found[0] == last
    times = [Customer.objects.get(pk=pk).last_activity_at for pk in found]
    assert all(a >= b for a, b in pairwise(times))


def test_a_team_of_any_size_is_compiled_once_and_asked_for_one_by_one() -> None:
    scopes = [Q(owner=7), Q(owner=9), Q(owner=None, store=3)]
    team, nobodys = walk.together(scopes)
    rows = Customer.objects.get_queryset().filter(team, version=9).values_list("pk")[:5]
    texts, given = zip(*walk.written(rows), strict=True)
    assert len({*texts}) == 1
    assert given == ([7, 9], [9, 9])
    assert nobodys == scopes[2]
    assert walk.together(scopes[1:]) == scopes[1:]
    assert any_of(scopes) == Q(owner__in=[7, 9]) | scopes[2]

"""Who is in an audience: kept as rows, moved by what changes, settled as a whole by the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from regulars.criteria import sql, text
from regulars.criteria.audiences import audiences_of
from regulars.criteria.language import EVERYONE, Criteria, CriteriaError
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.lib.retrying import retried

from . import reading
from .asking import Askings
from .models import Audience, Changed, Listed, Member, Stay

BATCH = 500  # customers looked at in one transaction, and held meanwhile
FOUND = 250_000  # customers of whom one look at everybody says that they come or go

# Who changed, taken by whoever comes first; others take others.
TAKE = """
DELETE FROM audiences_changed WHERE id IN (
  SELECT id FROM audiences_changed ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING customer
"""
# As every writer of many customers holds them: whoever changes them waits, or was before us.
HOLD = "SELECT id FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
ENTER = """
INSERT INTO audiences_member (audience_id, customer_id, last_activity_at, since)
SELECT %s, fits.id, fits.last_activity_at, %s FROM ({fits}) fits WHERE fits.id = ANY(%s)
ON CONFLICT (customer_id, audience_id) DO NOTHING
RETURNING customer_id
"""
LEAVE = """
WITH gone AS (
  DELETE FROM audiences_member WHERE audience_id + 0 = %s AND customer_id = ANY(%s)
    AND NOT EXISTS (
      SELECT FROM ({fits}) fits WHERE fits.id = customer_id AND fits.id = ANY(%s)
    )
  RETURNING audience_id, customer_id, since
)
INSERT INTO audiences_stay (audience_id, customer_id, since, until)
SELECT audience_id, customer_id, since, %s FROM gone
RETURNING customer_id
"""
# Sets taken from one another: a new audience is unknown to the planner's numbers, and of what is
# joined by them one look at a million customers becomes minutes.
MOVING = """
WITH fits AS MATERIALIZED (SELECT id FROM ({fits}) f),
members AS MATERIALIZED (SELECT customer_id FROM audiences_member WHERE audience_id = %s)
(SELECT customer_id, false AS comes
 FROM (SELECT customer_id FROM members EXCEPT ALL SELECT id FROM fits) going)
UNION ALL
(SELECT id, true FROM (SELECT id FROM fits EXCEPT ALL SELECT customer_id FROM members) coming)
LIMIT %s
"""
NOBODY = "SELECT id, last_activity_at FROM customers_customer WHERE false"


class Fitting(NamedTuple):
    """The statement of all who belong to an audience, by id and last activity, with its values."""

    audience: Audience
    said: str
    values: tuple[Any, ...]


def condition(audience: Audience, askings: Askings | None = None) -> Q:
    """Who belongs to it, whoever is in it now. Raises CriteriaError when it cannot be read."""
    if audience.is_list:
        return Q(Exists(Listed.objects.filter(audience=audience, customer=OuterRef("pk"))))
    asking = (askings or Askings()).of(audience)
    return Q(archived_at=None) & sql.q(text.read(audience.criteria or "", asking), asking)


def ordered(askings: Askings) -> list[Audience]:
    """All audiences, each after those it is made of."""
    rows = Audience.objects.select_related("owner__store")
    found = {audience.name: audience for audience in rows}
    trees = {name: _tree(audience, askings) for name, audience in found.items()}
    return [found[name] for name in reading.in_order(trees)]


def _tree(audience: Audience, askings: Askings) -> Criteria:
    try:
        return text.read(audience.criteria or "", askings.of(audience))
    except CriteriaError:
        return EVERYONE


def keep_up(*, most: int = 1 << 30) -> int:
    """Look again at everybody who changed, batch by batch; answers how many changes that were."""
    done = 0
    while done < most:
        taken = _keep_up_once()
        done += taken
        if taken < BATCH:
            break
    return done


@retried
def _keep_up_once() -> int:
    with transaction.atomic():
        taken = _ids(TAKE, [BATCH])
        if taken:
            ids, askings = hold(taken), Askings()
            for audience in ordered(askings):
                move(audience, ids, askings)
    return len(taken)


def hold(customers: Iterable[int]) -> list[int]:
    """These rows, locked in the order of their ids; the ids of those that are there."""
    return _ids(HOLD, [sorted(set(customers))])


def settle(audience: Audience, *, most: int | None = None) -> bool:
    """Look at everybody, and move whom that concerns; whether nobody is left to be moved.

    With `most`, no more than so many are moved now.
    """
    audience = Audience.objects.select_related("owner__store").get(pk=audience.pk)
    others = _those_made_of(audience)
    moved = 0
    while most is None or moved < most:
        fitting = _fitting(audience, Askings())
        limit = FOUND if most is None else min(most - moved, FOUND)
        going, coming = _moving(fitting, limit) if fitting else ([], [])
        if fitting is None or not (going or coming):
            Audience.objects.filter(pk=audience.pk).update(settled_at=clock.now())
            return True
        before = moved
        for act, ids in ((_leave, going), (_enter, coming)):
            for n in range(0, len(ids), BATCH):
                moved += _settle_some(act, fitting, ids[n : n + BATCH], others)
        if moved == before:
            return True
    return False


def _those_made_of(audience: Audience) -> bool:
    """Whether another audience is made of this one."""
    askings, name = Askings(), audience.name.casefold()
    rows = Audience.objects.exclude(criteria=None).exclude(pk=audience.pk)
    trees = (_tree(row, askings) for row in rows.select_related("owner__store"))
    return any(name == word.casefold() for tree in trees for word in audiences_of(tree))


def _moving(fitting: Fitting, most: int) -> tuple[list[int], list[int]]:
    """Customers who are in it and should not be, and the other way round, in order of their ids:
    neighbours lie on the same pages."""
    values = [*fitting.values, fitting.audience.pk, most]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MOVING.format(fits=fitting.said), values)
        rows = sorted(cursor.fetchall())
    return [pk for pk, comes in rows if not comes], [pk for pk, comes in rows if comes]


@retried
def _settle_some(
    act: Callable[[Fitting, Sequence[int]], list[int]],
    fitting: Fitting,
    ids: Sequence[int],
    tell: bool,
) -> int:
    with transaction.atomic():
        moved = act(fitting, hold(ids))
        if tell:
            Changed.objects.bulk_create([Changed(customer=pk) for pk in moved])
    return len(moved)


def move(audience: Audience, held: Sequence[int], askings: Askings) -> list[int]:
    """Of these customers, who are held: those who fit come in, those who do not go; who moved."""
    fitting = _fitting(audience, askings)
    return [] if fitting is None else [*_leave(fitting, held), *_enter(fitting, held)]


def _leave(fitting: Fitting, held: Sequence[int]) -> list[int]:
    among = [fitting.audience.pk, list(held), *fitting.values, list(held), clock.now()]
    return _ids(LEAVE.format(fits=fitting.said), among)


def _enter(fitting: Fitting, held: Sequence[int]) -> list[int]:
    among = [fitting.audience.pk, clock.now(), *fitting.values, list(held)]
    return _ids(ENTER.format(fits=fitting.said), among)


def _ids(statement: str, values: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()]


def _fitting(audience: Audience, askings: Askings) -> Fitting | None:
    """None, and a word why, when it cannot be read."""
    try:
        fitting = Customer.objects.get_queryset().filter(condition(audience, askings))
    except CriteriaError as error:
        Audience.objects.filter(pk=audience.pk).update(problem=str(error)[:500])
        return None
    if audience.problem:
        Audience.objects.filter(pk=audience.pk).update(problem="")
    columns = fitting.order_by().values("id", "last_activity_at")
    try:
        said, values = columns.query.sql_with_params()
    except EmptyResultSet:  # something that must hold can hold for nobody
        said, values = NOBODY, ()
    return Fitting(audience, said, values)


def as_of(audience: Audience, moment: datetime) -> Q:
    """The condition on customers that they were in it at a moment."""
    theirs = {"audience": audience, "customer": OuterRef("pk"), "since__lte": moment}
    now = Member.objects.filter(**theirs)
    then = Stay.objects.filter(**theirs, until__gt=moment)
    return Q(Exists(now)) | Q(Exists(then))


def is_behind() -> bool:
    """Whether anybody changed whom the audiences have not looked at yet."""
    return Changed.objects.exists()

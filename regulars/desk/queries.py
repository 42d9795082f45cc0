"""What the desk reads: who waits for whom, how many, who is here, how fast we answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, F, IntegerField, JSONField, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, JSONObject

from regulars.customers import limits
from regulars.customers import queries as customers
from regulars.customers.cards import Card, Glance
from regulars.customers.models import Contact, Customer, CustomerType, Location
from regulars.customers.notes import queries as notes
from regulars.customers.visibility import scopes
from regulars.customers.walk import WALKED, Probe, together, written
from regulars.follow_up import pressing
from regulars.staff import queries as staff
from regulars.staff.models import Sees, User
from regulars.timeline.models import Event, day_of

from .pace import DAYS

if TYPE_CHECKING:
    from regulars.customers.visibility import CustomerQuerySet

MOST = 50
OTHERS = 20
EACH = 5
LATELY = 12
SHOWN = 5
FLOOR = 12
PACE_CUSTOMERS = 250
PACE_EVENTS = 2_000
COUNTED = 1_000


def mine(user: User) -> list[Q]:
    """Mine, and nobody's that I see: what the queue puts first. Disjoint, each with an index."""
    own = [Q(owner=user.pk)]
    if user.role.sees == Sees.ALL:
        return [*own, Q(owner=None)]
    if user.role.sees == Sees.STORE:
        return [Q(owner=o, store=user.store_id) for o in (user.pk, None) if user.store_id]
    return own + [s for s in scopes(user) or [] if _is_nobody(s)]


def theirs(user: User) -> list[Q]:
    """What colleagues own, as far as `user` sees it."""
    others = Q(owner__isnull=False) & ~Q(owner=user.pk)
    if user.role.sees == Sees.ALL:
        return [others]
    if user.role.sees == Sees.STORE:
        return [others & Q(store=user.store_id)] if user.store_id else []
    return [s for s in scopes(user) or [] if s != Q(owner=user.pk) and not _is_nobody(s)]


def _is_nobody(scope: Q) -> bool:
    return ("owner", None) in scope.children


# How many: every number of a page in one statement, each counted no further than it is shown.

Facts = Mapping[str, Any]

_COLUMNS = {"owner": "owner_id", "store": "store_id"}
_TESTS = {"waits": "waiting_since IS NOT NULL", "late_before": "waiting_since < %s"}


# Of everybody there is, those who are not archived: counting millions takes half a second.
LARGE = 10_000
WHOLE = """(SELECT CASE WHEN w.n >= {large} THEN w.n ELSE {counted} END FROM (
  SELECT (sum(reltuples) FILTER (WHERE relkind = 'r') - sum(reltuples) FILTER (WHERE relkind = 'i'))
    ::bigint AS n
  FROM pg_class WHERE oid IN (to_regclass('customers_customer'), to_regclass('c_archived'))
) w)"""


@dataclass(frozen=True)
class Counted:
    """What is counted: any of `alternatives`, which do not overlap, and no further than `most`.

    An alternative is facts that all hold: `owner` and `store` are ids or None for nobody, `waits`
    is True, `late_before` a time.
    """

    alternatives: Sequence[Facts] = ({},)
    most: int = COUNTED


def counts(
    user: User, asked: Mapping[str, Counted], *, beside: Sequence[tuple[str, str, list[Any]]] = ()
) -> dict[str, Any]:
    """How many visible customers fit each, at most `most` + 1; of all together, where they are
    many, what the planner knows.

    `beside` are (name, expression, its values) that are asked in the same statement.

    Written by hand, like the page's cards: composing these through the ORM costs more than all
    the rest of a page. Each part says the order of the index that is meant to be walked.
    """
    if not asked and not beside:
        return {}
    conditions = scopes(user)
    within: list[Facts] = [{}] if conditions is None else [_facts(scope) for scope in conditions]
    limit = _limit(user)
    parts: list[str] = []
    given: list[Any] = []
    for counted in asked.values():
        most = counted.most + 1
        each = [_both(scope, facts) for scope in within for facts in counted.alternatives]
        rows = [_rows(facts, most, limit, given) for facts in each if facts is not None]
        union = " UNION ALL ".join(rows) or "SELECT 1 WHERE false"
        part = f"(SELECT count(*) FROM (SELECT 1 FROM ({union}) s LIMIT {most}) n)"  # noqa: S608
        if conditions is None and limit is None and list(counted.alternatives) == [{}]:
            part = WHOLE.format(large=LARGE, counted=part)
        parts.append(part)
    for _, expression, values in beside:
        parts.append(expression)
        given += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", given)
        row = cursor.fetchone()
    return dict(zip([*asked, *(name for name, _, _ in beside)], row or (), strict=False))


def _facts(scope: Q) -> Facts:
    return {child[0]: child[1] for child in scope.children if isinstance(child, tuple)}


def _both(scope: Facts, facts: Facts) -> Facts | None:
    """Everything that must hold, None when it cannot."""
    if any(key in facts and facts[key] != value for key, value in scope.items()):
        return None
    return {**scope, **facts}


def _rows(facts: Facts, most: int, limit: Limited, given: list[Any]) -> str:
    tests = ["archived_at IS NULL"]
    # Most of an owner's customers are in their store, which the planner does not know: said
    # plainly, it reads two indexes, or one to its end, where the first thousand along one answer.
    owned = facts.get("owner") is not None
    for key, value in facts.items():
        test = _TESTS.get(key) or _COLUMNS[key] + (" IS NULL" if value is None else " = %s")
        tests.append(f"coalesce({test}, false)" if owned and key == "store" else test)
        if "%s" in test:
            given.append(value)
    # The order says which index is meant.
    by = "waiting_since" if _TESTS.keys() & facts.keys() else "last_activity_at DESC"
    where = " AND ".join(tests)
    if limit is None:
        return f"(SELECT 1 FROM customers_customer WHERE {where} ORDER BY {by} LIMIT {most})"  # noqa: S608
    fits, params = limit
    given += params
    return f"""(SELECT 1 FROM (
      SELECT id FROM customers_customer WHERE {where} ORDER BY {by} LIMIT {WALKED}
    ) AS customers_customer WHERE {fits} LIMIT {most})"""  # noqa: S608


Limited = tuple[str, list[Any]] | None


def _limit(user: User) -> Limited:
    """What the user's role is limited to, as a look at each row; None without a limit."""
    within = limits.parts_of(user).q
    if not within:
        return None
    row = Customer.objects.get_queryset().filter(within, pk=OuterRef("pk"))
    query = Customer.objects.get_queryset().filter(Probe(row)).query
    text, params = query.where.as_sql(query.get_compiler(connection=connection), connection)
    return text, list(params)


# Now


@dataclass(frozen=True)
class Queue:
    """Who waits: `mine` (and nobody's) come first; `more` when there are more than are shown.

    `asked` are notes that mention one, newest first.
    """

    mine: list[Card]
    theirs: list[Card]
    more: bool = False
    asked: Sequence[Mapping[str, Any]] = ()


def queue(user: User) -> Queue:
    """Everyone who waits and whom `user` may see, the longest first, and where they are mentioned.

    Two statements.
    """
    within = limits.parts_of(user).q
    waiting = Customer.objects.current().filter(within, waiting_since__isnull=False)
    parts = [
        *(_waiting_ids(waiting.filter(part), "mine", MOST + 1) for part in mine(user)),
        *(_waiting_ids(waiting.filter(part), "theirs", OTHERS) for part in together(theirs(user))),
    ]
    if not parts or not user.may("customers"):
        return Queue([], [])
    rows = _one_after_another([*parts, notes.mentioning(user)])
    asked = [row[3] for row in sorted(rows, reverse=True, key=itemgetter(0)) if row[2] == "asked"]
    rows.sort(key=itemgetter(1, 0))
    found = {part: [row[0] for row in rows if row[2] == part] for part in ("mine", "theirs")}
    first, others = found["mine"][:MOST], found["theirs"][:OTHERS]
    cards = customers.cards(user, [*first, *others])
    more = len(found["mine"]) > MOST
    return Queue(cards[: len(first)], cards[len(first) :], more, asked)


def _waiting_ids(rows: CustomerQuerySet, part: str, most: int) -> Any:
    nothing = Value(None, output_field=JSONField())
    named = rows.order_by("waiting_since", "pk").annotate(part=Value(part), said=nothing)
    return named.values_list("pk", "waiting_since", "part", "said")[:most]


def _one_after_another(parts: Sequence[Any]) -> list[tuple[int, datetime, str, Any]]:
    """The rows of all parts, by one statement."""
    each = [one for part in parts for one in written(part)]
    with connection.cursor() as cursor:
        text = " UNION ALL ".join(f"({text})" for text, _ in each)
        cursor.execute(text, [value for _, params in each for value in params])
        rows = cursor.fetchall()
    return [(pk, at, part, said and json.loads(said)) for pk, at, part, said in rows]


@dataclass(frozen=True)
class NextBest:
    """What is worth doing when nobody waits."""

    unread: list[Card]
    new: list[Card]
    quiet: list[Card]

    @property
    def parts(self) -> list[tuple[str, str, str, list[Card]]]:
        """(title, what it means, which time counts, cards) of each part that has somebody."""
        named = [
            ("Unread", "they did something you have not seen", "active", self.unread),
            ("New and nobody’s", "the newest leads without an owner", "created", self.new),
            ("Longest without a word", "your customers, quietest first", "active", self.quiet),
        ]
        return [part for part in named if part[3]]


def next_best(user: User) -> NextBest:
    """Unread, new leads without an owner, and mine whom nobody spoke to longest; two statements."""
    rows = Customer.objects.visible_to(user).current()
    parts = {
        "unread": rows.filter(owner=user.pk, unread_count__gt=0).order_by(
            "-last_activity_at", "-pk"
        ),
        "new": rows.filter(owner=None, type=CustomerType.LEAD).order_by("-created_at", "-pk"),
        "quiet": rows.filter(owner=user.pk).order_by("last_activity_at", "pk"),
    }
    each = [
        part.annotate(part=Value(name)).values_list("pk", "part")[:EACH]
        for name, part in parts.items()
    ]
    found: dict[str, list[int]] = {name: [] for name in parts}
    known: set[int] = set()
    for pk, name in each[0].union(*each[1:], all=True):
        if pk not in known:
            known.add(pk)
            found[name].append(pk)
    order = [pk for ids in found.values() for pk in ids]
    cards = {card.customer.pk: card for card in customers.cards(user, order)}
    listed = {name: [cards[pk] for pk in ids if pk in cards] for name, ids in found.items()}
    return NextBest(
        sorted(listed["unread"], key=lambda c: c.customer.last_activity_at, reverse=True),
        sorted(listed["new"], key=lambda c: c.customer.created_at, reverse=True),
        sorted(listed["quiet"], key=lambda c: c.customer.last_activity_at),
    )


def floor(user: User) -> tuple[list[User], int]:
    """The colleagues beside me, those seen last first; and how many tasks press me.

    The rail asks for the latter: here it costs no statement.
    """
    _, expression, values = pressing.asked(user)
    people = staff.colleagues(user).select_related(None)
    people = people.annotate(pressing=RawSQL(expression, values, IntegerField()))  # noqa: S611
    latest = people.order_by(F("last_seen_at").desc(nulls_last=True), "name")
    found: list[Any] = list(latest[: FLOOR + 1])
    number = next((person.pressing for person in found), 0)
    return [person for person in found if person.pk != user.pk][:FLOOR], number


def answers(user: User, now: datetime) -> list[tuple[datetime, datetime]]:
    """(asked, answered) of the last 14 days: of my customers, or of all I see when I lead.

    Of the 250 customers with the latest activity, so that the work stays bounded.
    """
    since = now - timedelta(days=DAYS)
    rows = Customer.objects.visible_to(user).current().filter(last_activity_at__gte=since)
    if user.role.sees == Sees.TEAM:
        rows = rows.filter(owner=user.pk)
    recent = rows.order_by("-last_activity_at", "-pk").values("pk")[:PACE_CUSTOMERS]
    found = Event.objects.filter(
        customer__in=recent,
        happened_at__gte=since,
        awaits_answer=True,
        answered_at__isnull=False,
    ).values_list("happened_at", "answered_at")[:PACE_EVENTS]
    return [(asked, answered) for asked, answered in found if answered is not None]


# Search


def contacts(cards: Iterable[Card]) -> dict[int, list[str]]:
    """The names of the people to reach at these customers, by customer."""
    ids = [card.customer.pk for card in cards]
    found: dict[int, list[str]] = {}
    if ids:
        for contact in Contact.objects.filter(customer__in=ids).order_by("pk"):
            found.setdefault(contact.customer_id, []).append(contact.name)
    return found


# The side panel


@dataclass(frozen=True)
class Line(Glance):
    """One event in the panel; `waits` while it has no answer."""

    waits: bool = False

    @property
    def day(self) -> date | None:
        """The day, when nobody knows the time of it."""
        return day_of(self.data, self.happened_at)


@dataclass(frozen=True)
class Beside:
    """What the panel shows of one customer besides the card."""

    pk: int
    place: str
    lines: list[Line]

    @property
    def open(self) -> list[Line]:
        return [line for line in self.lines if line.waits]

    @property
    def lately(self) -> list[Line]:
        return self.lines[:SHOWN]


def beside(user: User, public_id: UUID) -> Beside | None:
    """The panel's own facts, in one statement; None when `user` may not see the customer."""
    lately = (
        Event.objects.filter(customer=OuterRef("pk"))
        .order_by("-happened_at", "-id")
        .values(
            json=JSONObject(
                id="id",
                kind="kind",
                data="data",
                happened_at=Cast("happened_at", CharField()),
                actor="actor__name",
                awaits="awaits_answer",
                answered=Cast("answered_at", CharField()),
            )
        )[:LATELY]
    )
    place = Location.objects.filter(customer=OuterRef("pk"), is_primary=True)
    row = (
        Customer.objects.visible_to(user)
        .filter(public_id=public_id)
        .annotate(
            lately=ArraySubquery(lately),
            city=Subquery(place.values("city")[:1]),
            state=Subquery(place.values("state")[:1]),
        )
        .values("pk", "lately", "city", "state")
        .first()
    )
    if row is None:
        return None
    where = ", ".join(part for part in (row["city"], row["state"]) if part)
    return Beside(row["pk"], where, [_line(**event) for event in row["lately"]])


def _line(awaits: bool, answered: str | None, happened_at: str, **facts: Any) -> Line:
    return Line(
        **facts,
        happened_at=datetime.fromisoformat(happened_at),
        waits=awaits and answered is None,
    )

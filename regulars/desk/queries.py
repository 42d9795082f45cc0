"""What the desk reads: who waits for whom, how many, who is here, how fast we answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, JSONObject

from regulars.customers import queries as customers
from regulars.customers.cards import Card, Glance
from regulars.customers.models import Customer, CustomerType, Location
from regulars.customers.visibility import scopes
from regulars.staff import queries as staff
from regulars.staff.models import Sees, User
from regulars.timeline.models import Event

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


def for_me(user: User) -> Q:
    """Mine, and nobody's: what the queue puts first."""
    return Q(owner=None) | Q(owner=user.pk)


# How many: every number of a page in one statement, each counted no further than it is shown.


def counts(user: User, asked: Mapping[str, Q], *, most: int = COUNTED) -> dict[str, int]:
    """How many visible customers fit each condition, counted to `most` + 1.

    Scopes do not overlap, so each is walked along its own index until enough are found.
    """
    conditions = scopes(user)
    parts: list[str] = []
    given: list[Any] = []
    for condition in asked.values():
        try:
            sql, params = _counted(conditions, condition, most)
        except EmptyResultSet:
            sql, params = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS found)")  # noqa: S608
        given += params
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", given)
        row = cursor.fetchone()
    return dict(zip(asked, row or (), strict=False))


def _counted(
    conditions: Sequence[Q] | None, condition: Q, most: int
) -> tuple[str, tuple[Any, ...]]:
    if conditions is not None and not conditions:
        raise EmptyResultSet
    rows = Customer.objects.current().filter(condition).order_by()
    each = [rows.filter(c).values_list(Value(1)) for c in conditions or [Q()]]
    whole = each[0].union(*each[1:], all=True) if len(each) > 1 else each[0]
    return whole[: most + 1].query.sql_with_params()


# Now


@dataclass(frozen=True)
class Queue:
    """Who waits: `mine` (and nobody's) come first; `more` when there are more than are shown."""

    mine: list[Card]
    theirs: list[Card]
    more: bool = False


def queue(user: User) -> Queue:
    """Everyone who waits and whom `user` may see, the longest first; two statements."""
    waiting = Customer.objects.visible_to(user).current().filter(waiting_since__isnull=False)
    first = _waiting_ids(waiting.filter(for_me(user)), "mine", MOST + 1)
    others = _waiting_ids(waiting.exclude(owner=None).exclude(owner=user.pk), "theirs", OTHERS)
    rows = sorted(first.union(others, all=True), key=lambda row: (row[1], row[0]))
    found = {part: [pk for pk, _, which in rows if which == part] for part in ("mine", "theirs")}
    mine, theirs = found["mine"][:MOST], found["theirs"]
    cards = customers.cards(user, [*mine, *theirs])
    return Queue(cards[: len(mine)], cards[len(mine) :], more=len(found["mine"]) > MOST)


def _waiting_ids(rows: CustomerQuerySet, part: str, most: int) -> Any:
    named = rows.order_by("waiting_since", "pk").annotate(part=Value(part))
    return named.values_list("pk", "waiting_since", "part")[:most]


@dataclass(frozen=True)
class NextBest:
    """What is worth doing when nobody waits."""

    unread: list[Card]
    new: list[Card]
    quiet: list[Card]

    @property
    def parts(self) -> list[tuple[str, str, list[Card]]]:
        """(title, what it means, cards) of each part that has somebody."""
        named = [
            ("Unread", "they did something you have not seen", self.unread),
            ("New and nobody’s", "the newest leads without an owner", self.new),
            ("Longest without a word", "your customers, quietest first", self.quiet),
        ]
        return [part for part in named if part[2]]


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


def floor(user: User) -> list[User]:
    """The colleagues beside me, those seen last first."""
    people = staff.colleagues(user).exclude(pk=user.pk).select_related(None)
    return list(people.order_by(F("last_seen_at").desc(nulls_last=True), "name")[:FLOOR])


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


# The side panel


@dataclass(frozen=True)
class Line(Glance):
    """One event in the panel; `waits` while it has no answer."""

    waits: bool = False


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

"""Every way an entry gets onto a timeline, and the standing columns that follow from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from regulars.lib import clock
from regulars.lib.errors import Invalid, Stale
from regulars.live import notices

from . import statements
from .kinds import EventKind, event_kinds
from .models import Event, Mention, Reading

if TYPE_CHECKING:
    from regulars.customers.models import Customer
    from regulars.staff.models import User

BATCH = 1_000
DATA_LIMIT = 32_000
AHEAD = timedelta(minutes=5)
NOBODY = 0
ERASED = "This customer was erased meanwhile"


@dataclass(frozen=True)
class NewEvent:
    """An event about to be recorded; `origin` makes a second recording of the same one a no-op.

    `history` marks what is brought in from elsewhere: it starts no clock and wants no reading.
    `read` marks what we have seen already, though somebody may still wait for the answer. `quiet`
    marks what nobody did with the customer, whatever its kind: being brought in by a file.
    """

    customer_id: int
    kind: str
    happened_at: datetime
    actor_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)
    origin: str = ""
    history: bool = False
    read: bool = False
    quiet: bool = False


def check(kind: str, data: object, happened_at: datetime | None, now: datetime) -> dict[str, str]:
    """What is wrong with an event as given by a person or a program, by field; {} when nothing."""
    errors = {}
    if kind not in event_kinds:
        errors["kind"] = f"“{kind[:60]}” is not a kind of event; see the list of event kinds"
    problem = _problem_with(data)
    if problem:
        errors["data"] = problem
    if happened_at is not None and happened_at > now + AHEAD:
        errors["happened_at"] = "This lies in the future"
    return errors


_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def _problem_with(data: object) -> str:
    if not isinstance(data, dict):
        return "The data must be an object"
    try:
        text = json.dumps(data, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (ValueError, RecursionError):
        return "The data hold characters or numbers that cannot be kept"
    if _NUL.search(text):
        return "The data hold a NUL character"
    return f"The data are longer than {DATA_LIMIT:,} characters" if len(text) > DATA_LIMIT else ""


def record(
    customer: Customer,
    kind: str,
    *,
    by: User | None,
    data: dict[str, Any] | None = None,
    happened_at: datetime | None = None,
    origin: str = "",
    only: Event | None = None,
) -> Event:
    """Put one event on the customer's timeline and return it.

    A reply answers everything unanswered up to its time, or just `only`. Raises `Invalid`, `Stale`
    of whoever was erased meanwhile.
    """
    now = clock.now()
    errors = check(kind, data or {}, happened_at, now)
    if errors:
        raise Invalid(errors)
    new = NewEvent(
        customer_id=customer.pk,
        kind=kind,
        happened_at=happened_at or now,
        actor_id=by.pk if by else None,
        data=data or {},
        origin=origin,
    )
    with transaction.atomic():
        (pk,) = _write([new], only=only.pk if only else None)
        return Event.objects.get(pk=pk) if pk else _known(customer.pk, origin)


def _known(customer: int, origin: str) -> Event:
    """The event there is, with whom they are now."""
    with connection.cursor() as cursor:
        cursor.execute(statements.FOLLOW, [[customer]])
        now = [customer, *(pk for _, pk in cursor.fetchall())]
    found = Event.objects.filter(customer__in=now, origin=origin).first() if origin else None
    if found is None:
        raise Stale(ERASED)
    return found


def record_many(events: Iterable[NewEvent]) -> list[int | None]:
    """Record events of many customers, 1,000 to a statement; ids in order, None where known, and
    of whoever was erased meanwhile.

    The caller has checked kinds and data. Each batch is its own transaction unless one is open.
    """
    ids: list[int | None] = []
    batch: list[NewEvent] = []
    for event in events:
        batch.append(event)
        if len(batch) == BATCH:
            ids += _write_batch(batch)
            batch = []
    return ids + _write_batch(batch) if batch else ids


def _write_batch(batch: list[NewEvent]) -> list[int | None]:
    with transaction.atomic():
        return _write(batch)


def _write(events: Sequence[NewEvent], *, only: int | None = None) -> list[int | None]:
    customers = sorted({e.customer_id for e in events})
    with connection.cursor() as cursor:
        # Locked first and in order: what follows then sees every other writer's events, and two
        # batches cannot wait for each other.
        cursor.execute(statements.LOCK, [customers])
        gone = set(customers) - {pk for (pk,) in cursor.fetchall()}
        if gone:
            events = _followed(cursor, events, gone)
        there = [e for e in events if e.customer_id != NOBODY]
        cursor.execute(statements.record(), _columns(there, only))
        rows = cursor.fetchall()
    notices.announce(sorted({e.customer_id for e in there}))
    by_origin = {(c, o): pk for pk, c, o in rows if o}
    plain = iter([pk for pk, _, o in rows if not o])
    return [
        None
        if e.customer_id == NOBODY
        else by_origin.pop((e.customer_id, e.origin), None)
        if e.origin
        else next(plain)
        for e in events
    ]


def _followed(cursor: Any, events: Sequence[NewEvent], gone: set[int]) -> list[NewEvent]:
    """Whoever became one with somebody else meanwhile has their events there; whoever was erased
    has none."""
    cursor.execute(statements.FOLLOW, [sorted(gone)])
    now = dict.fromkeys(gone, NOBODY) | dict(cursor.fetchall())
    cursor.execute(statements.LOCK, [sorted(set(now.values()))])
    return [replace(e, customer_id=now.get(e.customer_id, e.customer_id)) for e in events]


def _columns(events: Sequence[NewEvent], only: int | None) -> dict[str, Any]:
    kinds = [event_kinds[e.kind] for e in events]
    pairs = list(zip(events, kinds, strict=True))
    replies = _replies(events, kinds)
    return {
        "customer": [e.customer_id for e in events],
        "kind": [e.kind for e in events],
        "happened_at": [e.happened_at for e in events],
        "actor": [e.actor_id for e in events],
        "data": [json.dumps(e.data) for e in events],
        "origin": [e.origin for e in events],
        "awaits": [k.waits(e.data) and not e.history for e, k in pairs],
        "answers": [k.replies(e.data) for e, k in pairs],
        "wants_reading": [k.side == "customer" and not (e.history or e.read) for e, k in pairs],
        "is_activity": [k.is_activity and not e.quiet for e, k in pairs],
        "answered_at": [r and r.happened_at for r in replies],
        "answered_by": [r and r.actor_id for r in replies],
        "only": only,
    }


def _replies(events: Sequence[NewEvent], kinds: Sequence[EventKind]) -> list[NewEvent | None]:
    """Of each event the first later reply to the same customer in the batch, where it asks."""
    found: list[NewEvent | None] = [None] * len(events)
    latest: dict[int, NewEvent] = {}
    newest_first = sorted(range(len(events)), key=lambda n: (events[n].happened_at, n))[::-1]
    for n in newest_first:
        event, kind = events[n], kinds[n]
        if kind.replies(event.data):
            latest[event.customer_id] = event
        elif kind.waits(event.data) and not event.history:
            found[n] = latest.get(event.customer_id)
    return found


def resolve(customer: Customer, *, by: User, reason: str = "", event: Event | None = None) -> Event:
    """Turn the customer gray for everyone: all that waits, or one `event`, counts as addressed."""
    with transaction.atomic():
        done = record(
            customer,
            "customer.resolved",
            by=by,
            data={"reason": reason.strip()[:500]} if reason.strip() else {},
            only=event,
        )
        mark_read(customer, by=by)
    return done


def mark_read(customer: Customer, *, by: User) -> None:
    """Everything recorded up to now has been read by this user; the owner's reading is counted."""
    with connection.cursor() as cursor:
        cursor.execute(statements.READ, {"customer": customer.pk, "user": by.pk})


def mark_unread(customer: Customer, *, since: datetime | None, by: User) -> None:
    """This user has read only up to `since`, or nothing; the owner's reading is counted."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.LOCK, [[customer.pk]])
        mine = Reading.objects.filter(customer=customer, user=by)
        if since is None:
            mine.delete()
        else:
            mine.filter(read_at__gt=since).update(read_at=since)
        cursor.execute(statements.COUNT_UNREAD, {"customers": [customer.pk]})


def take_back(event: Event, *, by: User) -> None:
    """Remove what was put there by mistake: whoever it answered waits again, as before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.LOCK, [[event.customer_id]])
        cursor.execute(statements.TAKE_BACK, {"event": event.pk})
        Event.objects.filter(pk=event.pk).delete()
        derive_standing([event.customer_id])
        notices.announce([event.customer_id])


def withdraw(
    customers: Sequence[int], *, acts: Sequence[str], but: Sequence[int] = (), by: User | None
) -> set[int]:
    """Take back events that were brought in from elsewhere in these acts of writing; whose.

    Only those with an origin go, and not the ids in `but`: what people did here stays. The standing
    columns follow.
    """
    if not acts or not customers:
        return set()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.LOCK, [list(customers)])
        cursor.execute(statements.WITHDRAW, [list(customers), list(acts), list(but)])
        gone = {pk for (pk,) in cursor.fetchall()}
        if gone:
            cursor.execute(statements.REBUILD, {"customers": sorted(gone)})
            notices.announce(sorted(gone))
    return gone


def reword(event: Event, *, data: dict[str, Any], by: User | None) -> Event:
    """What an event says follows the row it stands for, such as a note that was edited.

    That row keeps its history; nothing else of an event ever changes. Raises `Invalid`.
    """
    problem = _problem_with(data)
    if problem:
        raise Invalid({"data": problem})
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statements.LOCK, [[event.customer_id]])
        event.data = data
        event.save(update_fields=["data"])
        notices.announce([event.customer_id])
    return event


def mention(event: Event, users: Iterable[User], *, by: User | None) -> None:
    """Ask these colleagues to look at the event; those already asked are not asked again."""
    now = clock.now()
    Mention.objects.bulk_create(
        [Mention(event=event, customer_id=event.customer_id, user=user, at=now) for user in users],
        ignore_conflicts=True,
    )


def count_unread(customers: Sequence[int]) -> None:
    """Count anew after the owner changed: unread is what the owner has not read."""
    with connection.cursor() as cursor:
        cursor.execute(statements.COUNT_UNREAD, {"customers": list(customers)})


def derive_standing(customers: Sequence[int]) -> None:
    """Derive the standing columns of these customers from their events, which have moved."""
    with connection.cursor() as cursor:
        for statement in (statements.REBUILD, *statements.relink()):
            cursor.execute(statement, {"customers": list(customers)})


def rebuild_standing(*, batch: int = BATCH) -> int:
    """Derive every customer's standing columns from the events, and the link tables' from them.

    Answers of how many customers something was wrong.
    """
    changed, after = 0, 0
    with connection.cursor() as cursor:
        while True:
            with transaction.atomic():
                cursor.execute(statements.NEXT_CUSTOMERS, {"after": after, "batch": batch})
                ids = [pk for (pk,) in cursor.fetchall()]
                if not ids:
                    return changed
                wrong: set[int] = set()
                for statement in (statements.REBUILD, *statements.relink()):
                    cursor.execute(statement, {"customers": ids})
                    wrong |= {pk for (pk,) in cursor.fetchall()}
                changed += len(wrong)
                after = ids[-1]

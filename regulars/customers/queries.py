"""Lists and searches of customers: bounded, in one order, starting from the gate."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject

from regulars.lib import names
from regulars.lib.errors import Invalid
from regulars.timeline.models import Event, Reading

from .cards import Card, Glance, badges
from .models import Customer, Email, Phone, SearchTerm, Tagging
from .search import MIN_DIGITS
from .visibility import scopes

if TYPE_CHECKING:
    from regulars.staff.models import User

PAGE = 50
MOST = 200
COUNTED = 1_000


@dataclass(frozen=True)
class Order:
    """A way to sort: the columns after which a page continues, the last one unique."""

    key: str
    label: str
    column: str
    descending: bool
    needs: Q = field(default_factory=Q)


ORDERS = {
    o.key: o
    for o in (
        Order("recent", "Latest activity", "last_activity_at", descending=True),
        Order(
            "waiting",
            "Longest waiting",
            "waiting_since",
            descending=False,
            needs=Q(waiting_since__isnull=False),
        ),
        Order("created", "Newest", "created_at", descending=True),
        Order("name", "Name", "sort_name", descending=False),
    )
}


@dataclass(frozen=True)
class Page:
    """One page of cards; `next` is the cursor of the following one, None at the end."""

    items: list[Card]
    next: str | None


class BadCursor(Invalid):
    def __init__(self) -> None:
        super().__init__({"cursor": "This cursor is not one of ours; start from the first page"})


def page(
    user: User,
    *,
    where: Q | None = None,
    sort: str = "recent",
    cursor: str | None = None,
    limit: int = PAGE,
    q: str = "",
    archived: bool = False,
) -> Page:
    """Cards of what `user` may see, fits `where` and the search words `q`, in the order `sort`.

    Two statements whatever the size. Raises `Invalid` for an unknown sort or a foreign cursor.
    """
    if sort not in ORDERS:
        raise Invalid({"sort": "Sort by " + ", ".join(ORDERS)})
    order = ORDERS[sort]
    condition = order.needs & (where or Q()) & Q(archived_at__isnull=not archived)
    if q.strip():
        condition &= _said(q)
    if cursor:
        condition &= _after(order, cursor)
    ids = _ids(user, condition, order, min(max(limit, 1), MOST) + 1)
    more = len(ids) > limit
    items = cards(user, ids[:limit])
    return Page(items, _cursor(order, items[-1].customer) if more and items else None)


def _ids(user: User, condition: Q, order: Order, count: int) -> list[int]:
    """The first `count` row ids; several scopes are asked one by one, each along its own index."""
    by = [("-" if order.descending else "") + order.column, "-id" if order.descending else "id"]
    conditions = scopes(user)
    rows = Customer.objects.get_queryset().filter(condition).order_by(*by)
    if conditions is not None and not conditions:
        return []
    if conditions is None or len(conditions) == 1 or order.key != "recent":
        rows = rows if conditions is None else rows.filter(_any(conditions))
        return list(rows.values_list("pk", flat=True)[:count])
    parts = [rows.filter(c).values_list("pk", order.column)[:count] for c in conditions]
    merged = parts[0].union(*parts[1:], all=True).order_by(*by)
    return [pk for pk, _ in merged[:count]]


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def cards(user: User, ids: Sequence[int]) -> list[Card]:
    """These customers in this order, with all that a card or an API row shows, in one statement.

    The caller has passed the gate.
    """
    if not ids:
        return []
    rows = (
        Customer.objects.get_queryset()
        .filter(pk__in=ids)
        .select_related("owner", "owner__team", "store", "group")
        .annotate(
            tag_names=ArraySubquery(
                Tagging.objects.filter(customer=OuterRef("pk"))
                .order_by("tag__name")
                .values_list("tag__name")
            ),
            phone_rows=_details(Phone, "typed", "e164", "digits", "status", "call_consent",
                                "text_consent", "label"),
            email_rows=_details(Email, "address", "status", "consent", "label"),
            asked=glance_at(Q(awaits_answer=True, answered_at=None)),
            latest=glance_at(Q(is_activity=True)),
            read_at=Subquery(
                Reading.objects.filter(customer=OuterRef("pk"), user=user.pk).values("read_at")
            ),
            **{f"badge_{b.key}": b.value() for b in badges},
        )
    )  # fmt: skip
    place = {pk: n for n, pk in enumerate(ids)}
    return [_card(row) for row in sorted(rows, key=lambda c: place[c.pk])]


def _card(row: Any) -> Card:
    return Card(
        customer=row,
        tags=row.tag_names,
        phones=[Phone(**p) for p in row.phone_rows],
        emails=[Email(**e) for e in row.email_rows],
        asked=Glance.read(row.asked),
        latest=Glance.read(row.latest),
        read_at=row.read_at,
        badges={b.key: getattr(row, f"badge_{b.key}") for b in badges},
    )


def _details(model: type[Phone] | type[Email], *columns: str) -> ArraySubquery:
    rows = (
        model._default_manager.filter(customer=OuterRef("pk"))
        .order_by("-contact__is_primary", "contact_id", "position", "id")
        .values(json=JSONObject(**{c: c for c in columns}))
    )
    return ArraySubquery(rows[:10])


def glance_at(condition: Q) -> Subquery:
    """The latest event that fits, as a card knows it."""
    return Subquery(
        Event.objects.filter(condition, customer=OuterRef("pk"))
        .order_by("-happened_at", "-id")
        .values(
            json=JSONObject(
                id="id",
                kind="kind",
                data="data",
                happened_at=Cast("happened_at", CharField()),
                actor="actor__name",
            )
        )[:1]
    )


def count(user: User, *, where: Q | None = None, archived: bool = False) -> int:
    """How many the list holds, counted to 1,001 at the most."""
    conditions = scopes(user)
    rows = Customer.objects.get_queryset().filter(
        (where or Q()) & Q(archived_at__isnull=not archived)
    )
    if conditions is not None:
        rows = rows.filter(_any(conditions))
    return rows.order_by()[: COUNTED + 1].count()


def waiting(user: User, *, limit: int = PAGE) -> list[Card]:
    """Cards of everyone who waits and whom `user` may see, the longest first."""
    return page(user, sort="waiting", limit=limit).items


def _cursor(order: Order, last: Customer) -> str:
    value = getattr(last, order.column)
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    raw = json.dumps([order.key, text, last.pk], ensure_ascii=False)
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _after(order: Order, cursor: str) -> Q:
    """Everything behind the cursor, written so that the index is entered where the page ended."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        key, text, pk = json.loads(raw)
        if key != order.key or not isinstance(text, str) or type(pk) is not int:
            raise BadCursor
        if not 0 < pk < 2**63 or "\x00" in text:
            raise BadCursor
        value: Any = text
        if order.column != "sort_name":
            value = datetime.fromisoformat(text)
            if value.tzinfo is None:
                raise BadCursor
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise BadCursor from None
    near, far, past = ("lte", "lt", "id__lt") if order.descending else ("gte", "gt", "id__gt")
    return Q((f"{order.column}__{near}", value)) & (
        Q((f"{order.column}__{far}", value)) | Q((past, pk))
    )


# Search: what was typed becomes ranges of the postings table.


def _ranges(q: str) -> list[tuple[str, str]]:
    """Half-open ranges of terms in the postings' byte order."""
    text = q.strip()[:200]
    beginnings = []
    digits = "".join(str(int(c)) for c in text if c.isdecimal())
    if len(digits) >= MIN_DIGITS and not any(c.isalpha() for c in text):
        digits = digits.removeprefix("00") if text.startswith("00") else digits
        beginnings += ["p" + digits, "r" + digits[::-1]]
    folded = names.fold(text)
    if folded and any(c.isalpha() for c in folded):
        beginnings.append("n" + folded)
    lowered = text.lower()
    if " " not in lowered and any(c.isalpha() for c in lowered):
        beginnings.append(lowered if lowered.startswith("@") else "e" + lowered)
    return [(b, b + "\U0010ffff") for b in beginnings if "\x00" not in b and len(b) > 1]


def _postings(q: str) -> QuerySet[SearchTerm]:
    found: Q | None = None
    for low, high in _ranges(q):
        part = Q(term__gte=low, term__lt=high)
        found = part if found is None else found | part
    if found is None:
        return SearchTerm.objects.none()
    return SearchTerm.objects.filter(found)


def _said(q: str) -> Q:
    """The condition “found by these words”, by an exact list when it is short."""
    postings = _postings(q)
    ids = list(postings.values_list("customer_id", flat=True)[: COUNTED + 1])
    if len(ids) <= COUNTED:
        return Q(pk__in=set(ids))
    return Q(pk__in=postings.values("customer_id"))


def search(user: User, q: str, *, limit: int = 20) -> list[Card]:
    """The customers that `q` finds, newest activity first, visible ones only.

    `q` is a name in any order and with or without accents, an email or its domain, or at least
    four digits that a number begins or ends with.
    """
    if not _ranges(q):
        return []
    return page(user, q=q, limit=limit).items

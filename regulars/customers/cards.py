"""The card: what a list shows of one customer; and the sockets where packs add to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models.expressions import BaseExpression, Combinable
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property  # Python 3.11's own takes a lock each time

from regulars.lib import phones
from regulars.lib.registry import Registry
from regulars.timeline.freshness import Freshness, freshness
from regulars.timeline.kinds import EventKind, Side, kind_of
from regulars.timeline.thresholds import ageing

from .channels import Way, ways

if TYPE_CHECKING:
    from regulars.staff.models import User

    from .models import Customer


@dataclass(frozen=True)
class Badge:
    """A mark on the card: `value` is an annotation, never a query per row.

    The keys active_deals, all_deals, financial and intent have their places on the card and in
    the API; any other badge is shown as text made by `shown`, where "" shows nothing.
    """

    key: str
    label: str
    value: Callable[[], BaseExpression | Combinable]
    shown: Callable[[Any], str] = str


@dataclass(frozen=True)
class Panel:
    """A box on the customer page: `template` is drawn with what `context` answers.

    `side` is where it stands: "start" under the identity, "end" beside the timeline: up to order
    50 before the contacts and places, then after them. `function`,
    when given, is the right it needs at View. `rows` is an expression about the customer that the
    page reads in its own one statement; `context` is then given what it found, as a third.
    `rows_for(user)` is the same where it depends on who looks, such as for other customers. A
    template that draws nothing leaves no box.
    """

    key: str
    label: str
    template: str
    context: Callable[..., dict[str, Any]]
    side: str = "end"
    order: int = 50
    function: str = ""
    rows: Callable[[], BaseExpression | Combinable] | None = None
    rows_for: Callable[[User], BaseExpression | Combinable] | None = None

    def read_by(self, user: User) -> BaseExpression | Combinable | None:
        """What the page reads for it."""
        return self.rows_for(user) if self.rows_for else self.rows() if self.rows else None

    def drawn_with(
        self, request: HttpRequest, customer: Customer, rows: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The template's context; `rows` are those of all panels, by key."""
        if self.key not in rows:
            return self.context(request, customer)
        return self.context(request, customer, rows[self.key])


badges: Registry[Badge] = Registry("badges")
panels: Registry[Panel] = Registry("panels")


@dataclass(frozen=True)
class Glance:
    """One event as a card knows it."""

    id: int
    kind: str
    data: dict[str, Any]
    happened_at: datetime
    actor: str | None

    @property
    def what(self) -> EventKind:
        return kind_of(self.kind)

    @property
    def sentence(self) -> str:
        """The verb phrase, its first letter large: “Asked about the 2026 Highlander”."""
        text = self.what.say(self.data)
        if self.what.side is Side.US and self.actor:
            return f"{self.actor} {text}"
        return text[:1].upper() + text[1:]

    @property
    def quote(self) -> str:
        return self.what.quoted(self.data)

    @classmethod
    def read(cls, row: Mapping[str, Any] | None) -> Glance | None:
        if row is None:
            return None
        return cls(**{**row, "happened_at": datetime.fromisoformat(row["happened_at"])})


class TagLine(NamedTuple):
    """A tag as a card knows it; `colour` is "" for none."""

    name: str
    colour: str


class PhoneLine(NamedTuple):
    """A phone number as a card knows it; see `models.Phone`."""

    typed: str
    e164: str
    digits: str
    label: str
    status: str
    call_consent: str
    text_consent: str
    call_consent_until: str | None = None
    text_consent_until: str | None = None
    extension: str = ""

    @property
    def shown(self) -> str:
        return phones.shown(self.e164, extension=self.extension) or self.typed

    @property
    def dialled(self) -> str:
        return self.e164 or self.digits


class EmailLine(NamedTuple):
    """An email address as a card knows it; see `models.Email`."""

    address: str
    label: str
    status: str
    consent: str
    consent_until: str | None = None


@dataclass(frozen=True)
class Card:
    """One customer with all that a row, a queue entry or an API answer shows, without a query."""

    customer: Customer
    tags: Sequence[TagLine]
    phones: Sequence[PhoneLine]
    emails: Sequence[EmailLine]
    asked: Glance | None
    latest: Glance | None
    read_at: datetime | None
    badges: Mapping[str, Any]
    mentioned: bool = False

    @cached_property
    def ways(self) -> tuple[Way, Way, Way]:
        return ways(
            self.phones,
            self.emails,
            today=timezone.localdate(),
            asked_by=self.asked.kind if self.asked else "",
        )

    @property
    def why(self) -> str:
        """What they did that waits, in their words where there are any; else the latest."""
        event = self.asked or self.latest
        return "" if event is None else event.what.briefly(event.data) or event.sentence

    def is_unread(self, joined_at: datetime) -> bool:
        """Whether something came in that this reader, here since `joined_at`, has not seen.

        Being mentioned by a colleague is something too.
        """
        came = self.customer.last_inbound_at
        return self.mentioned or (came is not None and came > (self.read_at or joined_at))

    def freshness(self, now: datetime) -> Freshness:
        return freshness(self.customer.waiting_since, now, ageing())

    @property
    def active_deals(self) -> int:
        return int(self.badges.get("active_deals") or 0)

    @property
    def all_deals(self) -> int:
        return int(self.badges.get("all_deals") or 0)

    @property
    def financial(self) -> int | None:
        return self.badges.get("financial")

    @property
    def intent(self) -> int | None:
        return self.badges.get("intent")

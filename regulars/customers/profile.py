"""One customer with all that their page shows, read in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from regulars.timeline.freshness import Freshness, freshness
from regulars.timeline.models import Event, Reading
from regulars.timeline.thresholds import ageing

from .cards import Glance, badges, panels
from .channels import Way, ways
from .models import Contact, Customer, Email, ExternalId, Location, Phone, Tagging
from .notes.onpage import Pinned, pinned_rows, type_rows
from .queries import glance_at

if TYPE_CHECKING:
    from regulars.staff.models import User

COUNTED = 1_000


@dataclass(frozen=True)
class Person:
    """A contact with how to reach them."""

    contact: Contact
    emails: Sequence[Email]
    phones: Sequence[Phone]


@dataclass(frozen=True)
class TagMark:
    """A tag on this customer; `by` is "" when no colleague put it there."""

    name: str
    colour: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Tenure:
    """How the customer came to their owner."""

    at: datetime
    reason: str
    by: str


@dataclass(frozen=True)
class Profile:
    """`kinds` are those of the latest 1,001 events; `read_at` is the viewer's last reading."""

    customer: Customer
    people: Sequence[Person]
    locations: Sequence[Location]
    tags: Sequence[TagMark]
    external_ids: Sequence[ExternalId]
    asked: Glance | None
    tenure: Tenure | None
    kinds: Sequence[str]
    read_at: datetime | None
    badges: Mapping[str, Any]
    panel_rows: Mapping[str, Any]
    pinned: Sequence[Pinned]
    note_types: Sequence[tuple[int, str]]

    @cached_property
    def ways(self) -> tuple[Way, Way, Way]:
        return ways(
            [phone for person in self.people for phone in person.phones],
            [email for person in self.people for email in person.emails],
            today=timezone.localdate(),
            asked_by=self.asked.kind if self.asked else "",
        )

    def freshness(self, now: datetime) -> Freshness:
        return freshness(self.customer.waiting_since, now, ageing())


def profile(user: User, public_id: UUID) -> Profile:
    """The customer as `user` sees their page; raises `Customer.DoesNotExist` behind the gate."""
    read = Reading.objects.filter(customer=OuterRef("pk"), user=user.pk).values("read_at")
    beside = {panel.key: panel.read_by(user) for panel in panels}
    asked = {key: rows for key, rows in beside.items() if rows is not None}
    row: Any = (
        _whole(Customer.objects.visible_to(user).known_as(public_id))
        .annotate(read_at=Subquery(read), **{f"panel_{key}": rows for key, rows in asked.items()})
        .get()
    )
    return Profile(
        customer=row,
        people=_people(row),
        locations=[Location(**_timed(facts)) for facts in row.location_rows],
        tags=[
            TagMark(tag["name"], tag["colour"], datetime.fromisoformat(tag["at"]), tag["by"] or "")
            for tag in row.tag_marks
        ],
        external_ids=[ExternalId(**facts) for facts in row.id_rows],
        asked=Glance.read(row.asked),
        tenure=_tenure(row),
        kinds=row.kinds,
        read_at=row.read_at,
        badges={b.key: getattr(row, f"badge_{b.key}") for b in badges},
        panel_rows={key: getattr(row, f"panel_{key}") for key in asked},
        pinned=[Pinned.read(facts) for facts in row.pinned_notes],
        note_types=[(facts["id"], facts["name"]) for facts in row.note_types],
    )


def _whole(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    related = ("owner", "owner__team", "store", "group", "category", "created_by")
    return rows.select_related(*related).annotate(
        contact_rows=_rows(Contact, "is_primary", "first_name", "last_name", "title", "role",
                           "language", "time_zone", "birthday", "about"),
        phone_rows=_rows(Phone, "contact_id", "typed", "e164", "digits", "extension", "label",
                         "status", "status_at", "call_consent", "call_consent_at",
                         "call_consent_until", "text_consent", "text_consent_at",
                         "text_consent_until", order="position"),
        email_rows=_rows(Email, "contact_id", "address", "label", "status", "status_at", "consent",
                         "consent_basis", "consent_at", "consent_until", order="position"),
        location_rows=_rows(Location, "is_primary", "name", "kind", "line1", "line2", "city",
                            "state", "postal_code", "country", "check_level", "checked_at"),
        id_rows=_rows(ExternalId, "system", "value"),
        tag_marks=ArraySubquery(
            Tagging.objects.filter(customer=OuterRef("pk")).order_by("tag__name")
            .values(json=JSONObject(name="tag__name", colour="tag__colour", at="added_at",
                                    by="added_by__name"))
        ),
        asked=glance_at(Q(awaits_answer=True, answered_at=None)),
        handed=Subquery(
            Event.objects.filter(customer=OuterRef("pk"), kind="customer.reassigned")
            .order_by("-happened_at", "-id")
            .values(json=JSONObject(data="data", at="happened_at", by="actor__name"))[:1]
        ),
        kinds=ArraySubquery(
            Event.objects.filter(customer=OuterRef("pk")).order_by("-happened_at", "-id")
            .values("kind")[: COUNTED + 1]
        ),
        pinned_notes=pinned_rows(),
        note_types=type_rows(),
        **{f"badge_{b.key}": b.value() for b in badges},
    )  # fmt: skip


def _rows(model: type[Any], *columns: str, order: str = "") -> ArraySubquery:
    """All of one customer's rows of `model`, as objects; primary ones first."""
    primary = ["-is_primary"] if "is_primary" in columns else []
    rows = model._default_manager.filter(customer=OuterRef("pk")).order_by(
        *primary, *([order] if order else []), "id"
    )
    return ArraySubquery(rows.values(json=JSONObject(id="id", **{c: c for c in columns})))


def _people(row: Any) -> list[Person]:
    emails = [Email(**_timed(facts)) for facts in row.email_rows]
    phones = [Phone(**_timed(facts)) for facts in row.phone_rows]
    return [
        Person(
            contact,
            [email for email in emails if email.contact_id == contact.pk],
            [phone for phone in phones if phone.contact_id == contact.pk],
        )
        for contact in (Contact(**facts) for facts in row.contact_rows)
    ]


def _timed(facts: dict[str, Any]) -> dict[str, Any]:
    """JSON has no times and days: those of a row are read back."""
    for key, value in facts.items():
        if value and key.endswith("_at"):
            facts[key] = datetime.fromisoformat(value)
        elif value and key.endswith("_until"):
            facts[key] = date.fromisoformat(value)
    return facts


def _tenure(row: Any) -> Tenure | None:
    if row.owner_id is None or row.owned_since is None:
        return None
    handed = row.handed or {}
    data = handed.get("data") or {}
    if data.get("to_id") != str(row.owner_id):
        return Tenure(row.owned_since, "", row.created_by.name if row.created_by else "")
    return Tenure(row.owned_since, data.get("reason", ""), handed.get("by") or "")

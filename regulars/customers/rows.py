"""Customers as programs see them: everything of any number of them in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from regulars.timeline.freshness import freshness
from regulars.timeline.models import Reading

from .cards import badges
from .models import Contact, Customer, Email, ExternalId, Location, Phone, Tagging
from .schemas import ContactRow, CustomerRow, EmailRow, LocationRow, NamedRow, PhoneRow

if TYPE_CHECKING:
    from regulars.staff.models import User

EMAIL = ("contact_id", "address", "label", "status", "consent", "consent_basis")
PHONE = (
    "contact_id", "typed", "e164", "extension", "label", "status", "call_consent", "text_consent"
)  # fmt: skip
PLACE = ("name", "kind", "line1", "line2", "city", "state", "postal_code", "country")


def load(user: User, ids: Sequence[int]) -> list[Customer]:
    """These customers in this order, with what `row` needs. The caller has passed the gate."""
    if not ids:
        return []
    rows = (
        Customer.objects.get_queryset()
        .filter(pk__in=ids)
        .select_related("owner__team", "store", "group")
        .annotate(
            tag_names=ArraySubquery(
                Tagging.objects.filter(customer=OuterRef("pk"))
                .order_by("tag__name")
                .values_list("tag__name")
            ),
            contact_rows=_all(Contact, "id", "first_name", "last_name", "title", "is_primary"),
            email_rows=_all(Email, *EMAIL),
            phone_rows=_all(Phone, *PHONE),
            location_rows=_all(Location, "id", *PLACE, "is_primary"),
            id_rows=_all(ExternalId, "system", "value"),
            read_at=Subquery(
                Reading.objects.filter(customer=OuterRef("pk"), user=user.pk).values("read_at")
            ),
            **{f"badge_{b.key}": b.value() for b in badges},
        )
    )
    place = {pk: n for n, pk in enumerate(ids)}
    return sorted(rows, key=lambda customer: place[customer.pk])


def _all(model: type[Any], *columns: str) -> ArraySubquery:
    """A customer's rows of `model` in their own order."""
    rows = model._default_manager.filter(customer=OuterRef("pk"))
    return ArraySubquery(rows.values(json=JSONObject(**{c: c for c in columns})))


def row(customer: Any, *, user: User, now: datetime) -> CustomerRow:
    """One loaded customer; `unread` is whether this user has not seen what came in last."""
    came = customer.last_inbound_at
    owner = customer.owner
    return {
        "id": str(customer.public_id),
        "name": customer.name,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "company": customer.company,
        "type": customer.type,
        "source": customer.source or None,
        "source_other": customer.source_other,
        "owner": _named(owner),
        "store": _named(customer.store),
        "team": _named(owner.team if owner else None),
        "group": customer.group.name if customer.group else None,
        "tags": customer.tag_names,
        "contacts": [_contact(facts, customer) for facts in customer.contact_rows],
        "locations": [_location(facts) for facts in customer.location_rows],
        "external_ids": {facts["system"]: facts["value"] for facts in customer.id_rows},
        "created_at": customer.created_at,
        "last_activity_at": customer.last_activity_at,
        "waiting_since": customer.waiting_since,
        "freshness": freshness(customer.waiting_since, now).value,
        "unread": came is not None and came > (customer.read_at or user.created_at),
        "financial": getattr(customer, "badge_financial", None),
        "intent": getattr(customer, "badge_intent", None),
        "active_deals": getattr(customer, "badge_active_deals", None) or 0,
        "all_deals": getattr(customer, "badge_all_deals", None) or 0,
        "archived_at": customer.archived_at,
        "url": f"{settings.BASE_URL}{customer.get_absolute_url()}",
    }


def _named(thing: Any) -> NamedRow | None:
    return {"id": thing.pk, "name": thing.name} if thing else None


def _contact(facts: dict[str, Any], customer: Any) -> ContactRow:
    emails = [_email(e) for e in customer.email_rows if e["contact_id"] == facts["id"]]
    phones = [_phone(p) for p in customer.phone_rows if p["contact_id"] == facts["id"]]
    return {
        "id": facts["id"],
        "first_name": facts["first_name"],
        "last_name": facts["last_name"],
        "title": facts["title"],
        "primary": facts["is_primary"],
        "email": emails[0]["address"] if emails else None,
        "phone": (phones[0]["e164"] or phones[0]["number"]) if phones else None,
        "emails": emails,
        "phones": phones,
    }


def _email(facts: dict[str, Any]) -> EmailRow:
    return {
        "address": facts["address"],
        "label": facts["label"],
        "status": facts["status"],
        "consent": facts["consent"],
        "consent_basis": facts["consent_basis"],
    }


def _phone(facts: dict[str, Any]) -> PhoneRow:
    return {
        "number": facts["typed"],
        "e164": facts["e164"] or None,
        "extension": facts["extension"],
        "label": facts["label"],
        "status": facts["status"],
        "call_consent": facts["call_consent"],
        "text_consent": facts["text_consent"],
    }


def _location(facts: dict[str, Any]) -> LocationRow:
    return {
        "id": facts["id"],
        "name": facts["name"],
        "kind": facts["kind"] or None,
        "line1": facts["line1"],
        "line2": facts["line2"],
        "city": facts["city"],
        "state": facts["state"],
        "postal_code": facts["postal_code"],
        "country": facts["country"],
        "primary": facts["is_primary"],
    }

"""Customers as programs see them: everything of any number of them in one statement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.urls import reverse

from regulars.timeline.freshness import freshness
from regulars.timeline.thresholds import ageing

from .custom import values
from .custom.values import Definition
from .deck import marks_of
from .households import called
from .models import Customer
from .schemas.records import CustomerRow, CustomSaid, HouseholdRow
from .schemas.refs import CustomerRef, NamedRow

if TYPE_CHECKING:
    from regulars.staff.models import User

# Written by hand, and its lists already in the shape of the answer: through the ORM the same
# rows cost several times the processor.
_EMAILS = """(
  SELECT coalesce(json_agg(json_build_object('id', e.id, 'address', e.address, 'label', e.label,
    'status', e.status, 'consent', e.consent, 'consent_basis', e.consent_basis,
    'consent_at', e.consent_at, 'consent_until', e.consent_until)
    ORDER BY e.position, e.id), '[]')
  FROM customers_email e WHERE e.contact_id = k.id
)"""

_PHONES = """(
  SELECT coalesce(json_agg(json_build_object('id', p.id, 'number', p.typed,
    'e164', nullif(p.e164, ''), 'extension', p.extension, 'label', p.label, 'status', p.status,
    'call_consent', p.call_consent, 'call_consent_until', p.call_consent_until,
    'text_consent', p.text_consent, 'text_consent_until', p.text_consent_until)
    ORDER BY p.position, p.id), '[]')
  FROM customers_phone p WHERE p.contact_id = k.id
)"""

_CONTACTS = f"""(
  SELECT json_agg(json_build_object('id', k.id, 'first_name', k.first_name,
    'last_name', k.last_name, 'title', k.title, 'role', k.role, 'language', k.language,
    'time_zone', k.time_zone, 'birthday', k.birthday, 'about', k.about, 'primary', k.is_primary,
    'emails', {_EMAILS}, 'phones', {_PHONES}) ORDER BY k.is_primary DESC, k.id)
  FROM customers_contact k WHERE k.customer_id = c.id
)::text"""  # noqa: S608 (made of constants)

_LOCATIONS = """(
  SELECT json_agg(json_build_object('id', l.id, 'name', l.name, 'kind', nullif(l.kind, ''),
    'line1', l.line1, 'line2', l.line2, 'city', l.city, 'state', l.state,
    'postal_code', l.postal_code, 'country', l.country, 'county', l.county,
    'check_level', nullif(l.check_level, ''), 'latitude', l.latitude, 'longitude', l.longitude,
    'primary', l.is_primary)
    ORDER BY l.is_primary DESC, l.id)
  FROM customers_location l WHERE l.customer_id = c.id
)::text"""

ROWS = f"""
SELECT c.id, c.version, c.public_id, c.name, c.first_name, c.last_name, c.company, c.type,
  c.source, c.source_other, o.id, o.name, s.id, s.name, t.id, t.name, g.name, q.name,
  ARRAY(SELECT tag.name FROM customers_tagging x JOIN customers_tag tag ON tag.id = x.tag_id
        WHERE x.customer_id = c.id ORDER BY tag.name),
  {_CONTACTS},
  {_LOCATIONS},
  (SELECT json_object_agg(i.system, i.value ORDER BY i.system) FROM customers_externalid i
   WHERE i.customer_id = c.id)::text,
  (SELECT json_object_agg(f.key, json_build_object('kind', f.kind, 'text', v.text,
     'number', v.number::text, 'day', v.day) ORDER BY f.position, f.id)
   FROM customers_customvalue v JOIN customers_customfield f ON f.id = v.field_id
   WHERE v.customer_id = c.id AND f.archived_at IS NULL)::text,
  c.household_id, h.name, c.relation, c.referred_by_id, c.referral_source,
  c.created_at, c.last_activity_at, c.last_inbound_at, c.waiting_since, c.archived_at,
  (SELECT r.read_at FROM timeline_reading r
   WHERE r.customer_id = c.id AND r.user_id = %(user)s),
  EXISTS (SELECT FROM timeline_mention m
          WHERE m.customer_id = c.id AND m.user_id = %(user)s AND m.seen_at IS NULL)
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS w(id, n)
JOIN customers_customer c ON c.id = w.id
LEFT JOIN staff_user o ON o.id = c.owner_id
LEFT JOIN staff_team t ON t.id = o.team_id
LEFT JOIN staff_store s ON s.id = c.store_id
LEFT JOIN customers_group g ON g.id = c.group_id
LEFT JOIN customers_category q ON q.id = c.category_id
LEFT JOIN customers_household h ON h.id = c.household_id
ORDER BY w.n
"""  # noqa: S608 (made of constants)


@dataclass(frozen=True)
class Loaded:
    """One customer for programs, with the version that its ETag begins with."""

    version: int
    row: CustomerRow


def load(user: User, ids: Sequence[int], *, now: datetime) -> list[Loaded]:
    """These customers in this order, as this user sees them; the caller has passed the gate.

    One statement, and one more when packs have plugged in badges.
    """
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"ids": list(ids), "user": user.pk})
        found = cursor.fetchall()
    marks, page = marks_of(ids), _page()
    near = _near(user, found)
    return [_loaded(row, marks.get(row[0], {}), near, user, now, page) for row in found]


HOUSEHOLD, REFERRER = 23, 26  # in the columns of ROWS


def _near(user: User, found: Sequence[Sequence[Any]]) -> list[Customer]:
    """Members of the households and referrers of these customers, of those the user may see."""
    households = {row[HOUSEHOLD] for row in found} - {None}
    referrers = {row[REFERRER] for row in found} - {None}
    if not (households or referrers):
        return []
    wanted = Q(household__in=households) | Q(pk__in=referrers)
    rows = Customer.objects.visible_to(user).filter(wanted).order_by("pk")
    return list(rows.only("pk", "public_id", "name", "last_name", "household"))


def _household(
    pk: int, last_name: str, household: int | None, name: str, near: Sequence[Customer]
) -> HouseholdRow | None:
    if household is None:
        return None
    others = [one for one in near if one.household_id == household and one.pk != pk]
    home = [last_name, *sorted(one.last_name for one in others)]
    return {"id": household, "name": called(name, home), "members": [_ref(one) for one in others]}


def _ref(customer: Customer) -> CustomerRef:
    return {"id": str(customer.public_id), "name": customer.name}


def _page() -> str:
    """The address of a customer's page, with {} for their id: found once for any number."""
    nobody = UUID(int=0)
    return settings.BASE_URL + reverse("desk:customer", args=[nobody]).replace(str(nobody), "{}")


def _loaded(
    found: Sequence[Any],
    marks: Mapping[str, Any],
    near: Sequence[Customer],
    user: User,
    now: datetime,
    page: str,
) -> Loaded:
    (pk, version, public_id, name, first_name, last_name, company, kind, source, source_other,
     owner_id, owner, store_id, store, team_id, team, group, category, tags, contacts, locations,
     ids, custom, household, household_name, relation, referrer, referral_source,
     created_at, active_at, came_at, waiting_since, archived_at,
     read_at, mentioned) = found  # fmt: skip
    row: CustomerRow = {
        "id": str(public_id),
        "name": name,
        "first_name": first_name,
        "last_name": last_name,
        "company": company,
        "type": kind,
        "source": source or None,
        "source_other": source_other,
        "owner": _named(owner_id, owner),
        "store": _named(store_id, store),
        "team": _named(team_id, team),
        "group": group,
        "category": category,
        "tags": tags,
        "contacts": [_with_firsts(contact) for contact in json.loads(contacts or "[]")],
        "locations": json.loads(locations or "[]"),
        "external_ids": json.loads(ids or "{}"),
        "household": _household(pk, last_name, household, household_name, near),
        "relation": relation,
        "referred_by": next((_ref(one) for one in near if one.pk == referrer), None),
        "referral_source": referral_source,
        "custom": _custom(custom),
        "created_at": created_at,
        "last_activity_at": active_at,
        "waiting_since": waiting_since,
        "freshness": freshness(waiting_since, now, ageing()).value,
        "unread": mentioned or (came_at is not None and came_at > (read_at or user.created_at)),
        "financial": marks.get("financial"),
        "intent": marks.get("intent"),
        "active_deals": marks.get("active_deals") or 0,
        "all_deals": marks.get("all_deals") or 0,
        "archived_at": archived_at,
        "url": page.format(public_id),
    }
    return Loaded(version, row)


def _named(pk: int | None, name: str) -> NamedRow | None:
    return None if pk is None else {"id": pk, "name": name}


def _custom(said: str | None) -> dict[str, CustomSaid]:
    found: dict[str, CustomSaid] = {}
    for key, row in json.loads(said or "{}").items():
        value = values.given(values.kept(Definition(0, key, "", row["kind"]), row))
        if value is not None:
            found[key] = value
    return found


def _with_firsts(contact: Any) -> Any:
    emails, phones = contact["emails"], contact["phones"]
    contact["email"] = emails[0]["address"] if emails else None
    contact["phone"] = (phones[0]["e164"] or phones[0]["number"]) if phones else None
    return contact

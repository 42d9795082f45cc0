"""The cards of one page, read by one statement written by hand.

Said through the ORM the same page cost six times the processor: half in composing the statement
anew for every request, half in making a model of every phone, email, store and owner.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

from regulars.staff.models import Store, Team, User

from .cards import Card, EmailLine, Glance, PhoneLine, TagLine, badges
from .models import Customer, Group

# In the order of the fields of `Glance`, `PhoneLine` and `EmailLine`.
_EVENT = """(
  SELECT json_build_array(e.id, e.kind, e.data, e.happened_at, a.name)
  FROM timeline_event e LEFT JOIN staff_user a ON a.id = e.actor_id
  WHERE e.customer_id = c.id AND {which}
  ORDER BY e.happened_at DESC, e.id DESC LIMIT 1
)::text"""

_LINES = """(
  SELECT json_agg(l.line) FROM (
    SELECT json_build_array({columns}) AS line
    FROM {table} d JOIN customers_contact k ON k.id = d.contact_id
    WHERE d.customer_id = c.id
    ORDER BY k.is_primary DESC, k.id, d.position, d.id LIMIT 10
  ) l
)::text"""

_COLUMNS = list(Customer._meta.concrete_fields)
_NAMES = [field.attname for field in _COLUMNS]
_PEOPLE = ["id", "email", "name", "team_id", "store_id", "is_active", "last_seen_at"]

CARDS = f"""
SELECT {", ".join(f"c.{field.column}" for field in _COLUMNS)},
  {", ".join(f"o.{column}" for column in _PEOPLE)}, t.name, s.name, g.name,
  ARRAY(SELECT ARRAY[tag.name, tag.colour]
        FROM customers_tagging x JOIN customers_tag tag ON tag.id = x.tag_id
        WHERE x.customer_id = c.id ORDER BY tag.name),
  {
    _LINES.format(
        table="customers_phone",
        columns="d.typed, d.e164, d.digits, d.label, d.status, d.call_consent, d.text_consent, "
        "d.call_consent_until, d.text_consent_until, d.extension",
    )
},
  {
    _LINES.format(
        table="customers_email",
        columns="d.address, d.label, d.status, d.consent, d.consent_until",
    )
},
  {_EVENT.format(which="e.awaits_answer AND e.answered_at IS NULL")},
  {_EVENT.format(which="e.is_activity")},
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
ORDER BY w.n
"""  # noqa: S608 (columns and tables, no values)


def cards(user: User, ids: Sequence[int], *, marked: bool = True) -> list[Card]:
    """These customers in this order, with all that a card shows; the caller has passed the gate.

    One statement, and one more when they are `marked` and packs have plugged in badges.
    """
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(CARDS, {"ids": list(ids), "user": user.pk})
        rows = cursor.fetchall()
    marks = marks_of(ids) if marked else {}
    shared = _Shared()
    return [_card(row, marks, shared) for row in rows]


Made = TypeVar("Made", bound=models.Model)


def _made(model: type[Made], columns: Sequence[str], values: Sequence[Any]) -> Made:
    """A row of `model` as it stands in the database.

    As unpickling makes it, without `__init__`: that sends two signals and looks for defaults of
    every column, two thirds of the work of a page's cards.
    """
    row = model.__new__(model)
    row._state = ModelState()
    row._state.db, row._state.adding = "default", False
    row.__dict__.update(zip(columns, values, strict=True))
    return row


class _Shared:
    """Owners, teams, stores and groups, made once for a page."""

    def __init__(self) -> None:
        self._made: dict[tuple[type[models.Model], int], Any] = {}

    def named(self, model: type[models.Model], pk: int | None, name: str | None) -> Any:
        if pk is None:
            return None
        found = self._made.get((model, pk))
        if found is None:
            found = self._made[model, pk] = _made(model, ("id", "name"), (pk, name))
        return found

    def owner(self, columns: Sequence[Any], team: str | None) -> User | None:
        pk = columns[0]
        if pk is None:
            return None
        found: User | None = self._made.get((User, pk))
        if found is None:
            found = self._made[User, pk] = _made(User, _PEOPLE, columns)
            _relate(found, "team", self.named(Team, found.team_id, team))
        return found


def _card(row: Sequence[Any], marks: dict[int, dict[str, Any]], shared: _Shared) -> Card:
    one = len(_NAMES)
    two = one + len(_PEOPLE)
    customer = _made(Customer, _NAMES, row[:one])
    team, store, group, tags, phones, emails, asked, latest, read_at, mentioned = row[two:]
    _relate(customer, "store", shared.named(Store, customer.store_id, store))
    _relate(customer, "group", shared.named(Group, customer.group_id, group))
    _relate(customer, "owner", shared.owner(row[one:two], team))
    return Card(
        customer=customer,
        tags=[TagLine(*tag) for tag in tags],
        phones=[PhoneLine(*line) for line in json.loads(phones)] if phones else [],
        emails=[EmailLine(*line) for line in json.loads(emails)] if emails else [],
        asked=_glance(asked),
        latest=_glance(latest),
        read_at=read_at,
        mentioned=mentioned,
        badges=marks.get(customer.pk, {}),
    )


def _glance(event: str | None) -> Glance | None:
    if event is None:
        return None
    pk, kind, data, happened_at, actor = json.loads(event)
    return Glance(pk, kind, data, datetime.fromisoformat(happened_at), actor)


def _relate(row: models.Model, name: str, to: models.Model | None) -> None:
    row._state.fields_cache[name] = to


def marks_of(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    if not len(badges):
        return {}
    values = {f"badge_{badge.key}": badge.value() for badge in badges}
    rows = Customer.objects.get_queryset().filter(pk__in=ids).annotate(**values)
    return {
        pk: {badge.key: mark for badge, mark in zip(badges, found, strict=True)}
        for pk, *found in rows.values_list("pk", *values)
    }

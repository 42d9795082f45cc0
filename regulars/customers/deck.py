"""The cards of one page, read by one statement written by hand.

Said through the ORM the same page cost six times the processor: half in composing the statement
anew for every request, half in making a model of every phone, email, store and owner.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from regulars.staff.models import Store, Team, User

from .cards import Card, EmailLine, Glance, PhoneLine, badges
from .models import Customer, Group

if TYPE_CHECKING:
    from collections.abc import Callable

_EVENT = """(
  SELECT json_build_object('id', e.id, 'kind', e.kind, 'data', e.data,
    'happened_at', e.happened_at, 'actor', a.name)
  FROM timeline_event e LEFT JOIN staff_user a ON a.id = e.actor_id
  WHERE e.customer_id = c.id AND {which}
  ORDER BY e.happened_at DESC, e.id DESC LIMIT 1
)::text"""

_LINES = """(
  SELECT json_agg(l) FROM (
    SELECT {columns} FROM {table} d JOIN customers_contact k ON k.id = d.contact_id
    WHERE d.customer_id = c.id
    ORDER BY k.is_primary DESC, k.id, d.position, d.id LIMIT 10
  ) l
)::text"""

_COLUMNS = list(Customer._meta.concrete_fields)
_NAMES = [field.attname for field in _COLUMNS]
# In the order of the model's columns, which is how from_db reads them.
_PEOPLE = ["id", "email", "name", "team_id", "store_id", "is_active", "last_seen_at"]

CARDS = f"""
SELECT {", ".join(f"c.{field.column}" for field in _COLUMNS)},
  {", ".join(f"o.{column}" for column in _PEOPLE)}, t.name, s.name, g.name,
  ARRAY(SELECT tag.name FROM customers_tagging x JOIN customers_tag tag ON tag.id = x.tag_id
        WHERE x.customer_id = c.id ORDER BY tag.name),
  {
    _LINES.format(
        table="customers_phone",
        columns="d.typed, d.e164, d.digits, d.label, d.status, d.call_consent, d.text_consent",
    )
},
  {_LINES.format(table="customers_email", columns="d.address, d.label, d.status, d.consent")},
  {_EVENT.format(which="e.awaits_answer AND e.answered_at IS NULL")},
  {_EVENT.format(which="e.is_activity")},
  (SELECT r.read_at FROM timeline_reading r
   WHERE r.customer_id = c.id AND r.user_id = %(user)s)
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS w(id, n)
JOIN customers_customer c ON c.id = w.id
LEFT JOIN staff_user o ON o.id = c.owner_id
LEFT JOIN staff_team t ON t.id = o.team_id
LEFT JOIN staff_store s ON s.id = c.store_id
LEFT JOIN customers_group g ON g.id = c.group_id
ORDER BY w.n
"""  # noqa: S608 (columns and tables, no values)


def cards(user: User, ids: Sequence[int]) -> list[Card]:
    """These customers in this order, with all that a card shows; the caller has passed the gate.

    One statement, and one more when packs have plugged in badges.
    """
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(CARDS, {"ids": list(ids), "user": user.pk})
        rows = cursor.fetchall()
    marks = marks_of(ids)
    shared = _Shared()
    return [_card(row, marks, shared) for row in rows]


class _Shared:
    """Owners, teams, stores and groups, made once for a page."""

    def __init__(self) -> None:
        self._made: dict[tuple[type[models.Model], int], Any] = {}

    def get(self, model: type[models.Model], pk: int, make: Callable[[], Any]) -> Any:
        found = self._made.get((model, pk))
        if found is None:
            found = self._made[model, pk] = make()
        return found

    def named(self, model: type[models.Model], pk: int | None, name: str | None) -> Any:
        if pk is None:
            return None
        return self.get(model, pk, lambda: model.from_db("default", ["id", "name"], [pk, name]))


def _card(row: Sequence[Any], marks: dict[int, dict[str, Any]], shared: _Shared) -> Card:
    one = len(_NAMES)
    two = one + len(_PEOPLE)
    customer = Customer.from_db("default", _NAMES, row[:one])
    team, store, group, tags, phones, emails, asked, latest, read_at = row[two:]
    _relate(customer, "store", shared.named(Store, customer.store_id, store))
    _relate(customer, "group", shared.named(Group, customer.group_id, group))
    _relate(customer, "owner", _owner(customer, row[one:two], team, shared))
    return Card(
        customer=customer,
        tags=tags,
        phones=[PhoneLine(**line) for line in json.loads(phones or "[]")],
        emails=[EmailLine(**line) for line in json.loads(emails or "[]")],
        asked=Glance.read(asked and json.loads(asked)),
        latest=Glance.read(latest and json.loads(latest)),
        read_at=read_at,
        badges=marks.get(customer.pk, {}),
    )


def _owner(
    customer: Customer, columns: Sequence[Any], team: str | None, shared: _Shared
) -> User | None:
    if customer.owner_id is None:
        return None

    def make() -> User:
        owner = User.from_db("default", _PEOPLE, columns)
        _relate(owner, "team", shared.named(Team, owner.team_id, team))
        return owner

    owner: User = shared.get(User, customer.owner_id, make)
    return owner


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

"""Makes a company of any size inside the database: skewed names, 40 stores, 400 owners."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models, transaction
from faker.providers.person.en_US import Provider as Names

from regulars.customers.models import Contact, Customer, Email, Location, Phone, Tag, Tagging
from regulars.lib import names
from regulars.staff.models import Role, Store, Team, User
from regulars.timeline.models import Event

FILLED = (Customer, Contact, Email, Phone, Location, Tag, Tagging, Event)
STORES, TEAMS_PER_STORE, OWNERS_PER_TEAM = 40, 2, 5

# The skew: random()^k leans towards the beginning of the list, as names and numbers do.
CUSTOMERS = """
INSERT INTO customers_customer (public_id, is_company, name, first_name, last_name, company,
  sort_name, type, source, source_other, store_id, owner_id, owned_since, group_id, created_at,
  version, last_activity_at, last_inbound_at, waiting_since, unread_count)
SELECT gen_random_uuid(), false, p.first || ' ' || p.last, p.first, p.last, '',
  lower(p.last || ' ' || p.first),
  (ARRAY['lead', 'prospect', 'account'])[1 + floor(random() * 3)::int],
  (ARRAY['internet', 'phone', 'walk_in'])[1 + floor(random() * 3)::int], '',
  s.id,
  CASE WHEN random() < 0.93 THEN s.owners[1 + floor(random() * cardinality(s.owners))::int] END,
  NULL, (SELECT min(id) FROM customers_group), p.at, 1, p.at, NULL, NULL, 0
FROM (
  SELECT n, (%(first)s::text[])[1 + floor(power(random(), 2.2) * %(firsts)s)::int] AS first,
    (%(last)s::text[])[1 + floor(power(random(), 2.2) * %(lasts)s)::int] AS last,
    now() - (power(random(), 1.7) * 730 + 1) * interval '1 day' AS at,
    1 + floor(power(random(), 1.5) * %(stores)s)::int AS store
  FROM generate_series(1, %(count)s) n
) p JOIN (
  SELECT row_number() OVER (ORDER BY t.id) AS n, t.id,
    (SELECT array_agg(u.id) FROM staff_user u WHERE u.store_id = t.id) AS owners
  FROM staff_store t
) s ON s.n = p.store
"""
DETAILS = [
    """
INSERT INTO customers_contact (customer_id, first_name, last_name, title, is_primary)
SELECT id, first_name, last_name, '', true FROM customers_customer
""",
    """
INSERT INTO customers_email (customer_id, contact_id, address, normal, label, status, position,
  consent, consent_basis)
SELECT c.customer_id, c.id, a.address, a.address, '', 'ok', 0, 'implied', ''
FROM customers_contact c, LATERAL (
  SELECT lower(c.first_name || '.' || c.last_name || c.customer_id) || '@' ||
    (ARRAY['gmail.example', 'mail.example', 'web.example'])[1 + c.customer_id % 3] AS address
) a WHERE c.customer_id % 10 < 8
""",
    """
INSERT INTO customers_phone (customer_id, contact_id, typed, e164, digits, extension, label, status,
  position, call_consent, text_consent)
SELECT c.customer_id, c.id, n.d, '+1' || n.d, '1' || n.d, '', 'mobile', 'unknown', 0, 'unknown',
  'express'
FROM customers_contact c, LATERAL (
  SELECT (2000000000 + (c.customer_id * 7919) % 7999999999)::text AS d
) n WHERE c.customer_id % 10 <> 3
""",
    """
INSERT INTO customers_location (customer_id, name, kind, line1, line2, city, state, postal_code,
  country, is_primary)
SELECT id, '', 'home', id || ' Main St', '', 'Ypsilanti', 'MI', '48197', 'US', true
FROM customers_customer WHERE id % 3 = 0
""",
    """
INSERT INTO customers_tagging (customer_id, tag_id, added_at)
SELECT c.id, t.id, now() FROM customers_customer c
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM customers_tag) t
  ON (c.id * 31 + t.n * 17) %% (10 * t.n * t.n) = 0
""",
    """
INSERT INTO customers_searchterm (customer_id, term)
SELECT id, 'n' || lower(first_name || ' ' || last_name) FROM customers_customer
UNION SELECT id, 'n' || lower(last_name || ' ' || first_name) FROM customers_customer
UNION SELECT customer_id, 'e' || normal FROM customers_email
UNION SELECT customer_id, '@' || split_part(normal, '@', 2) FROM customers_email
UNION SELECT customer_id, 'p' || digits FROM customers_phone
UNION SELECT customer_id, 'p' || typed FROM customers_phone
UNION SELECT customer_id, 'r' || reverse(digits) FROM customers_phone
""",
    """
INSERT INTO timeline_event (customer_id, kind, happened_at, recorded_at, actor_id, data, origin,
  awaits_answer, answers, wants_reading, is_activity, answered_at)
SELECT c.id, k.kind, h.at, h.at, CASE WHEN k.answers THEN c.owner_id END,
  jsonb_build_object('text', 'Is it still there? ' || c.id || '-' || n), '',
  k.kind = 'message.received', k.answers, false, true,
  CASE WHEN k.kind = 'message.received' AND NOT (n = 1 AND c.id %% 50 = 0) THEN h.at END
FROM customers_customer c, generate_series(1, 5) n, LATERAL (
  SELECT now() - (random() * extract(epoch FROM now() - c.created_at)) * interval '1 second' AS at
) h, LATERAL (
  SELECT v.kind, v.kind IN ('text.sent', 'call.made') AS answers FROM (VALUES
    ((ARRAY['message.received', 'text.sent', 'page.visited', 'call.made', 'note.added'])[n])
  ) v(kind)
) k
""",
]


def fill(count: int) -> None:
    """`count` customers with five events each, standing columns rebuilt, planner informed."""
    for model in FILLED:
        _say_defaults(model)
    _triggers("DISABLE")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        _people()
        first, last = _listed(Names.first_names), _listed(Names.last_names)
        cursor.execute(
            CUSTOMERS,
            {
                "first": first,
                "firsts": len(first),
                "last": last,
                "lasts": len(last),
                "stores": STORES,
                "count": count,
            },
        )
        cursor.execute(
            "INSERT INTO customers_tag (name) SELECT 'Tag ' || n FROM generate_series(1, 12) n"
        )
        for statement in DETAILS:
            cursor.execute(statement.replace("%%", "%"))
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
    _triggers("ENABLE")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _triggers(how: str) -> None:
    """Made-up people have no history, and keeping it takes longer than making them."""
    with connection.cursor() as cursor:
        for model in FILLED:
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" {how} TRIGGER USER')


STANDING = """
UPDATE customers_customer c SET last_activity_at = greatest(c.created_at, e.last),
  waiting_since = e.waiting
FROM (SELECT customer_id, max(happened_at) AS last,
        min(happened_at) FILTER (WHERE awaits_answer AND answered_at IS NULL) AS waiting
      FROM timeline_event GROUP BY customer_id) e WHERE e.customer_id = c.id
"""


def _say_defaults(model: type[models.Model]) -> None:
    """The model's defaults as the table's own, so that a new column needs no word here."""
    with connection.cursor() as cursor:
        for field in model._meta.concrete_fields:
            default = field.get_default()
            if not field.null and isinstance(default, str | int | float | list | dict):
                cursor.execute(
                    f'ALTER TABLE "{model._meta.db_table}"'
                    f' ALTER COLUMN "{field.column}" SET DEFAULT %s',
                    [field.get_db_prep_save(default, connection)],
                )


def _listed(found: Iterable[object]) -> list[str]:
    words = sorted({names.clean(str(name)) for name in found})
    return [w for w in words if w.isascii() and w.isalpha()]


def _people() -> None:
    sales = Role.objects.get(key="salesperson")
    stores = Store.objects.bulk_create(Store(name=f"Store {n:02}") for n in range(STORES))
    teams = Team.objects.bulk_create(
        Team(name=f"Team {n}", store=store) for store in stores for n in range(TEAMS_PER_STORE)
    )
    User.objects.bulk_create(
        User(
            email=f"owner{n}.team{team.pk}@bench.example",
            name=f"Owner {team.pk} {n}",
            password="!",
            role=sales,
            team=team,
            store=team.store,
        )
        for team in teams
        for n in range(OWNERS_PER_TEAM)
    )
    for key in ("manager", "administrator"):
        User.objects.create_user(
            f"{key}@bench.example", name=key, role=Role.objects.get(key=key), store=stores[0]
        )

"""A crowd of made-up customers of any size, written by the database itself, for measuring.

Names and stores are skewed as people are; everybody has a contact and five events, most an email
and a phone, and some have a few of twelve tags, of which each next is rarer, and answers to four
custom fields. The history that
triggers would keep of it is left out knowingly (millions of rows that nobody wrote): the session
poses as a replica, for which none fires, and what they would fill in is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, connections, models, transaction
from faker.providers.person.en_US import Provider as Names

from regulars.customers import actions
from regulars.customers.models import (
    Contact,
    Customer,
    CustomField,
    CustomValue,
    Email,
    Group,
    Location,
    Phone,
    SearchTerm,
    Tag,
    Tagging,
)
from regulars.follow_up.models import Task
from regulars.lib import names
from regulars.staff.models import Role, Store, Team, User
from regulars.timeline.models import Event

FILLED = (
    Customer, Contact, Email, Phone, Location, Tag, Tagging, CustomValue, SearchTerm, Task, Event,
)  # fmt: skip
STORES, TEAMS_PER_STORE, OWNERS_PER_TEAM = 40, 2, 5
BATCH = 500_000
MANY = 50_000
MARK = "made-up customers of Regulars, to be dropped at will"
Say = Callable[[str], object]
# `position` also says of which part of all there is an answer: every second, third and so on.
FIELDS = [
    ("plan", "choice", 2),
    ("budget", "number", 3),
    ("renewal", "date", 4),
    ("serial", "text", 5),
]

# The skew: random()^k leans towards the beginning of the list, as names and numbers do.
CUSTOMERS = """
INSERT INTO customers_customer (id, public_id, is_company, name, first_name, last_name, company,
  sort_name, type, source, source_other, store_id, owner_id, owned_since, group_id, created_at,
  version, last_activity_at, last_inbound_at, waiting_since, unread_count, archived_at)
SELECT p.n, gen_random_uuid(), false, p.first || ' ' || p.last, p.first, p.last, '',
  lower(p.last || ' ' || p.first),
  (ARRAY['lead', 'prospect', 'account'])[1 + floor(random() * 3)::int],
  (ARRAY['internet', 'phone', 'walk_in'])[1 + floor(random() * 3)::int], '',
  s.id,
  CASE WHEN random() < 0.93 THEN s.owners[1 + floor(random() * cardinality(s.owners))::int] END,
  NULL, %(group)s, p.at - random() * 400 * interval '1 day', 1, p.at,
  CASE WHEN p.n %% 50 = 0 THEN p.at END, CASE WHEN p.n %% 50 = 0 THEN p.at END,
  CASE WHEN p.n %% 50 = 0 THEN 1 ELSE 0 END, CASE WHEN p.n %% 100 = 7 THEN p.at END
FROM (
  SELECT n, (%(first)s::text[])[1 + floor(power(random(), 2.2) * %(firsts)s)::int] AS first,
    (%(last)s::text[])[1 + floor(power(random(), 2.2) * %(lasts)s)::int] AS last,
    now() - (power(random(), 1.7) * 730 + 0.01) * interval '1 day' AS at,
    1 + floor(power(random(), 1.5) * %(stores)s)::int AS store
  FROM generate_series(%(low)s, %(high)s) n
) p JOIN (
  SELECT row_number() OVER (ORDER BY t.id) AS n, t.id,
    (SELECT array_agg(u.id) FROM staff_user u WHERE u.store_id = t.id) AS owners
  FROM staff_store t
) s ON s.n = p.store
"""
DETAILS = [
    """
INSERT INTO customers_contact (id, customer_id, first_name, last_name, title, is_primary)
SELECT id, id, first_name, last_name, '', true FROM customers_customer WHERE {these}
""",
    """
INSERT INTO customers_email (customer_id, contact_id, address, normal, label, status, position,
  consent, consent_basis)
SELECT id, id, a.address, a.address, '', 'ok', 0, 'implied', ''
FROM customers_customer c, LATERAL (
  SELECT lower(first_name || '.' || last_name || id) || '@' ||
    (ARRAY['gmail.example', 'mail.example', 'web.example'])[1 + id % 3] AS address
) a WHERE {these} AND id % 10 < 8
""",
    """
INSERT INTO customers_phone (customer_id, contact_id, typed, e164, digits, extension, label, status,
  position, call_consent, text_consent)
SELECT id, id, n.d, '+1' || n.d, '1' || n.d, '', 'mobile', 'unknown', 0, 'unknown', 'express'
FROM customers_customer c, LATERAL (
  SELECT (2000000000 + (id * 7919) % 7999999999)::text AS d
) n WHERE {these} AND id % 10 <> 3
""",
    """
INSERT INTO customers_location (customer_id, name, kind, line1, line2, city, state, postal_code,
  country, is_primary)
SELECT id, '', 'home', id || ' Main St', '', 'Ypsilanti', 'MI', '48197', 'US', true
FROM customers_customer WHERE {these} AND id % 3 = 0
""",
    """
INSERT INTO customers_tagging (customer_id, tag_id, added_at, last_activity_at)
SELECT c.id, t.id, now(), c.last_activity_at FROM customers_customer c
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM customers_tag) t
  ON (c.id * 31 + t.n * 17) % (10 * t.n * t.n) = 0 WHERE c.{these}
""",
    """
INSERT INTO customers_searchterm (customer_id, term)
SELECT id, t.term FROM customers_customer, LATERAL (
  VALUES ('n' || lower(first_name || ' ' || last_name))
  UNION VALUES ('n' || lower(last_name || ' ' || first_name))
) t(term) WHERE {these}
""",
    """
INSERT INTO customers_searchterm (customer_id, term)
SELECT customer_id, t.term FROM customers_email, LATERAL (
  VALUES ('e' || normal), ('@' || split_part(normal, '@', 2))
) t(term) WHERE customer_{these}
""",
    """
INSERT INTO customers_searchterm (customer_id, term)
SELECT customer_id, t.term FROM customers_phone, LATERAL (
  VALUES ('p' || digits), ('p' || typed), ('r' || reverse(digits))
) t(term) WHERE customer_{these}
""",
    """
INSERT INTO customers_customvalue (customer_id, field_id, text, folded, number, day)
SELECT c.id, f.id, v.text, lower(v.text), v.number, v.day
FROM customers_customer c JOIN customers_customfield f ON c.id % f.position = 0, LATERAL (
  SELECT CASE f.kind WHEN 'text' THEN 'SN-' || c.id
      WHEN 'choice' THEN (ARRAY['Cash', 'Lease', 'Loan'])[1 + c.id % 7 % 3] ELSE '' END AS text,
    CASE f.kind WHEN 'number' THEN c.id * 7919 % 100000 END AS number,
    CASE f.kind WHEN 'date' THEN date '2026-01-01' + (c.id * 31 % 1000)::int END AS day
) v WHERE c.{these}
""",
    # Every third customer has one: of nine, six are open, two done and one put away.
    """
INSERT INTO follow_up_task (customer_id, kind, title, description, due_on, due_at, due_by,
  assignee_id, state, done_at, created_at)
SELECT c.id, 'call', 'Call back ' || c.id, '', t.day, t.at,
  COALESCE(t.at, t.day::timestamp AT TIME ZONE 'UTC' + interval '36 hours'),
  CASE WHEN c.id % 7 > 0 THEN c.owner_id END, t.state,
  CASE WHEN t.state = 'done' THEN t.near END, c.created_at
FROM customers_customer c, LATERAL (
  SELECT now() + (c.id * 7919 % 200 - 60) * interval '1 day' AS near
) n, LATERAL (
  SELECT n.near, (ARRAY['todo', 'todo', 'done'])[1 + c.id / 3 % 3] AS usual,
    CASE WHEN c.id % 5 < 2 THEN n.near END AS at,
    CASE WHEN c.id % 5 IN (2, 3) THEN n.near::date END AS day
) d, LATERAL (
  SELECT d.*, CASE WHEN c.id % 27 = 0 THEN 'archived' ELSE d.usual END AS state
) t WHERE c.{these} AND c.id % 3 = 0
""",
    # The newest of the five is the latest activity, and what waits where something does.
    """
INSERT INTO timeline_event (customer_id, kind, happened_at, recorded_at, actor_id, data, origin,
  awaits_answer, answers, wants_reading, is_activity, answered_at)
SELECT c.id, k.kind, h.at, h.at, CASE WHEN k.answers THEN c.owner_id END,
  jsonb_build_object('text', 'Is it still there? ' || c.id || '-' || n), '',
  k.asks, k.answers, k.asks AND n = 1, true,
  CASE WHEN k.asks AND n > 1 THEN h.at + interval '1 hour' END
FROM customers_customer c, generate_series(1, 5) n, LATERAL (
  SELECT c.last_activity_at - (n - 1) / 5.0 * (c.last_activity_at - c.created_at) AS at
) h, LATERAL (
  SELECT v.kind, v.kind = 'message.received' AS asks,
    v.kind IN ('text.sent', 'call.made') AS answers
  FROM (VALUES (CASE WHEN c.id % 50 = 0 AND n = 1 THEN 'message.received' ELSE
    (ARRAY['text.sent', 'message.received', 'page.visited', 'call.made', 'note.added'])[n] END
  )) v(kind)
) k WHERE c.{these}
""",
]


class NotOurs(Exception):
    """There is a database of that name with somebody else's customers in it."""


def open_database(count: int, *, fresh: bool = False, say: Say = print) -> str:
    """Connect to a database of its own with `count` customers, made when there is none yet.

    Raises `NotOurs` rather than touch a database that holds customers and does not bear our mark.
    """
    from django.core.management import call_command

    name = f"bench_{count}"
    _create(name, fresh=fresh)
    _use(name)
    call_command("migrate", verbosity=0)
    there = Customer.objects.get_queryset().order_by().count()
    if there == count:
        return name
    if there:
        raise NotOurs(f"The database {name} holds {there:,} customers: make it anew with --fresh")
    fill(count, say=say)
    return name


def _create(name: str, *, fresh: bool) -> None:
    with connection.cursor() as cursor:
        is_there = _is_ours(name)
        if is_there and fresh:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        if fresh or not is_there:
            cursor.execute(f'CREATE DATABASE "{name}"')
            cursor.execute(f"COMMENT ON DATABASE \"{name}\" IS '{MARK}'")


def _is_ours(name: str) -> bool:
    """Whether there is such a database. Raises `NotOurs` when it does not bear our mark."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        row = cursor.fetchone()
    if row and row[0] != MARK:
        raise NotOurs(f"The database {name} was not made by bench-data: it stays as it is")
    return row is not None


def drop(count: int) -> None:
    """Take the database away again, if there is one. Raises `NotOurs`."""
    name = f"bench_{count}"
    if _is_ours(name):
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _use(name: str) -> None:
    connections.close_all()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name


def fill(count: int, *, say: Say = lambda words: None) -> None:
    """`count` customers with all that hangs on them, and the planner informed.

    Needs an empty database, and a role that may pose as a replica. The indexes of many are made
    at the end, which takes a third of the time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for model in FILLED:
            _say_defaults(model)
        _people()
        Tag.objects.bulk_create(Tag(name=f"Tag {n}") for n in range(1, 13))
        CustomField.objects.bulk_create(
            CustomField(key=key, label=key.title(), kind=kind, position=position,
                        choices=["Cash", "Lease", "Loan"] if kind == "choice" else [])
            for key, kind, position in FIELDS
        )  # fmt: skip
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL session_replication_role = replica")
        _customers(count, say)
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table in ("customers_customer", "customers_contact"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {count})")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
        actions.keep_spelling()
        actions.keep_hot()
        cursor.execute("ANALYZE customers_hotterm, customers_spelling")


def _customers(count: int, say: Say) -> None:
    given = _given()
    later = _without_indexes() if count > MANY else []
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        for low in range(1, count + 1, BATCH):
            high = min(low + BATCH - 1, count)
            cursor.execute(CUSTOMERS, {**given, "low": low, "high": high})
            for statement in DETAILS:
                cursor.execute(statement.replace("{these}", f"id BETWEEN {low} AND {high}"))
            say(f"{high:,} customers written")
        for statement in later:
            cursor.execute(statement)


def _given() -> dict[str, Any]:
    first, last = _listed(Names.first_names), _listed(Names.last_names)
    return {
        "first": first,
        "firsts": len(first),
        "last": last,
        "lasts": len(last),
        "stores": STORES,
        "group": Group.objects.order_by("pk").values_list("pk", flat=True)[0],
    }


def _without_indexes() -> list[str]:
    """Drops what is no constraint; the statements that make it again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
            WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisunique
            """,
            [[model._meta.db_table for model in FILLED]],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP INDEX {name}")
    return [made for _, made in found]


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
            password=make_password(None),
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

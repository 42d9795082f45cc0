"""The timeline's SQL: an event and the standing columns it moves are written together."""

from functools import cache

from regulars.criteria.links import links

LOCK = """
SELECT id FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""

# Where the events of customers go that live on in another one.
FOLLOW = """
SELECT old_id, customer_id FROM customers_mergedprofile
WHERE old_id = ANY(%s) AND undone_at IS NULL
"""

# Times of recording and reading come from the database's clock, taken after the lock, so that they
# stand in the order in which they happened. A reply answers what is already there and unanswered
# up to its own time (what it answers in its own batch is given); someone who writes later waits
# again, whatever was said before. Of whom nothing was known the moment they were added counts as
# their activity, until something older becomes known. Only who asked or was answered has the
# waiting worked out anew. Whoever does something for the customer has heard what they were
# mentioned for; whoever tags or merges a thousand of them has not.
RECORD = """
WITH clock AS MATERIALIZED (
  SELECT clock_timestamp() AS now
), given AS (
  SELECT * FROM unnest(
    %(customer)s::bigint[], %(kind)s::text[], %(happened_at)s::timestamptz[], %(actor)s::bigint[],
    %(data)s::jsonb[], %(origin)s::text[], %(awaits)s::boolean[], %(answers)s::boolean[],
    %(wants_reading)s::boolean[], %(is_activity)s::boolean[], %(answered_at)s::timestamptz[],
    %(answered_by)s::bigint[]
  ) WITH ORDINALITY AS g(customer_id, kind, happened_at, actor_id, data, origin, awaits, answers,
                         wants_reading, is_activity, answered_at, answered_by_id, n)
), added AS (
  INSERT INTO timeline_event (customer_id, kind, happened_at, recorded_at, actor_id, data, origin,
    awaits_answer, answers, wants_reading, is_activity, answered_at, answered_by_id, act)
  SELECT g.customer_id, g.kind, g.happened_at, clock.now, g.actor_id, g.data, g.origin,
    g.awaits, g.answers, g.wants_reading, g.is_activity, g.answered_at, g.answered_by_id,
    nullif(current_setting('pghistory.context_id', true), '')::uuid
  FROM clock, given g
  ORDER BY g.n
  ON CONFLICT (customer_id, origin) WHERE NOT origin = '' DO NOTHING
  RETURNING id, customer_id, origin, happened_at, recorded_at, actor_id, awaits_answer, answers,
    wants_reading, is_activity, answered_at
), answered AS (
  UPDATE timeline_event e SET answered_at = r.happened_at, answered_by_id = r.actor_id
  FROM (
    SELECT DISTINCT ON (o.id) o.id, a.happened_at, a.actor_id
    FROM timeline_event o JOIN added a
      ON a.customer_id = o.customer_id AND a.answers AND a.happened_at >= o.happened_at
    WHERE o.awaits_answer AND o.answered_at IS NULL
      AND (%(only)s::bigint IS NULL OR o.id = %(only)s)
    ORDER BY o.id, a.happened_at, a.id
  ) r
  WHERE e.id = r.id
  RETURNING e.id, e.customer_id
), standing AS (
  UPDATE customers_customer c SET
    last_activity_at = CASE
      WHEN s.last_activity_at < c.last_activity_at AND c.last_activity_at = c.created_at
        AND NOT EXISTS (SELECT FROM timeline_event e WHERE e.customer_id = c.id AND e.is_activity)
      THEN s.last_activity_at
      ELSE greatest(c.last_activity_at, s.last_activity_at) END,
    last_inbound_at = greatest(c.last_inbound_at, s.last_inbound_at),
    waiting_since = CASE WHEN NOT s.moves THEN c.waiting_since ELSE (
      SELECT min(w.happened_at) FROM (
        SELECT e.happened_at FROM timeline_event e
        WHERE e.customer_id = c.id AND e.awaits_answer AND e.answered_at IS NULL
          AND NOT EXISTS (SELECT FROM answered d WHERE d.id = e.id)
        UNION ALL
        SELECT a.happened_at FROM added a
        WHERE a.customer_id = c.id AND a.awaits_answer AND a.answered_at IS NULL
      ) w
    ) END,
    unread_count = c.unread_count + s.unread
  FROM (
    SELECT customer_id,
      max(happened_at) FILTER (WHERE is_activity) AS last_activity_at,
      max(recorded_at) FILTER (WHERE wants_reading) AS last_inbound_at,
      count(*) FILTER (WHERE wants_reading) AS unread,
      bool_or(answers OR awaits_answer) AS moves
    FROM added GROUP BY customer_id
  ) s
  WHERE c.id = s.customer_id
  RETURNING c.id, c.last_activity_at
), {linked}heard AS (
  UPDATE timeline_mention m SET seen_at = clock.now FROM clock, added a
  WHERE m.customer_id = a.customer_id AND m.user_id = a.actor_id AND m.seen_at IS NULL
    AND (a.is_activity OR a.answers)
)
SELECT id, customer_id, origin FROM added ORDER BY id
"""

# A table that leads to customers in the order of their activity (`criteria.links`) moves along.
LINKED = """linked_{n} AS (
  UPDATE {table} l SET last_activity_at = s.last_activity_at FROM standing s
  WHERE l.customer_id = s.id AND l.last_activity_at IS DISTINCT FROM s.last_activity_at
), """

RELINK = """
UPDATE {table} l SET last_activity_at = c.last_activity_at FROM customers_customer c
WHERE c.id = l.customer_id AND l.customer_id = ANY(%(customers)s)
  AND l.last_activity_at IS DISTINCT FROM c.last_activity_at
RETURNING l.customer_id
"""


@cache
def record() -> str:
    """`RECORD` with every table that carries the customers' latest activity."""
    linked = (LINKED.format(n=n, table=link.table) for n, link in enumerate(links))
    return RECORD.replace("{linked}", "".join(linked))


def relink() -> list[str]:
    """A statement for each such table that puts its rows right, answering whose were wrong."""
    return [RELINK.format(table=link.table) for link in links]


# Who holds the lock has seen every event recorded before: nothing is left unread by this user, and
# so by nobody who counts when they are the owner or there is none. The lock also hands over the
# row as it is after waiting for it, which the statement's own snapshot may not show.
READ = """
WITH held AS MATERIALIZED (
  SELECT id, owner_id, unread_count FROM customers_customer WHERE id = %(customer)s
  FOR NO KEY UPDATE
), read AS (
  INSERT INTO timeline_reading (customer_id, user_id, read_at)
  SELECT id, %(user)s, clock_timestamp() FROM held
  ON CONFLICT (customer_id, user_id)
  DO UPDATE SET read_at = greatest(timeline_reading.read_at, excluded.read_at)
), heard AS (
  UPDATE timeline_mention m SET seen_at = clock_timestamp() FROM held
  WHERE m.customer_id = held.id AND m.user_id = %(user)s AND m.seen_at IS NULL
)
UPDATE customers_customer c SET unread_count = 0 FROM held
WHERE c.id = held.id AND held.unread_count <> 0
  AND (held.owner_id IS NULL OR held.owner_id = %(user)s)
"""

# What was put on the timeline by mistake. Whom it answered is answered by the next reply that was
# there to answer them, if any; resolving may have been meant for one thing alone and answers none.
TAKE_BACK = """
UPDATE timeline_event o SET (answered_at, answered_by_id) = (
  SELECT r.happened_at, r.actor_id FROM timeline_event r
  WHERE r.customer_id = o.customer_id AND r.answers AND r.kind <> 'customer.resolved'
    AND r.happened_at >= o.happened_at AND r.recorded_at >= o.recorded_at AND r.id <> g.id
  ORDER BY r.happened_at, r.id LIMIT 1
)
FROM timeline_event g
WHERE g.id = %(event)s AND g.answers AND o.customer_id = g.customer_id AND o.awaits_answer
  AND o.answered_at = g.happened_at AND o.answered_by_id IS NOT DISTINCT FROM g.actor_id
"""

# Unread is what the owner has not read; with no owner, what nobody has read.
UNREAD = """(
  SELECT count(*) FROM timeline_event e
  WHERE e.customer_id = c.id AND e.wants_reading AND e.recorded_at > coalesce(
    (SELECT max(r.read_at) FROM timeline_reading r
     WHERE r.customer_id = c.id AND (c.owner_id IS NULL OR r.user_id = c.owner_id)),
    '-infinity')
)"""

COUNT_UNREAD = f"""
UPDATE customers_customer c SET unread_count = {UNREAD}
WHERE c.id = ANY(%(customers)s) AND c.unread_count <> {UNREAD}
"""  # noqa: S608

NEXT_CUSTOMERS = """
SELECT id FROM customers_customer WHERE id > %(after)s ORDER BY id LIMIT %(batch)s
FOR NO KEY UPDATE
"""

WITHDRAW = """
DELETE FROM timeline_event
WHERE customer_id = ANY(%s) AND act = ANY(%s::uuid[]) AND NOT origin = ''
  AND NOT id = ANY(%s::bigint[])
RETURNING customer_id
"""

REBUILD = f"""
UPDATE customers_customer c SET
  last_activity_at = s.last_activity_at, last_inbound_at = s.last_inbound_at,
  waiting_since = s.waiting_since, unread_count = s.unread_count
FROM (
  SELECT c.id, coalesce(e.last_activity_at, c.created_at) AS last_activity_at, e.last_inbound_at,
    e.waiting_since, {UNREAD} AS unread_count
  FROM customers_customer c LEFT JOIN LATERAL (
    SELECT max(happened_at) FILTER (WHERE is_activity) AS last_activity_at,
      max(recorded_at) FILTER (WHERE wants_reading) AS last_inbound_at,
      min(happened_at) FILTER (WHERE awaits_answer AND answered_at IS NULL) AS waiting_since
    FROM timeline_event WHERE customer_id = c.id
  ) e ON true
  WHERE c.id = ANY(%(customers)s)
) s
WHERE c.id = s.id AND (c.last_activity_at, c.last_inbound_at, c.waiting_since, c.unread_count)
  IS DISTINCT FROM (s.last_activity_at, s.last_inbound_at, s.waiting_since, s.unread_count::int)
RETURNING c.id
"""  # noqa: S608

"""Features and keys of customers, written from what is stored, in two statements for any number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from django.db import connection

from .features import MOST, Features, Written, features
from .keys import keys

# The addresses of a person are those of the person, not of somebody to reach them through.
READ = f"""
SELECT c.id, c.first_name, c.last_name, c.company, c.is_company, coalesce(s.country, 'US'),
  ARRAY(SELECT e.address FROM customers_email e JOIN customers_contact t ON t.id = e.contact_id
    WHERE e.customer_id = c.id AND (c.is_company OR t.is_primary)
    ORDER BY t.is_primary DESC, e.position, e.id LIMIT {MOST}),
  ARRAY(SELECT CASE WHEN p.e164 = '' THEN p.typed ELSE p.e164 END
    FROM customers_phone p JOIN customers_contact t ON t.id = p.contact_id
    WHERE p.customer_id = c.id AND (c.is_company OR t.is_primary)
    ORDER BY t.is_primary DESC, p.position, p.id LIMIT {MOST}),
  (SELECT jsonb_agg(jsonb_build_array(l.line1, l.line2, l.city, l.postal_code, l.country)
      ORDER BY l.is_primary DESC, l.id)
    FROM (SELECT * FROM customers_location l WHERE l.customer_id = c.id
      ORDER BY l.is_primary DESC, l.id LIMIT {MOST}) l),
  (SELECT t.birthday FROM customers_contact t
    WHERE t.customer_id = c.id AND t.is_primary LIMIT 1)
FROM customers_customer c LEFT JOIN staff_store s ON s.id = c.store_id
WHERE c.id = ANY(%s)
"""  # noqa: S608 (made of constants)

# What should be there against what is: nothing is written where nothing changed.
WRITE = """
WITH wanted AS (
  SELECT DISTINCT * FROM unnest(%(customers)s::bigint[], %(keys)s::bigint[]) AS t(customer_id, key)
), gone AS (
  DELETE FROM matching_key k WHERE k.customer_id = ANY(%(all)s)
    AND NOT EXISTS (SELECT FROM wanted w WHERE (w.customer_id, w.key) = (k.customer_id, k.key))
), kept AS (
  INSERT INTO matching_key (customer_id, key) SELECT customer_id, key FROM wanted
  ON CONFLICT DO NOTHING
)
INSERT INTO matching_likeness AS l (customer_id, data, changed_at)
SELECT (d->>0)::bigint, d->1, clock_timestamp() FROM jsonb_array_elements(%(data)s::jsonb) d
ON CONFLICT (customer_id) DO UPDATE SET data = EXCLUDED.data, changed_at = EXCLUDED.changed_at
WHERE l.data <> EXCLUDED.data
"""


def read(customers: Sequence[int]) -> dict[int, Features]:
    """The features of these customers as they are stored now."""
    return {pk: features(one) for pk, one in written(customers).items()}


def written(customers: Sequence[int]) -> dict[int, Written]:
    """These customers as they are stored now."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(customers)])
        rows = cursor.fetchall()
    return {row[0]: _written(row) for row in rows}


def _written(row: tuple[object, ...]) -> Written:
    _, first, last, company, is_company, region, emails, phones, places, born = row
    return Written(
        str(first),
        str(last),
        str(company),
        bool(is_company),
        list(emails),  # type: ignore[call-overload]
        list(phones),  # type: ignore[call-overload]
        [(a, b, c, d, e) for a, b, c, d, e in json.loads(str(places))] if places else [],
        str(born or ""),
        str(region),
    )


def write(found: dict[int, Features]) -> None:
    """Make features and keys of these customers exactly these."""
    everybody = sorted(found)
    pairs = [(pk, key) for pk in everybody for key in sorted(keys(found[pk]))]
    data = [(pk, found[pk].to_json()) for pk in everybody]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "customers": _array(pk for pk, _ in pairs),
                "keys": _array(key for _, key in pairs),
                "all": everybody,
                "data": json.dumps(data),
            },
        )


def _array(numbers: Iterable[int]) -> str:
    """As the database writes it: a list is escaped one by one, for thousands the dearest part."""
    return f"{{{','.join(map(str, numbers))}}}"


def keep(customers: Iterable[int]) -> None:
    """Write them anew from what is stored."""
    found = read(list(customers))
    if found:
        write(found)

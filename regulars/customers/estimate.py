"""How many rows a table has, as the planner knows: counting millions takes half a second."""

from __future__ import annotations

from django.db import connection, models


def rows_of(model: type[models.Model]) -> int:
    """As of the last time the table was looked through; 0 when it never was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass(%s)",
            [model._meta.db_table],
        )
        (count,) = cursor.fetchone() or (0,)
    return int(count)

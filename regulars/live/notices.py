"""Say that customers changed: heard by every process once the transaction has committed."""

import json
from collections.abc import Sequence

from django.db import connection

CHANNEL = "regulars_live"
MANY = 200


def announce(customers: Sequence[int]) -> None:
    """Notify every listening process of changed customers by their row ids; many become "all"."""
    payload = {"all": True} if len(customers) > MANY else {"customers": list(customers)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(payload)])

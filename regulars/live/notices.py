"""Say that customers changed: heard by every process once the transaction has committed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

CHANNEL = "regulars_live"
MANY = 200


@dataclass(frozen=True)
class Notice:
    """Row ids of changed customers; with `everything`, more than can be listed.

    `moved`: they came to somebody else or went away, so lists of people who may no longer see
    them change too.
    """

    customers: frozenset[int] = frozenset()
    everything: bool = False
    moved: bool = False

    def __or__(self, other: "Notice") -> "Notice":
        customers = self.customers | other.customers
        everything = self.everything or other.everything or len(customers) > MANY
        return Notice(
            frozenset() if everything else customers, everything, self.moved or other.moved
        )

    def __bool__(self) -> bool:
        return self.everything or self.moved or bool(self.customers)


EVERYTHING = Notice(everything=True)


def announce(customers: Sequence[int], *, moved: bool = False) -> None:
    """Notify every listening process of changed customers by their row ids; many become "all"."""
    payload: dict[str, object] = (
        {"all": True} if len(customers) > MANY else {"customers": list(customers)}
    )
    if moved:
        payload["moved"] = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(payload)])


def read(payload: str) -> Notice:
    """A notice as `announce` wrote it; what cannot be read may mean anything."""
    try:
        said = json.loads(payload)
        customers = frozenset(pk for pk in said.get("customers", []) if type(pk) is int)
        return Notice(customers, bool(said.get("all")), bool(said.get("moved")))
    except (ValueError, AttributeError, TypeError):
        return EVERYTHING

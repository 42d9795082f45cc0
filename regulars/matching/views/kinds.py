"""The kinds of what is to be decided, and where each stands."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from regulars.customers.models import Customer
from regulars.matching import queries

KINDS = {
    "duplicate": "Likely the same",
    "review": "To look at",
    "household": "One household",
    queries.HOMES: "Two households",
}


def here(kind: str) -> str:
    """Where the pairs of a kind are decided."""
    return f"{reverse('matching:clean_up')}?{urlencode({'kind': kind})}"


def chips() -> list[tuple[str, str, str]]:
    """The kinds to choose from: key, label, and where it leads."""
    return [
        *((key, label, here(key)) for key, label in KINDS.items()),
        ("decided", "Decided", reverse("matching:decided")),
    ]


def not_later(records: Sequence[Customer], kind: str) -> str:
    """Where *later* is taken back of these."""
    them = [("members", str(one.public_id)) for one in records]
    asked = urlencode([("verdict", "now"), ("kind", kind), *them])
    return f"{reverse('matching:decide_cluster')}?{asked}"

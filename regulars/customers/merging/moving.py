"""One profile on its way into another, and the socket for what becomes of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from regulars.customers.models import Customer
from regulars.lib.registry import Registry

from .journal import Journal


@dataclass(frozen=True)
class Moving:
    """One profile on its way into another; both rows are locked.

    `journal` is the only thing a way writes by. `picks` says of fields whose value is taken, as
    public ids. `will_say` are the columns of the one customer in the end, whoever they come from,
    and `brings` the fields among them whose value comes with this profile.
    """

    journal: Journal
    of: Customer
    into: Customer
    picks: dict[str, str]
    will_say: Mapping[str, Any]
    brings: frozenset[str]

    def takes(self, key: str) -> bool | None:
        """Whether the value of the one that goes was picked; None where nobody picked."""
        pick = self.picks.get(key)
        return None if pick is None else pick == str(self.of.public_id)


@dataclass(frozen=True)
class MergeWay:
    """`key` is the column, `Suit.customer` of the tailor as `tailor.Suit.customer`.

    `move(moving)` leaves no row that says `moving.of`.
    """

    key: str
    move: Callable[[Moving], None]


merge_ways: Registry[MergeWay] = Registry("merge_ways")

"""The socket for what goes with customers when they are handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regulars.lib.registry import Registry

if TYPE_CHECKING:
    from regulars.staff.models import User


@dataclass(frozen=True)
class HandedOver:
    """`follow(before, to, by)` runs in the transaction that hands customers over.

    `before` says of each customer's id who owned them, as an id; `to` is the new owner or None.
    """

    key: str
    follow: Callable[[Mapping[int, int], User | None, User | None], None]


handed_over: Registry[HandedOver] = Registry("handed_over")


def tell(before: Mapping[int, int | None], to: User | None, by: User | None) -> None:
    owned = {customer: owner for customer, owner in before.items() if owner is not None}
    if owned:
        for one in handed_over:
            one.follow(owned, to, by)

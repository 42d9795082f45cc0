"""The socket for what other rooms keep that follows from the record, such as keys for likeness."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from regulars.lib.registry import Registry


@dataclass(frozen=True)
class Follower:
    """`follow(ids)` runs in the transaction that wrote names, addresses or places of these."""

    key: str
    follow: Callable[[Sequence[int]], None]


followers: Registry[Follower] = Registry("followers")


def tell(customers: Sequence[int]) -> None:
    """They were written: at most some thousands, with everything of theirs."""
    if customers:
        for follower in followers:
            follower.follow(customers)

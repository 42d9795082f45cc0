"""The `topics` socket: of what changed, what may this user know?"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regulars.lib.registry import Registry

if TYPE_CHECKING:
    from regulars.staff.models import User


def _only_them(user: User) -> Hashable:
    return user.pk


@dataclass(frozen=True)
class Topic:
    """`visible(user, row ids)` answers the public ids this user may hear of.

    Users of equal `scope(user)` may hear of the same, and are asked for once.
    """

    key: str
    visible: Callable[[User, list[int]], list[str]]
    scope: Callable[[User], Hashable] = _only_them


topics: Registry[Topic] = Registry("topics")

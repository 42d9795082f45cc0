"""The `topics` socket: of what changed, what may this user know?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regulars.lib.registry import Registry

if TYPE_CHECKING:
    from regulars.staff.models import User


@dataclass(frozen=True)
class Topic:
    """`visible(user, row ids)` answers the public ids this user may hear of."""

    key: str
    visible: Callable[[User, list[int]], list[str]]


topics: Registry[Topic] = Registry("topics")

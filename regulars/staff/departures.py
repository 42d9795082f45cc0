"""The socket for what other rooms take back when a colleague is disabled."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from regulars.lib.registry import Registry

from .models import User


@dataclass(frozen=True)
class Departure:
    """`leave(user, now)` runs in the transaction that disables the colleague."""

    key: str
    leave: Callable[[User, datetime], None]


departures: Registry[Departure] = Registry("departures")

"""The socket for how a role's limit is read: who knows the filter language plugs it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from regulars.lib.errors import Invalid
from regulars.lib.registry import Registry

Known = dict[str, Any]


@dataclass(frozen=True)
class Limit:
    """Criteria that a role's customers must fit, in their one spelling; "" is no limit.

    `known` is the reader's own: the rows that its words mean, so that a new name of a store
    changes nobody's sight.
    """

    text: str = ""
    known: Known = field(default_factory=dict)


@dataclass(frozen=True)
class LimitReader:
    """`read(text)` raises `Invalid` under `within` for what cannot be read."""

    key: str
    read: Callable[[str], Limit]


limit_readers: Registry[LimitReader] = Registry("limit_readers")


def read(text: str) -> Limit:
    if not text.strip():
        return Limit()
    for reader in limit_readers:
        return reader.read(text)
    raise Invalid({"within": "Nothing here can be limited"})

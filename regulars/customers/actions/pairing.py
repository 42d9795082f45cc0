"""Which stored row a wanted one is: kept rows keep their ids, and so their history."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Protocol, TypeVar


class _Known(Protocol):
    @property
    def id(self) -> int | None: ...


W = TypeVar("W", bound=_Known)
Key = Callable[[W], Hashable]


def paired(wanted: Sequence[W], stored: Sequence[W], *keys: Key[W]) -> list[W | None]:
    """For each wanted one the stored one it continues, or None for a new one.

    By id where it is said, then by each key in turn; a falsy key says nothing. No stored one is
    given twice.
    """
    found: list[W | None] = [None] * len(wanted)
    left = list(stored)
    for key in (_ident, *keys):
        for n, one in enumerate(wanted):
            said = key(one) if found[n] is None else None
            same = next((s for s in left if said and key(s) == said), None)
            if same is not None:
                found[n] = same
                left.remove(same)
    return found


def _ident(one: _Known) -> int | None:
    return one.id

"""Which customers: those that were ticked, or all that a list holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Selection:
    """Public ids, or (`all_of_them`) what a list holds: its filter as text, words, archive.

    Of these, customers with an id up to `after` are written down already.
    """

    ids: tuple[str, ...] = ()
    all_of_them: bool = False
    filter: str = ""
    q: str = ""
    archived: bool = False
    but: tuple[str, ...] = ()
    after: int = 0

    def kept(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value}


def read(kept: Mapping[str, Any]) -> Selection:
    """As it was kept."""
    lists = {key: tuple(kept.get(key, ())) for key in ("ids", "but")}
    return Selection(**{**kept, **lists})

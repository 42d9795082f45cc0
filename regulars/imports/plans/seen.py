"""Which keys a file has used already: a second row of the same number is a repeat or a conflict."""

from __future__ import annotations

from collections.abc import Hashable


class Seen:
    """Remembers a key as two small numbers, so that a million rows fit in memory."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}

    def before(self, key: Hashable, content: Hashable, number: int) -> tuple[int, bool] | None:
        """None the first time; then the first record's number and whether it said the same."""
        place, said = hash(key), hash(content)
        first = self._known.setdefault(place, (number, said))
        if first[0] == number:
            return None
        return first[0], first[1] == said

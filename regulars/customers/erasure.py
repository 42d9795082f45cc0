"""The socket for what other rooms forget when a customer is erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from regulars.lib.registry import Registry


@dataclass(frozen=True)
class Traces:
    """By what an erased customer may still be known somewhere.

    `words` are names, email addresses and numbers as they were written, and the digits alone.
    """

    customer: int
    public_id: str
    words: frozenset[str]

    def are_in(self, text: str) -> bool:
        """Whether a text names them; case does not matter."""
        low = text.casefold()
        return any(word.casefold() in low for word in self.words)


@dataclass(frozen=True)
class Erasure:
    """`forget(traces)` runs in the transaction that erases, after the rows are gone."""

    key: str
    forget: Callable[[Traces], None]


erasures: Registry[Erasure] = Registry("erasures")

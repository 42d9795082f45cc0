"""What a fact is called from outside: `type`, `contact:12:role`, `email:3:address`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .sheet import SHEET, Fact

_ROW = re.compile(r"(contact|email|phone|location):([1-9]\d{0,17}):([a-z_0-9]+)", re.ASCII)


@dataclass(frozen=True)
class At:
    """Where a fact stands; `pk` is None for the customer's own."""

    of: str
    pk: int | None
    fact: Fact

    @property
    def key(self) -> str:
        return self.fact.name if self.pk is None else f"{self.of}:{self.pk}:{self.fact.name}"


def parse(key: str) -> At | None:
    """None for what is no fact of any record."""
    row = _ROW.fullmatch(key)
    of, pk, name = (row[1], int(row[2]), row[3]) if row else ("customer", None, key)
    fact = SHEET[of].get(name)
    return None if fact is None else At(of, pk, fact)

"""What every way of checking an address answers."""

from __future__ import annotations

from dataclasses import dataclass

from regulars.customers.models import CheckLevel
from regulars.lib.addresses import Address, lines


@dataclass(frozen=True)
class Checked:
    """How far an address was checked, what it might have meant, and why; never an exception.

    `suggestion` is None when nothing better is known; `position` is (latitude, longitude).
    """

    level: CheckLevel = CheckLevel.UNCHECKED
    suggestion: Address | None = None
    reasons: tuple[str, ...] = ()
    county: str = ""
    position: tuple[float, float] | None = None

    def question(self, of: Address) -> str:
        """“Ann Arbor, MI 48104”: the suggestion, no longer than what differs from `of`."""
        if self.suggestion is None:
            return ""
        same_street = (self.suggestion.line1, self.suggestion.line2) == (of.line1, of.line2)
        shown = lines(self.suggestion, home=self.suggestion.country)
        return shown[-1] if same_street and shown else ", ".join(shown)

"""Looking for another customer, to say something about the one at hand and them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from regulars.customers import queries
from regulars.customers.models import Customer
from regulars.staff.permission import signed_in

FOUND = 8


@dataclass(frozen=True)
class Others:
    """Whom the search finds, but for the customer themselves; `alike` as the search says it."""

    q: str
    hits: Sequence[Customer]
    alike: Sequence[str] = ()

    def without(self, is_known: Callable[[Customer], bool]) -> dict[str, object]:
        """For the template, without some."""
        hits = [row for row in self.hits if not is_known(row)][:FOUND]
        return {"q": self.q, "hits": hits, "alike": self.alike if hits else ()}


def others(request: HttpRequest, who: Customer) -> Others:
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    found = queries.search(signed_in(request), q, limit=FOUND + 1)
    return Others(q, [c.customer for c in found.items if c.customer.pk != who.pk], found.alike)

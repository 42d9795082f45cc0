"""Pairs beyond doubt as they are looked over: which would be merged together, and which not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from regulars.customers.merging.choosing import best_known
from regulars.customers.models import Customer

from .models import Pair


@dataclass(frozen=True)
class Sure:
    """A pair beyond doubt: who stays, who goes, and who of them is in a surer pair already."""

    pair: Pair
    stays: Customer
    goes: Customer
    met: Customer | None
    is_proposed: bool

    @property
    def has_two_owners(self) -> bool:
        return _is_of_two(self.pair)


def looked_over(pairs: Iterable[Pair], *, named: bool = False) -> list[Sure]:
    """In their order, the surest first; the owners are read already.

    Of pairs that share a record the surest is proposed: who was just made one with somebody is
    asked about again rather than becoming one with a third unseen. So is none by which somebody
    loses a customer, unless it was `named`.
    """
    met: set[int] = set()
    found = []
    for pair in pairs:
        two = [pair.customer, pair.other]
        stays = best_known(two)
        goes = next(one for one in two if one != stays)
        known = next((one for one in two if one.pk in met), None)
        is_proposed = known is None and (named or not _is_of_two(pair))
        if is_proposed:
            met |= {one.pk for one in two}
        found.append(Sure(pair, stays, goes, known, is_proposed))
    return found


def _is_of_two(pair: Pair) -> bool:
    return len({pair.customer.owner_id, pair.other.owner_id} - {None}) > 1

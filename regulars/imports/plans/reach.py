"""To whom and where the importing person may hand customers: as far by file as by hand."""

from __future__ import annotations

from dataclasses import dataclass

from regulars.staff import queries as staff
from regulars.staff.models import Sees, Store, User


@dataclass(frozen=True)
class Reach:
    """Row ids; None means anybody and anywhere."""

    people: frozenset[int] | None
    stores: frozenset[int] | None

    @classmethod
    def of(cls, by: User | None) -> Reach:
        """`by` is None on the command line."""
        if by is None or by.role.sees == Sees.ALL:
            return cls(None, None)
        people = staff.colleagues(by).values_list("pk", flat=True)
        return cls(frozenset(people), frozenset([by.store_id] if by.store_id else []))

    def hands_to(self, user: User) -> bool:
        return self.people is None or user.pk in self.people

    def works_for(self, store: Store) -> bool:
        return self.stores is None or store.pk in self.stores

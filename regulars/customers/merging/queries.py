"""Who somebody was and is now, and what was merged: reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from regulars.customers.models import Customer, Merge

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from regulars.staff.models import User

MOST = 100
PARTS = f"""(SELECT jsonb_agg(jsonb_build_object(
    'public_id', p.public_id, 'pk', p.old_id, 'name', p.row ->> 'name',
    'first', p.row ->> 'first_name', 'came_and_went', (
      SELECT jsonb_agg(jsonb_build_array(h.pgh_created_at, h.pgh_label) ORDER BY h.pgh_id)
      FROM customers_customerhistory h WHERE h.id = p.old_id AND h.pgh_label <> 'update'
    )) ORDER BY p.id)
  FROM (SELECT * FROM customers_mergedprofile
        WHERE customer_id = customers_customer.id AND undone_at IS NULL
        ORDER BY id LIMIT {MOST}) p
)"""  # noqa: S608 (made of constants)


@dataclass(frozen=True)
class MergedPart:
    """Somebody who lives on in a customer; `came_and_went` are the instants their row did."""

    public_id: UUID
    pk: int
    name: str
    first: str
    came_and_went: Sequence[tuple[datetime, str]]

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> MergedPart:
        moments = said["came_and_went"] or ()
        came_and_went = [(datetime.fromisoformat(at), label) for at, label in moments]
        public_id = UUID(said["public_id"])
        return cls(public_id, said["pk"], said["name"], said["first"], came_and_went)

    @property
    def customer(self) -> Customer:
        """The row that was, to ask history about."""
        known = {"name": self.name, "first_name": self.first}
        return Customer(pk=self.pk, public_id=self.public_id, **known)

    def was_there(self, at: datetime) -> bool:
        """Whether they were a customer by themselves then."""
        before = [label for when, label in self.came_and_went if when <= at]
        return bool(before) and before[-1] != "delete"


def merges_seen(user: User) -> QuerySet[Merge]:
    """Merges of the customers this user may see."""
    return Merge.objects.filter(customer__in=Customer.objects.visible_to(user))


def merged_parts() -> RawSQL:
    """All that a customer was made of, to be read with others in one statement."""
    return RawSQL(PARTS, (), output_field=JSONField())  # noqa: S611 (made of constants)

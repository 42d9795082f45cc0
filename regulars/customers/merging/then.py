"""Whose record somebody had at a moment: their own, or that of whom they were one with then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F, JSONField, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from regulars.customers.models import Customer, MergedProfile

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST = 200
# History says to the moment when a row went and came again; what is older than it, the merge does.
SPANS = f"""(
  WITH RECURSIVE ways(pk) AS (
    SELECT coalesce((SELECT old_id FROM customers_mergedprofile
                     WHERE public_id = %s AND undone_at IS NULL), customers_customer.id)
    UNION
    SELECT m.primary_id FROM ways JOIN customers_mergedprofile p ON p.old_id = ways.pk
      JOIN customers_merge m ON m.id = p.merge_id
  )
  SELECT jsonb_build_object('start', (SELECT pk FROM ways LIMIT 1), 'spans', (
    SELECT jsonb_agg(jsonb_build_array(f.old_id, f.primary_id, f.begins, coalesce((
        SELECT min(h.pgh_created_at) FROM customers_customerhistory h
        WHERE h.id = f.old_id AND h.pgh_label = 'insert' AND h.pgh_created_at > f.begins
      ), f.undone_at)))
    FROM (
      SELECT p.old_id, m.primary_id, p.undone_at, coalesce((
        SELECT max(h.pgh_created_at) FROM customers_customerhistory h
        WHERE h.id = p.old_id AND h.pgh_label = 'delete' AND h.pgh_created_at <= m.at
      ), m.at) AS begins
      FROM ways JOIN customers_mergedprofile p ON p.old_id = ways.pk
      JOIN customers_merge m ON m.id = p.merge_id
      LIMIT {MOST}
    ) f
  ))
)"""  # noqa: S608 (made of constants)


@dataclass(frozen=True)
class Span:
    """The row `pk` was one with the row `into` from `begins` until `ends`; None: it still is."""

    pk: int
    into: int
    begins: datetime
    ends: datetime | None


@dataclass(frozen=True)
class Lives:
    """The row that somebody is asked for by, and with whom it was one, when."""

    start: int
    spans: Sequence[Span]

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Lives:
        read = datetime.fromisoformat
        return cls(
            said["start"],
            [
                Span(pk, into, read(begins), read(ends) if ends else None)
                for pk, into, begins, ends in said["spans"] or ()
            ],
        )

    def held_by(self, at: datetime) -> int:
        """The row that held their record then, through every merge that stood."""
        pk, passed = self.start, set[int]()
        while pk not in passed:
            passed.add(pk)
            pk = next((one.into for one in self.spans if one.pk == pk and _stood(one, at)), pk)
        return pk


def _stood(span: Span, at: datetime) -> bool:
    return span.begins <= at and (span.ends is None or at < span.ends)


def lives(asked: UUID) -> RawSQL:
    """Those of whoever is asked for by this id, to be read with them in one statement."""
    return RawSQL(SPANS, (asked,), output_field=JSONField())  # noqa: S611 (made of constants)


def living_on(user: User, pk: int) -> Customer | None:
    """Who holds this row today, if the user may see them."""
    now = MergedProfile.objects.filter(old_id=pk, undone_at=None).values("customer")[:1]
    return Customer.objects.visible_to(user).filter(pk=Coalesce(Subquery(now), Value(pk))).first()


def held_then(customer: Customer, at: datetime) -> Q:
    """The condition on rows of somebody, by `customer`, who lived on in this one at that moment and
    is on their own today; right in it, or in somebody who did."""
    stood = MergedProfile.objects.filter(merge__at__lte=at, undone_at__gt=at)
    right = stood.filter(customer=customer.pk, merge__primary_id=customer.pk).values("old_id")
    there = Q(customer=customer.pk) | Q(customer__in=right)
    further = stood.filter(there, merge__primary_id__in=right).values("old_id")
    return Q(customer__in=right) | Q(customer__in=further)


def known_then(user: User, customer: Customer, asked: UUID, at: datetime) -> Customer:
    """The row that held the record of whoever is asked for by this id, at that moment.

    Where the user may not see who that is, it is their own row, which was not there then. Two
    statements at most.
    """
    rows = Customer.objects.filter(pk=customer.pk).annotate(lives=lives(asked))
    said = rows.values_list(F("lives"), flat=True).first()
    if said is None:
        return customer
    known = Lives.read(said)
    pk = known.held_by(at)
    if pk == customer.pk:
        return customer
    seen = pk == known.start or living_on(user, pk) is not None
    return Customer(pk=pk if seen else known.start)

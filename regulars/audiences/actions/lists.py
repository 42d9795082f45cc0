"""Putting people on a list chosen by hand, and taking them off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regulars.audiences import membership
from regulars.audiences.asking import Askings
from regulars.audiences.models import Audience, Listed
from regulars.customers.actions.many import held, tell
from regulars.customers.history.context import writing
from regulars.lib.errors import Invalid

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST_AT_ONCE = 1_000


def put_on_list(audience: Audience, customers: Sequence[int], *, by: User) -> list[int]:
    """These people, by row id, are on the list from now on; who was not before.

    One event on each, a thousand people at most. Raises `Invalid` for what is no list.
    """
    _require_list(audience)
    with writing(by):
        here = set(held(customers[:MOST_AT_ONCE]).values_list("pk", flat=True))
        there = Listed.objects.filter(audience=audience, customer__in=here)
        new = sorted(here - set(there.values_list("customer", flat=True)))
        Listed.objects.bulk_create(
            [Listed(audience=audience, customer_id=pk, added_by=by) for pk in new]
        )
        _follow(audience, new, "added", by)
    return new


def take_off_list(audience: Audience, customers: Sequence[int], *, by: User) -> list[int]:
    """They were on the list until now; who was. Raises `Invalid` for what is no list."""
    _require_list(audience)
    with writing(by):
        here = held(customers[:MOST_AT_ONCE])
        rows = Listed.objects.filter(audience=audience, customer__in=here)
        gone = sorted(rows.values_list("customer", flat=True))
        rows.delete()
        _follow(audience, gone, "removed", by)
    return gone


def _follow(audience: Audience, customers: Sequence[int], what: str, by: User) -> None:
    membership.move(audience, customers, Askings())
    said = {pk: {what: audience.name} for pk in customers}
    tell(said, "customer.listed", by=by, moved=True)
    audience.refresh_from_db(fields=["size"])


def _require_list(audience: Audience) -> None:
    if not audience.is_list:
        raise Invalid({"audience": "Who is in this audience follows from its criteria"})

"""What becomes of tasks when two customers become one."""

from __future__ import annotations

from collections.abc import Collection

from regulars.customers.merging.ways import Moving
from regulars.customers.models import Customer

from .models import Task


def move(moving: Moving) -> None:
    """All are the one's who stays; open ones of an owner who loses the customer go to who keeps it.

    As when a customer is handed over: nobody is left with tasks about a customer they do not see.
    Those of the profile that stays change with the profile that brings the owner, in whatever
    order profiles come: then they change back with it.
    """
    of, into, owner = moving.of, moving.into, moving.will_say["owner_id"]
    if owner is not None:
        lose = {of.owner_id, into.owner_id} - {owner, None}
        _give(moving, of, lose, owner)
        if "owner" in moving.brings:
            _give(moving, into, {into.owner_id} - {owner, None}, owner)
    moving.journal.move(Task, "customer_id", from_=of.pk, to=into.pk)


def _give(moving: Moving, one: Customer, lose: Collection[int | None], owner: int) -> None:
    rows = Task.objects.open().filter(customer=one.pk, assignee__in=lose)
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        moving.journal.change(Task, pk, {"assignee_id": owner})

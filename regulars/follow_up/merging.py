"""What becomes of tasks when two customers become one."""

from __future__ import annotations

from regulars.customers.merging.ways import Moving

from .models import Task


def move(moving: Moving) -> None:
    """All are the one's who stays; open ones of the owner who loses the customer are the other's.

    As when a customer is handed over: nobody is left with tasks about a customer they do not see.
    """
    keeps = moving.of if moving.takes("owner") else moving.into
    for one in (moving.of, moving.into):
        if None in (one.owner_id, keeps.owner_id) or one.owner_id == keeps.owner_id:
            continue
        rows = Task.objects.open().filter(customer=one.pk, assignee=one.owner_id)
        for pk in rows.order_by("pk").values_list("pk", flat=True):
            moving.journal.change(Task, pk, {"assignee_id": keeps.owner_id})
    moving.journal.move(Task, "customer_id", from_=moving.of.pk, to=moving.into.pk)

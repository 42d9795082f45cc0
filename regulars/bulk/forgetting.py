"""What receipts still say of somebody who was erased: words that a deed was told."""

from __future__ import annotations

from regulars.customers.erasure import Traces
from regulars.lib import clock

from .models import Receipt, State

NAMED = "It named somebody who was erased meanwhile. Whole batches are done."
SAID = ("values", "selection", "passed", "chosen", "label")


def forget(traces: Traces) -> None:
    """Lines went with the customer; a filter or a text that names them goes too, and what has not
    been done by then cannot go on without it."""
    if not traces.words:
        return
    for receipt in Receipt.objects.only("pk", "deed", *SAID).iterator():
        said = f"{[getattr(receipt, name) for name in SAID]}"
        if traces.are_in(said):
            receipt.values, receipt.selection, receipt.passed, receipt.chosen = {}, {}, {}, ""
            receipt.label = receipt.deed
            receipt.save(update_fields=SAID)
            going_on = Receipt.objects.filter(
                pk=receipt.pk, state__in=(State.QUEUED, State.RUNNING)
            )
            going_on.update(state=State.FAILED, failure=NAMED, finished_at=clock.now())

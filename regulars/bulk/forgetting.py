"""What receipts still say of somebody who was erased: words that a deed was told."""

from __future__ import annotations

from regulars.customers.erasure import Traces

from .models import Receipt

SAID = ("values", "selection", "passed", "chosen", "label")


def forget(traces: Traces) -> None:
    """Lines went with the customer; a filter or a text that names them goes too."""
    if not traces.words:
        return
    for receipt in Receipt.objects.only("pk", "deed", *SAID).iterator():
        said = f"{[getattr(receipt, name) for name in SAID]}"
        if traces.are_in(said):
            receipt.values, receipt.selection, receipt.passed, receipt.chosen = {}, {}, {}, ""
            receipt.label = receipt.deed
            receipt.save(update_fields=SAID)

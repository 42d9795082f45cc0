"""What becomes of the lines of somebody who is merged into another one."""

from __future__ import annotations

from regulars.customers.merging.ways import Moving, once_per

from .models import WROTE, Line


def lines(moving: Moving) -> None:
    """Whoever was written keeps a line of their own, so that the undo can name them.

    Of two that nothing was done to yet, the one who stays is enough.
    """
    own = Line.objects.filter(customer=moving.of, whom=None, outcome__in=WROTE)
    for pk in own.order_by("pk").values_list("pk", flat=True):
        moving.journal.change(Line, pk, {"whom": moving.of.pk})
    once_per(Line, "receipt_id", "whom")(moving)

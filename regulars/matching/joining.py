"""What becomes of verdicts when two profiles become one; an undo brings them back as they were."""

from __future__ import annotations

from django.db.models import Q

from regulars.customers.merging.ways import Moving

from .models import Verdict


def verdicts(moving: Moving) -> None:
    """Who is not the one is not the other; of two words about one pair the primary's stays.

    Both columns at once, since a pair stands in the order of its ids.
    """
    of, into = moving.of.pk, moving.into.pk
    for row in Verdict.objects.filter(Q(customer=of) | Q(other=of)).order_by("pk"):
        other = row.other_id if row.customer_id == of else row.customer_id
        low, high = sorted((into, other))
        known = Verdict.objects.filter(customer=low, other=high).exclude(pk=row.pk)
        if other == into or known.exists():
            moving.journal.absorb(Verdict, row.pk)
        else:
            moving.journal.change(Verdict, row.pk, {"customer_id": low, "other_id": high})


def nothing(moving: Moving) -> None:
    """Both columns go together."""

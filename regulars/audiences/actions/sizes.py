"""How large each audience was, day by day."""

from __future__ import annotations

from regulars.audiences.models import Audience, Size
from regulars.lib import clock


def note_sizes() -> None:
    """Each audience's size of today, for its curve."""
    today = clock.now().date()
    rows = [Size(audience=one, day=today, size=one.size) for one in Audience.objects.iterator()]
    Size.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["audience", "day"], update_fields=["size"]
    )

"""What the pages of this room have in common: the asking, chips, a curve, and blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from regulars.criteria.fields import Asking
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff.permission import signed_in

LONGEST = 4_000
MONTH = 30
WIDE, HIGH = 120, 32


def asking_of(request: HttpRequest) -> Asking:
    return Asking(signed_in(request), clock.now(), timezone.get_current_timezone())


@dataclass(frozen=True)
class Curve:
    """How a size went: `line` are points of a picture `WIDE` by `HIGH`, `area` those below it."""

    line: str
    area: str
    change: int
    days: int

    @property
    def said(self) -> str:
        if not self.change:
            return f"As many as {self.days} days ago"
        return f"{abs(self.change):,} {'more' if self.change > 0 else 'fewer'} in {self.days} days"


def curve(sizes: Sequence[int]) -> Curve | None:
    """Of sizes day by day; nothing when there are too few to tell."""
    if len(sizes) < 2:
        return None
    least, most = min(sizes), max(sizes)
    reach = max(most - least, most // 10, 1)
    step = WIDE / (len(sizes) - 1)
    points = [
        f"{n * step:.1f},{HIGH - 3 - (HIGH - 6) * (size - least) / reach:.1f}"
        for n, size in enumerate(sizes)
    ]
    days = min(MONTH, len(sizes) - 1)
    line = " ".join(points)
    area = f"0,{HIGH} {line} {WIDE},{HIGH}"
    return Curve(line, area, sizes[-1] - sizes[-1 - days], days)


def blame(form: forms.Form, no: Invalid) -> None:
    """Each sentence under its field."""
    for field, sentence in no.errors.items():
        form.add_error(field if field in form.fields else None, sentence)

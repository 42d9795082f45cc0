"""Audiences as a filter knows them."""

from __future__ import annotations

from regulars.criteria.fields import Asking, Choice

from .models import Audience

MOST = 500


def audiences(asking: Asking) -> list[Choice]:
    """By name; for those who may see audiences at all."""
    if not asking.user.may("marketing"):
        return []
    rows = Audience.objects.order_by("name").values_list("name", "pk")[:MOST]
    return [Choice(name, keys=(pk,)) for name, pk in rows]

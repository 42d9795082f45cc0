"""Ratings as fields of the filter language: not enough data is a legal state."""

from dataclasses import replace

from django.db.models import Q

from regulars.criteria.fields import Asking, CustomerField
from regulars.criteria.kinds import NO_ONE, worked_out_field
from regulars.criteria.language import Value

from .cards import badges


def rating_field(key: str, label: str) -> CustomerField:
    """A number that some pack gives as the badge of that key.

    Until one does, nobody has it: every comparison finds nobody, and `empty` everybody.
    """
    given = worked_out_field(key, label, lambda: badges[key].value())

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        if key in badges:
            return given.q(operator, value, asking)
        return Q() if operator == "empty" else NO_ONE

    return replace(given, q=condition)

"""Ratings as fields of the filter language: not enough data is a legal state."""

from django.db.models import Q, Value
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from regulars.criteria.fields import Asking, CustomerField
from regulars.criteria.kinds import NO_ONE
from regulars.criteria.language import Value as Given

from .cards import badges

LOOKUPS = {"<": LessThan, "<=": LessThanOrEqual, ">": GreaterThan, ">=": GreaterThanOrEqual}


def rating_field(key: str, label: str) -> CustomerField:
    """A number that some pack gives as the badge of that key.

    Until one does, nobody has it: every comparison finds nobody, and `empty` everybody.
    """

    def condition(operator: str, given: Given, asking: Asking) -> Q:
        badge = badges.get(key)
        if operator == "empty":
            return Q() if badge is None else Q(IsNull(badge.value(), True))
        if badge is None:
            return NO_ONE
        lookup = LOOKUPS.get(operator, Exact)
        numbers = given if isinstance(given, tuple) else (given,)
        fits = Q(*(Q(lookup(badge.value(), Value(one))) for one in numbers), _connector=Q.OR)
        # Said twice, so that “not” finds those without a rating too.
        return fits & Q(IsNull(badge.value(), False))

    return CustomerField(key, label, "number", ("=", *LOOKUPS, "empty"), condition)

"""A constructor for each ordinary kind of field, so that a room plugs one in with one line."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Protocol

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, lookups
from django.db.models import Value as Given
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Coalesce

from regulars.criteria import when
from regulars.criteria.fields import (
    COMPARISONS,
    Asking,
    Choice,
    ChoicesOf,
    CustomerField,
    fixed,
)
from regulars.criteria.language import Value
from regulars.criteria.links import Link
from regulars.criteria.when import Ago, Period

NO_ONE = Q(pk__in=[])
LOOKUPS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
COMPARED = {
    "<": lookups.LessThan,
    "<=": lookups.LessThanOrEqual,
    ">": lookups.GreaterThan,
    ">=": lookups.GreaterThanOrEqual,
}

ChoiceSource = ChoicesOf | Sequence[tuple[str, str] | Choice]


class Rows(Protocol):
    """Rows that belong to customers, as a fresh queryset."""

    def __call__(self) -> QuerySet[Any]: ...


def flag_field(
    key: str,
    label: str,
    q: Q | Callable[[Asking], Q],
    *,
    english: str = "",
    indexed: bool = False,
    aliases: tuple[str, ...] = (),
) -> CustomerField:
    """A yes or no question: `waiting`. `q` is the condition for yes."""

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        return q if isinstance(q, Q) else q(asking)

    return CustomerField(
        key, label, "flag", ("is",), condition, english=english, indexed=indexed, aliases=aliases
    )


def choice_field(
    key: str,
    label: str,
    path: str,
    choices: ChoiceSource,
    *,
    type: str = "choice",
    english: str = "",
    indexed: bool = False,
    aliases: tuple[str, ...] = (),
    open: bool = False,
    blank: bool = False,
) -> CustomerField:
    """One of several: `type:lead`, `store:"North"`. `path` is a column or a foreign key.

    A `blank` one is an empty text in the column, not NULL, when nothing was chosen.
    """
    source = choices if callable(choices) else fixed(choices)

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        if operator == "empty" or not isinstance(value, tuple):
            return Q((path, "")) if blank else Q((f"{path}__isnull", True))
        keys = asking.choices(source).keys(word for word in value if isinstance(word, str))
        return _column_is(path, keys)

    operators = ("is", "empty")
    return CustomerField(
        key, label, type, operators, condition, source, english, indexed, aliases, open
    )


def person_field(
    key: str,
    label: str,
    path: str,
    people: Callable[[Asking], Iterable[Choice]],
    *,
    english: str = "",
    indexed: bool = False,
    aliases: tuple[str, ...] = (),
) -> CustomerField:
    """A colleague or nobody: `owner:me`, `owner:unassigned`, `owner:"Ana Lopez"`.

    `people` gives everyone who can be named, with their keys; `me` and `unassigned` are added.
    """

    def everyone(asking: Asking) -> list[Choice]:
        me = getattr(asking.user, "pk", None)
        return [
            Choice("me", keys=() if me is None else (me,), aliases=("mine", "myself")),
            Choice("unassigned", "nobody", keys=(None,), aliases=("none", "no one", "empty")),
            *people(asking),
        ]

    chosen = choice_field(
        key, label, path, everyone, type="person", english=english, indexed=indexed, aliases=aliases
    )
    return replace(chosen, operators=("is",))  # empty is said as unassigned


def link_field(
    key: str,
    label: str,
    path: str,
    rows: Rows,
    choices: ChoiceSource,
    *,
    customer: str = "customer",
    type: str = "tag",
    english: str = "",
    indexed: bool = False,
    aliases: tuple[str, ...] = (),
    open: bool = False,
    link: Link | None = None,
) -> CustomerField:
    """Any of the customer's rows in another table is one of several: `tag:VIP`.

    `customer` and `path` are columns of `rows`: whose row it is, and what is compared. `link` says
    that the table carries the list's order too.
    """
    source = choices if callable(choices) else fixed(choices)

    def has(among: Q) -> Q:
        return Q(Exists(rows().filter(among, **{customer: OuterRef("pk")})))

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        if operator == "empty" or not isinstance(value, tuple):
            return ~has(Q())
        keys = asking.choices(source).keys(word for word in value if isinstance(word, str))
        real = tuple(key for key in keys if key is not None)
        found = has(_column_is(path, real)) if real else NO_ONE
        return found | ~has(Q()) if None in keys else found

    def led(operator: str, value: Value, asking: Asking) -> QuerySet[Any] | None:
        if link is None or operator != "is" or not isinstance(value, tuple):
            return None
        keys = asking.choices(source).keys(word for word in value if isinstance(word, str))
        return link.of(keys[0]) if len(keys) == 1 and keys[0] is not None else None

    operators = ("is", "empty")
    return CustomerField(
        key, label, type, operators, condition, source, english, indexed, aliases, open, led
    )


def text_field(
    key: str,
    label: str,
    path: str,
    *,
    folded_by: Callable[[str], str] | None = None,
    english: str = "",
    indexed: bool = False,
    aliases: tuple[str, ...] = (),
) -> CustomerField:
    """Words: `name:ana` (starts with), `name contains "rom"`, `name = "Ana Lopez"`.

    With `folded_by` the column holds text folded that way and is compared as it stands, so that
    an index on it serves; without, case is ignored.
    """
    ignoring_case = "" if folded_by else "i"
    lookups = {"starts": "startswith", "contains": "contains", "=": "exact"}

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        if operator == "empty" or not isinstance(value, tuple):
            return Q((f"{path}__isnull", True)) | Q((path, ""))
        lookup = f"{path}__{ignoring_case}{lookups[operator]}"
        words = [word for word in value if isinstance(word, str)]
        sought = [folded for word in words if (folded := folded_by(word) if folded_by else word)]
        return Q(*((lookup, word) for word in sought), _connector=Q.OR) if sought else NO_ONE

    operators = ("starts", "contains", "=", "empty")
    return CustomerField(key, label, "text", operators, condition, None, english, indexed, aliases)


def through(one: CustomerField, rows: Rows, *, customer: str = "customer") -> CustomerField:
    """A field of a row in another table, of which a customer has one at most."""

    def has(among: Q) -> Q:
        return Q(Exists(rows().filter(among, **{customer: OuterRef("pk")})))

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        return ~has(Q()) if operator == "empty" else has(one.q(operator, value, asking))

    return replace(one, q=condition)


def number_field(
    key: str,
    label: str,
    path: str,
    *,
    whole: bool = True,
    english: str = "",
    indexed: bool = False,
    aliases: tuple[str, ...] = (),
) -> CustomerField:
    """A number: `intent >= 4`, `intent:2..4`. `whole` when the column holds integers."""

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        if isinstance(value, tuple):
            numbers = [n for n in value if isinstance(n, Decimal)]
            fitting = [n for n in numbers if not whole or n == math.floor(n)]
            return Q((f"{path}__in", fitting)) if fitting else NO_ONE
        if not isinstance(value, Decimal):
            return Q((f"{path}__isnull", True))
        if whole:
            # A column of integers is compared with an integer, or its index is of no use.
            up = operator in ("<", ">=")
            value = value.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
        # Django takes “less than more than the column can hold” for true of an empty column too.
        return Q((f"{path}__{LOOKUPS[operator]}", value), (f"{path}__isnull", False))

    operators = ("=", *COMPARISONS, "empty")
    return CustomerField(
        key, label, "number", operators, condition, None, english, indexed, aliases
    )


def worked_out_field(
    key: str,
    label: str,
    number: Callable[[], BaseExpression | Combinable],
    *,
    english: str = "",
    aliases: tuple[str, ...] = (),
) -> CustomerField:
    """A number that no column holds: `number` is an expression about the row, null for unknown."""

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        if operator == "empty":
            return Q(lookups.IsNull(number(), True))
        lookup = COMPARED.get(operator, lookups.Exact)
        given = value if isinstance(value, tuple) else (value,)
        fits = Q(*(Q(lookup(number(), Given(one))) for one in given), _connector=Q.OR)
        # Said twice, so that “not” finds those without a number too.
        return fits & Q(lookups.IsNull(number(), False))

    operators = ("=", *COMPARISONS, "empty")
    return CustomerField(key, label, "number", operators, condition, None, english, False, aliases)


def how_many(rows: Rows, *, customer: str = "customer") -> BaseExpression:
    """How many of `rows` a customer has, as an expression; for fields, badges and lists."""
    mine = rows().filter(**{customer: OuterRef("pk")}).order_by()
    counted = mine.values(customer).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def date_field(
    key: str,
    label: str,
    path: str,
    *,
    whole_days: bool = False,
    english: str = "",
    indexed: bool = False,
    aliases: tuple[str, ...] = (),
) -> CustomerField:
    """A time: `created < 7 days ago` (younger), `created = 2026-11-01`, `created in this month`.

    `whole_days` when the column is a date without a time. Days are those of the asker's zone.
    """

    def condition(operator: str, value: Value, asking: Asking) -> Q:
        if not isinstance(value, date | Ago | Period):
            return Q((f"{path}__isnull", True))
        bounds = when.day_bounds if whole_days else when.bounds
        limits = bounds(operator, value, asking.now, asking.zone)
        return Q(*((f"{path}__{lookup}", edge) for lookup, edge in limits))

    operators = ("=", *COMPARISONS, "in", "empty")
    return CustomerField(key, label, "date", operators, condition, None, english, indexed, aliases)


def _column_is(path: str, keys: tuple[object, ...]) -> Q:
    real = [key for key in keys if key is not None]
    if not real:
        found = NO_ONE
    else:
        found = Q((path, real[0])) if len(real) == 1 else Q((f"{path}__in", real))
    if None not in keys:
        return found
    nothing = Q((f"{path}__isnull", True))
    return found | nothing if real else nothing

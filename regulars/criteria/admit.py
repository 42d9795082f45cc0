"""What a tree and its facts may say: each value checked, and spelled as its field spells it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from regulars.criteria.fields import COMPARISONS, Asking, CustomerField, Fields, find, find_thing
from regulars.criteria.language import (
    MOST_COUNTED,
    MOST_VALUES,
    MOST_WORD,
    CriteriaError,
    Fact,
    Group,
    Has,
    Node,
    Value,
    said,
    unprintable,
)
from regulars.criteria.when import FIRST_DAY, LAST_DAY, Ago, Period

LARGEST = Decimal(10) ** 12
DECIMALS = 6
MOST_NAMED = 8  # choices in a sentence


def admitted(node: Node, asking: Asking, fields: Fields) -> Node:
    """The tree with every fact in its one spelling; raises CriteriaError as `admit` does."""
    if isinstance(node, Fact):
        return admit(node, asking, fields)
    if isinstance(node, Has):
        thing = find_thing(node.thing, fields)
        if not 1 <= node.at_least <= MOST_COUNTED:
            raise CriteriaError(f"“{thing.key}” is counted from 1 to {MOST_COUNTED:,}")
        return replace(node, thing=thing.key, where=admitted(node.where, asking, fields.of(thing)))
    return Group(node.kind, tuple(admitted(member, asking, fields) for member in node.of))


def admit(fact: Fact, asking: Asking, fields: Fields) -> Fact:
    """The fact in its one spelling; raises CriteriaError for what the field cannot say."""
    one = find(fact.field, fields)
    if fact.operator not in one.operators:
        raise CriteriaError(
            f"“{one.key}” cannot be asked with {said(str(fact.operator))}, "
            f"only with {', '.join(one.operators)}"
        )
    return Fact(one.key, fact.operator, _admit_value(one, fact.operator, fact.value, asking))


def _admit_value(one: CustomerField, operator: str, value: Value, asking: Asking) -> Value:
    if operator == "empty":
        if value is not None:
            raise CriteriaError(f"“{one.key}” empty takes no value")
        return None
    if one.type == "flag":
        if value is not True:
            raise CriteriaError(f"“{one.key}” is a yes or no question")
        return value
    if one.type == "number":
        return _admit_number(one, operator, value)
    if one.type == "date":
        return _admit_date(one, operator, value)
    return _admit_words(one, value, asking)


def _admit_words(one: CustomerField, value: Value, asking: Asking) -> tuple[str, ...]:
    words = [word for word in value if isinstance(word, str)] if isinstance(value, tuple) else []
    if not words or not isinstance(value, tuple) or len(words) != len(value):
        raise CriteriaError(f"“{one.key}” needs at least one word")
    _require_few(one, words)
    return tuple(dict.fromkeys(admit_word(one, word, asking) for word in words))


def _require_few(one: CustomerField, values: Sequence[object]) -> None:
    if len(values) > MOST_VALUES:
        raise CriteriaError(f"“{one.key}” is compared with more than {MOST_VALUES} values")


def admit_word(one: CustomerField, word: str, asking: Asking) -> str:
    """One word as the field spells it; raises CriteriaError with the nearest choice."""
    if len(word) > MOST_WORD:
        raise CriteriaError(f"A value of “{one.key}” is longer than {MOST_WORD} characters")
    if any(unprintable(c) and not c.isspace() for c in word):
        raise CriteriaError(f"{said(word)} has characters that cannot be stored")
    clean = " ".join(unicodedata.normalize("NFC", word).split())
    if not clean:
        raise CriteriaError(f"“{one.key}” needs at least one word")
    if one.choices is None:
        return clean
    choices = asking.choices(one.choices)
    known = choices.named(clean)
    if known:
        return known[0].value
    if one.open:
        return clean
    meant = choices.nearest(clean)
    there = [choice.value for choice in choices] if one.type == "choice" and not meant else []
    hint = f" (only {', '.join(there)})" if 0 < len(there) <= MOST_NAMED else ""
    raise CriteriaError(f"There is no {one.label.lower()} {said(clean)}{hint}", suggestion=meant)


def _admit_number(one: CustomerField, operator: str, value: Value) -> Value:
    if operator == "=" and isinstance(value, tuple) and value:
        _require_few(one, value)
        return tuple(_number(one, number) for number in value)
    if operator in COMPARISONS and isinstance(value, Decimal):
        return _number(one, value)
    raise CriteriaError(f"“{one.key}” needs a number")


def _number(one: CustomerField, value: object) -> Decimal:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise CriteriaError(f"“{one.key}” needs a number")
    if abs(value) > LARGEST:
        raise CriteriaError(f"“{one.key}” is compared with too large a number")
    return round(value, DECIMALS).normalize() + 0


def _admit_date(one: CustomerField, operator: str, value: Value) -> Value:
    if isinstance(value, Ago) and operator in ("<", ">") and value.sensible:
        return value
    if isinstance(value, Period) and operator in (*COMPARISONS, "in"):
        return value
    if isinstance(value, date) and not isinstance(value, datetime) and operator != "in":
        if FIRST_DAY <= value <= LAST_DAY:
            return value
        raise CriteriaError(f"“{one.key}” takes days from {FIRST_DAY} to {LAST_DAY}")
    raise CriteriaError(
        f"“{one.key}” needs a day or a time such as 2026-11-01, 7 days ago or this month"
    )

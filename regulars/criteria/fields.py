"""The socket for fields of the customer, and what one fact about such a field may say."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.db.models import Q

from regulars.criteria.language import (
    MOST_VALUES,
    MOST_WORD,
    CriteriaError,
    Fact,
    Value,
    nearest,
    said,
    unprintable,
)
from regulars.criteria.when import FIRST_DAY, LAST_DAY, Ago, Period
from regulars.lib.registry import Registry

COMPARISONS = ("<", "<=", ">", ">=")
JOINTS = frozenset(["and", "or", "not", "is", "in", "starts", "contains"])
KEYWORDS = JOINTS | frozenset(
    ["empty", "everyone", "nobody", "last", "this", "next", "past", "the"]
)
# An address carries these beside the fields, so no field may take their names.
TAKEN = KEYWORDS | frozenset(
    ["filter", "q", "sort", "cursor", "limit", "page", "view", "columns", "density", "panel"]
)
LARGEST = Decimal(10) ** 12
DECIMALS = 6


def fold(word: str) -> str:
    """How two spellings of one name are compared: case, spaces and curly apostrophes aside."""
    plain = unicodedata.normalize("NFC", word[:MOST_WORD]).casefold().replace("’", "'")
    return " ".join(plain.split())


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a field can be.

    `value` is what is written (`owner:me`), `label` what is shown in a sentence (default: the
    value), `keys` what the column holds: default the value itself, several mean any of them,
    `None` among them means the column is empty, and no keys means nobody.
    """

    value: str
    label: str = ""
    keys: tuple[object, ...] | None = None
    aliases: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return self.label or self.value

    @property
    def columns(self) -> tuple[object, ...]:
        return (self.value,) if self.keys is None else self.keys


class Choices:
    """The choices of one field for one asking, found by any of their names."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self._all = tuple(choices)
        self._named: dict[str, list[Choice]] = {}
        for names in (self._values, self._labels, self._aliases):
            found: dict[str, list[Choice]] = {}
            for choice in self._all:
                for name in names(choice):
                    found.setdefault(fold(name), []).append(choice)
            self._named = found | self._named

    @staticmethod
    def _values(choice: Choice) -> tuple[str, ...]:
        return (choice.value,)

    @staticmethod
    def _labels(choice: Choice) -> tuple[str, ...]:
        return (choice.shown,)

    @staticmethod
    def _aliases(choice: Choice) -> tuple[str, ...]:
        return choice.aliases

    def __iter__(self) -> Iterator[Choice]:
        return iter(self._all)

    def named(self, word: str) -> list[Choice]:
        """The choices with this value, else this label, else this alias; any spelling."""
        return self._named.get(fold(word), [])

    def keys(self, words: Iterable[str]) -> tuple[object, ...]:
        """What the column holds for any of these words; nothing for a word that is no choice."""
        found = (key for word in words for choice in self.named(word) for key in choice.columns)
        return tuple(dict.fromkeys(found))

    def shown(self, word: str) -> str:
        named = self.named(word)
        return named[0].shown if named else word

    def nearest(self, word: str) -> str | None:
        """The choice whose value, or one word of it, is most like the typed one."""
        of_value = {choice.value: choice.value for choice in self._all[:500]}
        of_words = {part: value for value in of_value for part in value.split()}
        known = of_words | of_value
        close = nearest(word, known)
        return None if close is None else known[close]


ChoicesOf = Callable[["Asking"], Iterable[Choice]]


@dataclass(frozen=True)
class Asking:
    """Who asks, when and where: what `me`, `my team` and `last 7 days` mean.

    `now` is aware; `user` is whatever the fields' own rooms understand. Each field's choices are
    fetched at most once per asking.
    """

    user: Any
    now: datetime
    zone: tzinfo
    _choices: dict[ChoicesOf, Choices] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def choices(self, of: ChoicesOf) -> Choices:
        if of not in self._choices:
            self._choices[of] = Choices(of(self))
        return self._choices[of]


@dataclass(frozen=True, slots=True)
class CustomerField:
    """Something a customer can be asked for; `kinds` has a constructor for each ordinary kind.

    `type` is flag, choice, person, tag, text, number or date; it decides how values are read.
    `q(operator, value, asking)` is the condition in the database and must not multiply rows.
    `english` begins the sentence when the label does not (“Active” in the last 7 days).
    An `open` field takes words that are no choice (and matches nobody by them).
    """

    key: str
    label: str
    type: str
    operators: tuple[str, ...]
    q: Callable[[str, Value, Asking], Q]
    choices: ChoicesOf | None = None
    english: str = ""
    indexed: bool = False
    aliases: tuple[str, ...] = ()
    open: bool = False

    def __post_init__(self) -> None:
        plain = self.key.replace("_", "").replace(".", "")
        if not (plain.isalnum() and plain.isascii() and self.key[0].isalpha()):
            raise ValueError(f"A field's key is letters, digits, _ and dots, not “{self.key}”")
        if self.key != self.key.lower() or self.key in TAKEN:
            raise ValueError(f"A field cannot be called “{self.key}”")

    @property
    def chosen(self) -> bool:
        """Its values are words compared with `is`."""
        return self.type in ("choice", "person", "tag")


customer_fields: Registry[CustomerField] = Registry("customer_fields")

Fields = Registry[CustomerField]


def named(fields: Fields) -> dict[str, CustomerField]:
    """Fields by every spelling of key, label and alias; a key wins over another's alias."""
    found: dict[str, CustomerField] = {}
    for one in fields:
        found |= {_spelling(name): one for name in (one.label, *one.aliases)}
    return found | {one.key: one for one in fields}


def find(name: str, fields: Fields, at: int | None = None) -> CustomerField:
    """The field of that name; raises CriteriaError with the nearest one."""
    exact = fields.get(name)
    if exact is not None:
        return exact
    known = named(fields)
    close = known.get(_spelling(name[:MOST_WORD]))
    if close is not None:
        return close
    meant = nearest(_spelling(name[:MOST_WORD]), (one.key for one in fields))
    raise CriteriaError(f"Unknown field {said(name)}", at, meant)


def _spelling(name: str) -> str:
    return fold(name).replace("-", "_").replace(" ", "_")


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
    if len(words) > MOST_VALUES:
        raise CriteriaError(f"“{one.key}” is compared with more than {MOST_VALUES} values")
    return tuple(dict.fromkeys(admit_word(one, word, asking) for word in words))


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
    raise CriteriaError(
        f"There is no {one.label.lower()} {said(clean)}",
        suggestion=choices.nearest(clean),
    )


def _admit_number(one: CustomerField, operator: str, value: Value) -> Value:
    if operator == "=" and isinstance(value, tuple) and 0 < len(value) <= MOST_VALUES:
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


def choices_of(one: CustomerField, asking: Asking) -> Choices | None:
    return None if one.choices is None else asking.choices(one.choices)


def at_place(error: CriteriaError, at: int | None) -> CriteriaError:
    return error if error.at is not None or at is None else error.placed(at)


def fixed(choices: Sequence[tuple[str, str] | Choice]) -> ChoicesOf:
    """Choices that are the same for everyone, from (value, label) pairs."""
    made = tuple(c if isinstance(c, Choice) else Choice(*c) for c in choices)
    return lambda asking: made

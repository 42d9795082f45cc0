"""The socket for fields of the customer, and what one fact about such a field may say."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.db.models import Q

from regulars.criteria.language import MOST_WORD, CriteriaError, UnknownField, Value, nearest, said
from regulars.criteria.links import Led
from regulars.criteria.things import Thing, things
from regulars.lib.registry import Registry

IN = "in"  # the one field named by a word of the language; see `audiences`
COMPARISONS = ("<", "<=", ">", ">=")
JOINTS = frozenset(["and", "or", "not", "is", "in", "has", "starts", "contains"])
KEYWORDS = JOINTS | frozenset(
    ["empty", "everyone", "nobody", "last", "this", "next", "past", "the"]
)
# An address carries these beside the fields, so no field may take their names.
TAKEN = KEYWORDS | frozenset(
    ["filter", "q", "sort", "cursor", "limit", "page", "view", "columns", "density", "panel"]
)


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


# Looks for a word beyond a list that was cut short.
Further = Callable[[str], Iterable[Choice]]


class Choices:
    """The choices of one field for one asking, found by any of their names.

    Beyond what is listed here a word is asked of `further`, once.
    """

    def __init__(self, choices: Iterable[Choice], further: Further | None = None) -> None:
        self._all = tuple(choices)
        self._further = further
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
        folded = fold(word)
        if folded not in self._named and self._further:
            self._named[folded] = list(self._further(word))
        return self._named.get(folded, [])

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


ChoicesOf = Callable[["Asking"], Choices | Iterable[Choice]]


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
    _fields: dict[str, "Fields"] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def has(self, of: ChoicesOf) -> bool:
        """Whether these choices were fetched already."""
        return of in self._choices

    def choices(self, of: ChoicesOf) -> Choices:
        if of not in self._choices:
            found = of(self)
            self._choices[of] = found if isinstance(found, Choices) else Choices(found)
        return self._choices[of]


@dataclass(frozen=True, slots=True)
class CustomerField:
    """Something a customer can be asked for; `kinds` has a constructor for each ordinary kind.

    `type` is flag, choice, person, tag, audience, text, number or date; it decides how values are
    read.
    `q(operator, value, asking)` is the condition in the database and must not multiply rows.
    `english` begins the sentence when the label does not (“Active” in the last 7 days).
    An `open` field takes words that are no choice (and matches nobody by them).
    `led(operator, value, asking)` are the rows of an ordered link table that lead to exactly the
    customers who fit, None when no one index does; see `links`.
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
    led: Led | None = None

    def __post_init__(self) -> None:
        plain = self.key.replace("_", "").replace(".", "")
        if not (plain.isalnum() and plain.isascii() and self.key[0].isalpha()):
            raise ValueError(f"A field's key is letters, digits, _ and dots, not “{self.key}”")
        if self.key != self.key.lower() or (
            self.key in TAKEN and (self.key, self.type) != (IN, "audience")
        ):
            raise ValueError(f"A field cannot be called “{self.key}”")

    @property
    def chosen(self) -> bool:
        """Its values are words compared with `is`."""
        return self.type in ("choice", "person", "tag", "audience")


# Fields that are no part of the program: what a company adds for itself, as rows of a table.
Maker = Callable[[Asking], Iterable[CustomerField]]


class Fields(Registry[CustomerField]):
    """What one row can be asked for: its own fields, and the things it has."""

    def __init__(self, name: str, things: Registry[Thing] | None = None) -> None:
        super().__init__(name)
        self.things: Registry[Thing] = Registry(f"things of {name}") if things is None else things
        self._within: dict[str, Fields] = {}
        self.makers: list[Maker] = []

    def known_to(self, asking: Asking) -> "Fields":
        """These fields and those that `makers` know of, who are asked once and only when needed."""
        if not self.makers:
            return self
        return asking._fields.setdefault(self.name, _Known(self, asking))

    def of(self, thing: Thing) -> "Fields":
        """The fields of a thing; a thing has no things of its own."""
        if thing.key not in self._within:
            inner = Fields(thing.key)
            inner.register(*thing.fields)
            self._within[thing.key] = inner
        return self._within[thing.key]


class _Known(Fields):
    """The fields plugged in, and behind them the made ones."""

    def __init__(self, plugged: Fields, asking: Asking) -> None:
        super().__init__(plugged.name, plugged.things)
        self._plugged, self._asking = plugged, asking
        self._made: dict[str, CustomerField] | None = None

    @property
    def _behind(self) -> dict[str, CustomerField]:
        if self._made is None:
            found = (one for make in self._plugged.makers for one in make(self._asking))
            self._made = {one.key: one for one in found if one.key not in self._plugged}
        return self._made

    def get(self, key: str) -> CustomerField | None:
        return self._plugged.get(key) or self._behind.get(key)

    def __getitem__(self, key: str) -> CustomerField:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._plugged or key in self._behind

    def __iter__(self) -> Iterator[CustomerField]:
        yield from self._plugged
        yield from self._behind.values()

    def __len__(self) -> int:
        return len(self._plugged) + len(self._behind)

    def keys(self) -> list[str]:
        return [*self._plugged.keys(), *self._behind]

    def of(self, thing: Thing) -> Fields:
        return self._plugged.of(thing)


customer_fields = Fields("customer_fields", things)


def named(fields: Fields) -> dict[str, CustomerField]:
    """Fields by every spelling of key, label and alias; a key wins over another's alias."""
    found: dict[str, CustomerField] = {}
    for one in fields:
        found |= {_spelling(name): one for name in (one.label, *one.aliases)}
    return found | {one.key: one for one in fields}


def find(name: str, fields: Fields, at: int | None = None) -> CustomerField:
    """The row's own field of that name; raises CriteriaError with the nearest one."""
    found = find_own(name, fields)
    if found is None:
        raise unknown_field(name, fields, at)
    return found


def find_thing(name: str, fields: Fields, at: int | None = None) -> Thing:
    """The thing of that name; raises CriteriaError with the nearest one."""
    found = _known_thing(name, fields)
    if found is None:
        meant = nearest(_spelling(name[:MOST_WORD]), fields.things.keys())
        raise CriteriaError(f"There is nothing called {said(name)} to have", at, meant)
    return found


def find_either(
    name: str, fields: Fields, at: int | None = None
) -> tuple[Thing | None, CustomerField]:
    """The field, and the thing it is a field of when the name is short like `suit.colour`."""
    own = find_own(name, fields)
    if own is not None:
        return None, own
    whose, dot, which = name.partition(".")
    thing = _known_thing(whose, fields) if dot else None
    if thing is None:
        raise unknown_field(name, fields, at)
    found = find_own(which, fields.of(thing))
    if found is None:
        meant = unknown_field(which, fields.of(thing)).suggestion
        raise UnknownField(
            f"Unknown field {said(name)}", at, meant and f"{thing.key}.{meant}"
        ) from None
    return thing, found


def unknown_field(name: str, fields: Fields, at: int | None = None) -> UnknownField:
    """What to say of a name that is no field here, with what was perhaps meant."""
    typed = _spelling(name[:MOST_WORD])
    whole = _known_thing(name, fields)
    if whole is not None:
        return UnknownField(f"Unknown field {said(name)}", at, f"has {whole.key}")
    known = [one.key for one in fields]
    if "." in typed:
        known += [f"{thing.key}.{one.key}" for thing in fields.things for one in thing.fields]
    return UnknownField(f"Unknown field {said(name)}", at, nearest(typed, known))


def find_own(name: str, fields: Fields) -> CustomerField | None:
    """The row's own field of that name, if there is one."""
    return fields.get(name) or named(fields).get(_spelling(name[:MOST_WORD]))


def _known_thing(name: str, fields: Fields) -> Thing | None:
    exact = fields.things.get(name)
    if exact is not None:
        return exact
    typed = _spelling(name[:MOST_WORD])
    for thing in fields.things:
        if typed in map(_spelling, (thing.key, thing.label, thing.many, *thing.aliases)):
            return thing
    return None


def _spelling(name: str) -> str:
    return fold(name).replace("-", "_").replace(" ", "_")


def choices_of(one: CustomerField, asking: Asking) -> Choices | None:
    return None if one.choices is None else asking.choices(one.choices)


def at_place(error: CriteriaError, at: int | None) -> CriteriaError:
    return error if error.at is not None or at is None else error.placed(at)


def fixed(choices: Sequence[tuple[str, str] | Choice]) -> ChoicesOf:
    """Choices that are the same for everyone, from (value, label) pairs."""
    made = tuple(c if isinstance(c, Choice) else Choice(*c) for c in choices)
    return lambda asking: made

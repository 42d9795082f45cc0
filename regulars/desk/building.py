"""A filter built by hand: its tree as blocks, and a condition from what a form says. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from regulars.criteria import english, shape, text
from regulars.criteria.fields import (
    Asking,
    CustomerField,
    Fields,
    choices_of,
    find,
    find_thing,
)
from regulars.criteria.language import (
    EVERYONE,
    Criteria,
    CriteriaError,
    Fact,
    Group,
    Has,
    Node,
    canonical,
)
from regulars.criteria.shape import Path
from regulars.criteria.things import Thing
from regulars.criteria.tokens import quote
from regulars.criteria.when import Ago, Period

MOST_CHOICES = 200


@dataclass(frozen=True)
class Block:
    """One part of the tree: a `condition`, a `thing`, or a group (`all`, `any`, `none`).

    `about` is the key of the field or thing it is about, "" for a group. `words` are label, verb
    and value. Inside a thing, `inside` is its noun.
    """

    kind: str
    at: str
    words: tuple[str, str, str] = ("", "", "")
    about: str = ""
    members: Sequence[Block] = ()


def blocks(criteria: Criteria, asking: Asking, fields: Fields) -> list[Block]:
    """The conditions that must all hold, one block each."""
    form = canonical(criteria)
    known = fields.known_to(asking)
    if isinstance(form, Group) and form.kind == "all":
        return [_block(node, (n,), asking, known) for n, node in enumerate(form.of)]
    return [_block(form, (), asking, known)]


def _block(node: Node, path: Path, asking: Asking, fields: Fields) -> Block:
    only = node.of[0] if isinstance(node, Group) and node.kind == "none" else node
    inner = path if only is node else (*path, 0)
    single = only is node or (isinstance(node, Group) and len(node.of) == 1)
    if single and isinstance(only, Fact):
        about = only.field if _opens(node, only.field, asking, fields) else ""
        return Block("condition", shape.written(path), _words(node, asking, fields), about)
    if single and isinstance(only, Has):
        return _thing(node, only, path, inner, asking, fields)
    if not isinstance(node, Group) or not node.of:
        return Block("condition", shape.written(path), _words(node, asking, fields))
    members = [_block(one, (*path, n), asking, fields) for n, one in enumerate(node.of)]
    return Block(node.kind, shape.written(path), members=members)


def _opens(node: Node, about: str, asking: Asking, fields: Fields) -> bool:
    """Whether the form can say it; what it cannot is changed where it is written."""
    try:
        return condition(about, fields, asking, spoken(node, about)) == node
    except CriteriaError:
        return False


def _thing(node: Node, had: Has, path: Path, inner: Path, asking: Asking, fields: Fields) -> Block:
    bare: Node = replace(had, where=EVERYONE)
    words = _words(bare if node is had else Group("none", (bare,)), asking, fields)
    within = fields.of(find_thing(had.thing, fields))
    where = had.where
    if isinstance(where, Group) and where.kind == "all":
        members = [_block(one, (*inner, 0, n), asking, within) for n, one in enumerate(where.of)]
    else:
        members = [_block(where, (*inner, 0), asking, within)]
    return Block("thing", shape.written(inner), words, had.thing, members)


def _words(node: Node, asking: Asking, fields: Fields) -> tuple[str, str, str]:
    for chip in english.chips(node, asking, fields):
        return chip.label, chip.verb, chip.value
    return "", "", "Everyone"


# --- What can be added


@dataclass(frozen=True)
class Offer:
    """A field or a thing to ask for; `about` is how the address names it."""

    about: str
    label: str


def offers(fields: Fields) -> tuple[list[Offer], list[Offer]]:
    """The fields and the things, by their labels."""
    own = [Offer(one.key, one.label) for one in fields]
    had = [Offer(f"has {one.key}", f"Has {one.one}") for one in fields.things]
    return sorted(own, key=lambda o: o.label.lower()), had


def fields_at(criteria: Criteria, path: Path, fields: Fields) -> Fields:
    """The fields that a condition at this place is about."""
    for key in shape.things_on(criteria, path):
        fields = fields.of(find_thing(key, fields))
    return fields


# --- The form of one condition

OPERATORS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "flag": (("yes", "yes"), ("no", "no")),
    "choice": (("is", "is any of"), ("not", "is none of")),
    "text": (
        ("starts", "starts with"),
        ("contains", "contains"),
        ("=", "is exactly"),
        ("not contains", "does not contain"),
    ),
    "number": (
        ("=", "is"),
        (">=", "is at least"),
        ("<=", "is at most"),
        (">", "is more than"),
        ("<", "is less than"),
    ),
    "date": (
        ("within", "in the last…"),
        ("beyond", "more than … ago"),
        ("ahead", "in the next…"),
        ("period", "in…"),
        ("=", "on"),
        ("<", "before"),
        ("<=", "up to"),
        (">", "after"),
        (">=", "from"),
    ),
    "thing": (
        (">=", "at least"),
        ("<=", "at most"),
        ("=", "exactly"),
    ),
}
EMPTY = (("empty", "is empty"), ("not empty", "is not empty"))
UNITS = ("hour", "day", "week", "month", "year")
PERIODS = tuple(
    str(Period(which, unit))
    for unit in ("day", "week", "month", "quarter", "year")
    for which in ("this", "last", "next")
)


@dataclass(frozen=True)
class Form:
    """What the form of one condition shows, and what was said in it."""

    about: str
    label: str
    type: str
    operators: Sequence[tuple[str, str]]
    choices: Sequence[tuple[str, str]] = ()
    said: Said = field(default_factory=lambda: Said())


@dataclass(frozen=True)
class Said:
    """`values` are words or one number; `count` and `unit` a span, `day` and `period` a time."""

    operator: str = ""
    values: tuple[str, ...] = ()
    count: str = "30"
    unit: str = "day"
    day: str = ""
    period: str = "this month"

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


def form(about: str, fields: Fields, asking: Asking, said: Said) -> Form:
    """The form for a field or a thing. Raises CriteriaError when there is none of that name."""
    if about.startswith("has "):
        thing = find_thing(about.removeprefix("has "), fields)
        least = said if said.values else replace(said, values=("1",))
        return Form(about, f"Has {thing.many}", "thing", OPERATORS["thing"], said=least)
    one = find(about, fields)
    kind = "choice" if one.chosen else one.type
    operators = OPERATORS[kind] + (EMPTY if "empty" in one.operators else ())
    allowed = [o for o in operators if _can(one, o[0])]
    return Form(about, one.label, kind, allowed, _choices(one, asking), said)


def _can(one: CustomerField, operator: str) -> bool:
    known = {"within": "<", "beyond": ">", "period": "in", "yes": "is", "no": "is", "not": "is"}
    plain = operator.removeprefix("not ") or operator
    return known.get(plain, plain) in one.operators


def _choices(one: CustomerField, asking: Asking) -> list[tuple[str, str]]:
    choices = choices_of(one, asking)
    found = [(choice.value, choice.shown) for choice in choices] if choices else []
    return [(value, label[:1].upper() + label[1:]) for value, label in found[:MOST_CHOICES]]


def condition(about: str, fields: Fields, asking: Asking, said: Said) -> Criteria:
    """The condition that the form says; raises CriteriaError with what is missing."""
    return text.read(_typed(about, fields, said), asking, fields)


def _typed(about: str, fields: Fields, said: Said) -> str:
    """As it would be typed, so that one reader answers for both."""
    value = said.value.strip()
    if about.startswith("has "):
        thing: Thing = find_thing(about.removeprefix("has "), fields)
        return f"has {_of(said.operator, 'thing')} {_number(value or '1')} {thing.key}"
    one = find(about, fields)
    key = one.key
    if said.operator in ("empty", "not empty"):
        return f"{said.operator.removesuffix('empty')}{key}:empty"
    if one.type == "flag":
        return f"not {key}" if said.operator == "no" else key
    if one.chosen:
        words = [word for word in said.values if word.strip()]
        if not words:
            raise CriteriaError(f"Choose at least one {one.label.lower()}")
        return f"{'not ' if said.operator == 'not' else ''}{key}:{','.join(map(quote, words))}"
    if one.type == "date":
        return f"{key} {_time(said)}"
    if not value:
        raise CriteriaError(f"{one.label} is compared with nothing yet")
    if one.type == "number":
        return f"{key} {_of(said.operator, 'number')} {_number(value)}"
    operator = _of(said.operator, "text")
    negated = "not " if operator.startswith("not ") else ""
    return f"{negated}{key} {operator.removeprefix('not ')} {quote(value)}"


def _of(operator: str, kind: str) -> str:
    known = [name for name, _ in OPERATORS[kind]]
    return operator if operator in known else known[0]


def _number(value: str) -> str:
    if not value.removeprefix("-").replace(".", "", 1).isdecimal():
        raise CriteriaError("A number is expected")
    return value


def _time(said: Said) -> str:
    operator = _of(said.operator, "date")
    if operator in ("within", "beyond", "ahead"):
        units = UNITS[1:] if operator == "ahead" else UNITS
        unit = said.unit if said.unit in units else "day"
        if not (said.count.isascii() and said.count.isdigit()):
            raise CriteriaError("How long? A whole number is expected")
        if operator == "ahead":
            return f"in next {said.count} {unit}s"
        return f"{'<' if operator == 'within' else '>'} {said.count} {unit}s ago"
    if operator == "period":
        return f"in {said.period if said.period in PERIODS else PERIODS[0]}"
    if not said.day:
        raise CriteriaError("Choose a day")
    return f"{operator} {said.day}"


def spoken(node: Node, about: str) -> Said:
    """What the form would have to say for this condition."""
    negated = isinstance(node, Group) and node.kind == "none" and len(node.of) == 1
    fact = node.of[0] if negated and isinstance(node, Group) else node
    if isinstance(fact, Has):
        least = fact.at_least
        return Said("<=" if negated else ">=", (str(least - 1 if negated else least),))
    if not isinstance(fact, Fact):
        return Said()
    value, operator = fact.value, fact.operator
    if operator == "empty":
        return Said("not empty" if negated else "empty")
    if value is True:
        return Said("no" if negated else "yes")
    if isinstance(value, Ago):
        said = "within" if operator == "<" else "beyond"
        return Said(said, count=str(value.count), unit=value.unit)
    if isinstance(value, Period) and value.count and operator == "in":
        return Said("ahead", count=str(value.count), unit=value.unit)
    if isinstance(value, Period):
        return Said("period", period=str(value))
    if isinstance(value, tuple):
        words = tuple(one if isinstance(one, str) else text.write_value(one) for one in value)
        operator = ("not" if negated else "is") if operator == "is" else operator
        return Said(f"not {operator}" if negated and operator == "contains" else operator, words)
    if isinstance(value, Decimal):
        return Said(operator, (text.write_value(value),))
    return Said(operator, day=str(value or ""))


def placed(criteria: Criteria, path: Path, how: str, node: Criteria) -> Criteria:
    """The tree with the condition beside, instead of, or as another choice to what is there."""
    if how == "put":
        before = shape.part(criteria, path)
        return shape.put(criteria, path, _keeping_where(before, node))
    if how == "either":
        return shape.either(criteria, path, node)
    return shape.also(criteria, path, node)


def _keeping_where(before: Node, after: Node) -> Node:
    """Another number of things keeps what they must fit."""
    if not isinstance(before, Has):
        return after
    if isinstance(after, Has):
        return replace(after, where=before.where)
    if isinstance(after, Group):
        return replace(after, of=tuple(_keeping_where(before, one) for one in after.of))
    return after

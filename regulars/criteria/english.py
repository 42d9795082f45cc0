"""Criteria in words: chips whose value a page can stress, and one sentence."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from regulars.criteria.fields import (
    Asking,
    CustomerField,
    Fields,
    choices_of,
    customer_fields,
    find,
    find_thing,
)
from regulars.criteria.language import (
    EVERYONE,
    Criteria,
    Fact,
    Group,
    Has,
    Node,
    Value,
    canonical,
    conditions,
    without,
)
from regulars.criteria.when import Ago, Period

VERBS = {
    "is": "is",
    "=": "is",
    "starts": "starts with",
    "contains": "contains",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
NEGATED_VERBS = {"starts": "does not start with", "contains": "does not contain"}
DATE_VERBS = {"=": "on", "<": "before", "<=": "up to", ">": "after", ">=": "from", "in": ""}


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words: “Owner” “is” **me or nobody**, and the criteria without it.

    `field` is the key of the field or thing the chip is about, None when it is about several.
    Label and verb may be empty. `condition` is the part of the tree it stands for.
    """

    label: str
    verb: str
    value: str
    field: str | None
    condition: Node
    without: Criteria

    def __str__(self) -> str:
        return _joined(self.label, self.verb, self.value)


def chips(criteria: Criteria, asking: Asking, fields: Fields = customer_fields) -> list[Chip]:
    """A chip for each condition that must hold; none for everyone."""
    form, fields = canonical(criteria), fields.known_to(asking)
    made = []
    for node in conditions(form):
        label, verb, value = _words(node, asking, fields)
        made.append(Chip(label, verb, value, _about(node), node, without(form, node)))
    return made


def sentence(criteria: Criteria, asking: Asking, fields: Fields = customer_fields) -> str:
    """The whole in one sentence, without a full stop: “Owner is me and created in the last …”."""
    return _sentence(canonical(criteria), asking, fields.known_to(asking))


def _sentence(node: Node, asking: Asking, fields: Fields) -> str:
    if isinstance(node, Group) and node.kind != "none" and node.of:
        joint = " and " if node.kind == "all" else " or "
        first, *rest = (_within(member, asking, fields) for member in node.of)
        return joint.join([first, *(_lower_first(part) for part in rest)])
    return _joined(*_words(node, asking, fields))


def _within(node: Node, asking: Asking, fields: Fields) -> str:
    said = _sentence(node, asking, fields)
    nested = isinstance(node, Group) and node.kind != "none" and len(node.of) > 1
    return f"({_lower_first(said)})" if nested else said


def _words(node: Node, asking: Asking, fields: Fields) -> tuple[str, str, str]:
    """Label, verb and value of one condition."""
    if isinstance(node, Fact):
        return _fact_words(node, asking, fields, negated=False)
    if isinstance(node, Has):
        return _has_words(node, asking, fields, negated=False)
    if not node.of:
        return "", "", "Everyone" if node.kind == "all" else "Nobody"
    if node.kind != "none":
        return "", "", _sentence(node, asking, fields)
    only = node.of[0]
    if len(node.of) == 1 and isinstance(only, Fact):
        return _fact_words(only, asking, fields, negated=True)
    if len(node.of) == 1 and isinstance(only, Has):
        return _has_words(only, asking, fields, negated=True)
    inner = only if len(node.of) == 1 else Group("any", node.of)
    return "Not", "", f"({_lower_first(_sentence(inner, asking, fields))})"


def _fact_words(
    fact: Fact, asking: Asking, fields: Fields, *, negated: bool
) -> tuple[str, str, str]:
    field = find(fact.field, fields)
    label = field.english or field.label
    if fact.operator == "empty":
        return field.label, "is not" if negated else "is", "empty"
    if field.type == "flag":
        return ("Not", "", _lower_first(label)) if negated else ("", "", label)
    if field.type == "date":
        verb, value = _time_words(fact)
        return label, f"not {verb}".strip() if negated else verb, value
    verb = VERBS[fact.operator]
    if negated:
        verb = NEGATED_VERBS.get(fact.operator) or verb.replace("is", "is not", 1)
    return label, verb, _any_of(field, fact.value, asking)


def _has_words(has: Has, asking: Asking, fields: Fields, *, negated: bool) -> tuple[str, str, str]:
    thing = find_thing(has.thing, fields)
    if has.at_least > 1:
        one = f"{'fewer than' if negated else 'at least'} {has.at_least:,} {thing.many}"
    else:
        one = f"no {thing.noun}" if negated else thing.one
    if has.where == EVERYONE:
        return "Has", "", one
    be = "are" if has.at_least > 1 else "is"
    label, verb, value = _whose(has.where, asking, fields.of(thing), be)
    return _joined("Has", one, label), verb, value


def _whose(node: Node, asking: Asking, fields: Fields, be: str) -> tuple[str, str, str]:
    """What is said of a thing, after its name: “whose colour” “is” **navy**."""
    fact, negated = _single(node)
    if fact is None:
        return "", "", _whose_several(node, asking, fields, be)
    label, verb, value = _fact_words(fact, asking, fields, negated=negated)
    kind = find(fact.field, fields).type
    if kind == "flag":
        return f"that {be}{' not' if negated else ''}", "", _lower_first(value)
    timed = kind == "date" and fact.operator != "empty"
    return _lower_first(label) if timed else f"whose {_lower_first(label)}", verb, value


def _single(node: Node) -> tuple[Fact | None, bool]:
    """The one fact that a condition is, and whether it is denied."""
    negated = isinstance(node, Group) and node.kind == "none" and len(node.of) == 1
    only = node.of[0] if negated and isinstance(node, Group) else node
    return (only, negated) if isinstance(only, Fact) else (None, False)


def _whose_several(node: Node, asking: Asking, fields: Fields, be: str) -> str:
    if not isinstance(node, Group):
        return ""
    parts = []
    for member in node.of:
        said = _joined(*_whose(member, asking, fields, be))
        grouped = isinstance(member, Group) and member.kind != "none"
        parts.append(f"({said})" if grouped else said)
    said = (" and " if node.kind == "all" else " or ").join(parts)
    return f"not ({said})" if node.kind == "none" else said


def _time_words(fact: Fact) -> tuple[str, str]:
    value = fact.value
    if isinstance(value, Ago):
        if fact.operator == ">":
            return "more than", f"{value.span} ago"
        return "in the", f"last {value.unit if value.count == 1 else value.span}"
    if isinstance(value, Period) and value.count and fact.operator == "in":
        return "in the", str(value)
    return DATE_VERBS[fact.operator], _one(value)


def _any_of(field: CustomerField, value: Value, asking: Asking) -> str:
    choices = choices_of(field, asking)
    parts = value if isinstance(value, tuple) else (value,)
    words = [
        choices.shown(part) if choices and isinstance(part, str) else _one(part) for part in parts
    ]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _one(value: object) -> str:
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return str(value)


def _about(node: Node) -> str | None:
    if isinstance(node, Fact):
        return node.field
    if isinstance(node, Has):
        return node.thing
    about = {_about(member) for member in node.of}
    return about.pop() if len(about) == 1 else None


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _lower_first(said: str) -> str:
    """In the middle of a sentence, unless it begins with an abbreviation."""
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]

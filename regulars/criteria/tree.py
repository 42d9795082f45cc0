"""Criteria as JSON: `{"field", "operator", "value"}`, `{"all": […]}` and `{"has", "where"}`."""

import json
from collections.abc import Mapping
from decimal import Decimal

from regulars.criteria import when
from regulars.criteria.fields import (
    Asking,
    CustomerField,
    Fields,
    customer_fields,
    find_either,
    find_thing,
)
from regulars.criteria.language import (
    EVERYONE,
    MOST_DEPTH,
    MOST_FACTS,
    Criteria,
    CriteriaError,
    Fact,
    Group,
    Has,
    Kind,
    Node,
    Value,
    canonical,
    said,
)
from regulars.criteria.text import settle

MOST_JSON = 100_000  # characters
KINDS: tuple[Kind, ...] = ("all", "any", "none")


def loads(raw: str, asking: Asking, fields: Fields = customer_fields) -> Criteria:
    """The canonical tree of a JSON text; raises CriteriaError for anything else."""
    if len(raw) > MOST_JSON:
        raise CriteriaError(f"The filter is longer than {MOST_JSON:,} characters")
    try:
        value = json.loads(raw)
    except json.JSONDecodeError as error:
        raise CriteriaError("The filter is not valid JSON", error.pos + 1) from None
    except (ValueError, RecursionError):
        raise CriteriaError("The filter is not valid JSON") from None
    return read(value, asking, fields)


def read(value: object, asking: Asking, fields: Fields = customer_fields) -> Criteria:
    """The canonical tree of a decoded JSON value; raises CriteriaError for any other shape."""
    fields = fields.known_to(asking)
    return settle(_Reading().node(value, 1, fields), asking, fields)


def dumps(criteria: Criteria) -> str:
    return json.dumps(write(criteria), ensure_ascii=False, separators=(",", ":"))


def write(criteria: Criteria) -> dict[str, object]:
    """The tree as plain dicts, lists, strings, numbers; `read` gives the canonical tree back."""
    return _write(canonical(criteria))


def _write(node: Node) -> dict[str, object]:
    if isinstance(node, Group):
        return {node.kind: [_write(member) for member in node.of]}
    if isinstance(node, Has):
        had: dict[str, object] = {"has": node.thing}
        if node.at_least > 1:
            had["at_least"] = node.at_least
        return had if node.where == EVERYONE else had | {"where": _write(node.where)}
    plain: dict[str, object] = {"field": node.field, "operator": node.operator}
    return plain if node.value is None else plain | {"value": _write_value(node.value)}


def _write_value(value: Value) -> object:
    if isinstance(value, tuple):
        return [_write_value(v) if isinstance(v, Decimal) else v for v in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, bool) else str(value)


class _Reading:
    def __init__(self) -> None:
        self.facts = 0

    def node(self, value: object, depth: int, fields: Fields) -> Node:
        if depth > MOST_DEPTH:
            raise CriteriaError(f"The conditions are nested more than {MOST_DEPTH} deep")
        if not isinstance(value, Mapping):
            raise CriteriaError(
                "A condition is an object with a field, with all, any or none, or with has"
            )
        if "has" in value:
            return self._has(value, depth, fields)
        kinds = [kind for kind in KINDS if kind in value]
        if not kinds:
            return self._fact(value, fields)
        members = value[kinds[0]]
        if len(value) != 1 or not isinstance(members, list):
            raise CriteriaError("A group has exactly one of all, any or none, holding a list")
        return Group(kinds[0], tuple(self.node(member, depth + 1, fields) for member in members))

    def _has(self, value: Mapping[object, object], depth: int, fields: Fields) -> Node:
        self._count(value, ("has", "where", "at_least"))
        name = value["has"]
        if not isinstance(name, str):
            raise CriteriaError("What a customer has is a word")
        thing = find_thing(name, fields)
        at_least = value.get("at_least", 1)
        if isinstance(at_least, bool) or not isinstance(at_least, int):
            raise CriteriaError(f"How many of “{thing.key}” is a whole number")
        if "where" not in value:
            return Has(thing.key, at_least=at_least)
        where = self.node(value["where"], depth + 1, fields.of(thing))
        return Has(thing.key, where, at_least)

    def _fact(self, value: Mapping[object, object], fields: Fields) -> Node:
        self._count(value, ("field", "operator", "value"))
        name, operator = value.get("field"), value.get("operator", "is")
        if not isinstance(name, str) or not isinstance(operator, str):
            raise CriteriaError("A condition's field and operator are words")
        thing, field = find_either(name, fields)
        found = _fact_of(field, operator, value)
        return found if thing is None else Has(thing.key, found)

    def _count(self, value: Mapping[object, object], known: tuple[str, ...]) -> None:
        self.facts += 1
        if self.facts > MOST_FACTS:
            raise CriteriaError(f"There are more than {MOST_FACTS} conditions")
        strange = [key for key in value if key not in known]
        if strange:
            raise CriteriaError(f"A condition has no {said(str(strange[0]))}")


def _fact_of(field: CustomerField, operator: str, value: Mapping[object, object]) -> Node:
    given = value.get("value", True if field.type == "flag" else None)
    if field.type == "flag" and given is False:
        return Group("none", (Fact(field.key, operator, True),))
    return Fact(field.key, operator, _value(field, operator, given))


def _value(field: CustomerField, operator: str, given: object) -> Value:
    if operator == "empty":
        return None if given is None else True
    if field.type == "flag":
        return given is True
    if field.type == "number":
        return _numbers(field, operator, given)
    if field.type == "date":
        return _time(field, given)
    words = given if isinstance(given, list) else [given]
    if not all(isinstance(word, str) for word in words):
        raise CriteriaError(f"“{field.key}” needs words")
    return tuple(words)


def _numbers(field: CustomerField, operator: str, given: object) -> Value:
    if operator != "=":
        return _number(field, given)
    numbers = given if isinstance(given, list) else [given]
    return tuple(_number(field, number) for number in numbers)


def _number(field: CustomerField, given: object) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise CriteriaError(f"“{field.key}” needs a number")
    if isinstance(given, int) and given.bit_length() > 64:
        raise CriteriaError(f"“{field.key}” is compared with too large a number")
    return Decimal(repr(given))


def _time(field: CustomerField, given: object) -> Value:
    words = given[:100].split() if isinstance(given, str) else []
    try:
        found = when.read(words)
    except OverflowError:
        raise CriteriaError(f"“{field.key}” is compared with a time too far off") from None
    if found is None or found[1] != len(words):
        raise CriteriaError(
            f"“{field.key}” needs a time such as 2026-11-01, 7 days ago or this month"
        )
    return found[0]

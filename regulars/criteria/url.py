"""Criteria as the address of a list: plain parameters, and `filter=` for whatever needs more."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.http import QueryDict

from regulars.criteria import text, tree
from regulars.criteria.fields import (
    COMPARISONS,
    IN,
    TAKEN,
    Asking,
    CustomerField,
    Fields,
    customer_fields,
)
from regulars.criteria.language import (
    EVERYONE,
    Criteria,
    CriteriaError,
    Fact,
    Group,
    Node,
    also,
    canonical,
    conditions,
    said,
)
from regulars.criteria.text import settle, write_value
from regulars.criteria.tokens import compares, cut
from regulars.criteria.values import NO, Tail
from regulars.criteria.when import Ago, Period

FILTER = "filter"
NO_FIELD = TAKEN - {IN}  # never looked up: custom fields would be asked for

Parameters = QueryDict | Mapping[str, Sequence[str]]


def read(parameters: Parameters, asking: Asking, fields: Fields = customer_fields) -> Criteria:
    """The canonical tree an address asks for; everyone when it asks for nothing.

    Parameters that are no field are ignored, blank ones too; a repeated one means any of them.
    Raises CriteriaError with `parameter` set.
    """
    fields = fields.known_to(asking)
    found: list[Criteria] = []
    for name, raws in _lists(parameters):
        given = [raw for raw in raws if raw.strip()]
        if name != FILTER and (name in NO_FIELD or name not in fields):
            continue
        try:
            found.extend(_read(name, given, asking, fields))
        except CriteriaError as error:
            at = error.at if name == FILTER else None
            raise error.placed(at, parameter=name) from None
    return settle(Group("all", tuple(found)), asking, fields)


def _lists(parameters: Parameters) -> Iterable[tuple[str, Sequence[str]]]:
    if isinstance(parameters, QueryDict):
        return ((name, [str(raw) for raw in raws]) for name, raws in parameters.lists())
    return parameters.items()


def _read(name: str, given: list[str], asking: Asking, fields: Fields) -> list[Criteria]:
    if name == FILTER:
        return [read_filter(raw, asking, fields) for raw in given]
    field = fields[name]
    if not given:
        return []
    read = [_read_value(field, raw, asking) for raw in given]
    return [settle(Group("any", tuple(read)), asking, fields)]


def read_filter(raw: str, asking: Asking, fields: Fields = customer_fields) -> Criteria:
    """A `filter` as an address or an API call gives it: the text, or the JSON tree."""
    if raw.lstrip().startswith("{"):
        return tree.loads(raw, asking, fields)
    return text.read(raw, asking, fields)


def read_both(filter: str, q: str, asking: Asking) -> tuple[Criteria, str]:
    """A `filter` together with what was typed where one searches, and the words that are left to
    search for: what compares something (`owner:me`) is a filter there too."""
    found = read_filter(filter, asking) if filter.strip() else EVERYONE
    return with_search(found, q, asking)


def with_search(criteria: Criteria, q: str, asking: Asking) -> tuple[Criteria, str]:
    """The same of criteria that were read. Raises CriteriaError of the parameter `q`."""
    if not compares(q):
        return criteria, q
    try:
        typed, words = text.read_among(q, asking)
    except CriteriaError as error:
        raise error.placed(error.at, parameter="q") from None
    return text.settle(also(criteria, typed), asking), words


def _read_value(field: CustomerField, raw: str, asking: Asking) -> Criteria:
    if "empty" in field.operators and raw.strip().casefold() == "empty":
        return Fact(field.key, "empty")
    if field.chosen:
        return Fact(field.key, "is", (raw,))
    if field.type == "text":
        return Fact(field.key, "starts", (raw,))
    if field.type == "flag" and raw.strip().casefold() in NO:
        return Group("none", (Fact(field.key, "is", True),))
    tail = Tail(cut(f":{raw}"), 0, asking)
    found = tail.criteria(field)
    if tail.next.kind != "end":
        raise CriteriaError(f"{said(raw)} is not understood")
    return found


def write(criteria: Criteria) -> str:
    """The query string of a tree, without the question mark; empty for everyone."""
    return urlencode(parameters(criteria))


def parameters(criteria: Criteria) -> list[tuple[str, str]]:
    """The same as (name, value) pairs, for hidden inputs; `read` gives an equal tree back."""
    plain: dict[str, list[str]] = {}
    rest: list[Node] = []
    for node in _ranges_first(conditions(canonical(criteria))):
        name, values = _plain(node)
        if values and name not in plain:
            plain[name] = values
        else:
            rest.append(node)
    pairs = [(name, value) for name, values in plain.items() for value in values]
    others = Group("all", tuple(rest))
    return pairs if others == EVERYONE else [*pairs, (FILTER, text.write(others))]


def _ranges_first(nodes: tuple[Node, ...]) -> list[Node]:
    """From-and-to of one field in one group, so that they make one parameter."""
    lows = {n.field: n for n in nodes if isinstance(n, Fact) and n.operator == ">="}
    highs = {n.field: n for n in nodes if isinstance(n, Fact) and n.operator == "<="}
    ranges = {
        low: Group("all", (low, highs[name]))
        for name, low in lows.items()
        if name in highs
        and not isinstance(low.value, Period)
        and not isinstance(highs[name].value, Period)
    }
    paired = {high for group in ranges.values() for high in group.of[1:]}
    return [
        ranges.get(node, node) if isinstance(node, Fact) else node
        for node in nodes
        if node not in paired
    ]


def _plain(node: Node) -> tuple[str, list[str]]:
    """The parameter and values that say this condition; no values when none can."""
    if isinstance(node, Fact):
        return node.field, _plain_values(node)
    first = node.of[0] if isinstance(node, Group) and node.of else None
    if not isinstance(node, Group) or not isinstance(first, Fact):
        return "", []
    if node.kind == "none" and len(node.of) == 1 and first.value is True:
        return first.field, ["0"]
    if node.kind == "all":
        last = node.of[1]
        high = write_value(last.value) if isinstance(last, Fact) else ""
        return first.field, [f"{write_value(first.value)}..{high}"]
    return "", []


def _plain_values(fact: Fact) -> list[str]:
    value = fact.value
    if value is True:
        return ["1"]
    if fact.operator == "empty":
        return ["empty"]
    if fact.operator in ("is", "starts") and isinstance(value, tuple):
        words = [word for word in value if isinstance(word, str)]
        return [] if "empty" in (word.casefold() for word in words) else words
    if fact.operator in COMPARISONS:
        sign = "" if isinstance(value, Ago) and fact.operator == "<" else fact.operator
        return [sign + (value.short if isinstance(value, Ago) else write_value(value))]
    if isinstance(value, tuple):
        return [write_value(number) for number in value if isinstance(number, Decimal)]
    return [write_value(value).replace(" ", "-")]

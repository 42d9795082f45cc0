"""Criteria as people type them: read forgivingly, written back in one form."""

from decimal import Decimal

from regulars.criteria.admit import admitted
from regulars.criteria.fields import (
    Asking,
    Fields,
    at_place,
    customer_fields,
)
from regulars.criteria.grammar import Parser
from regulars.criteria.language import (
    EVERYONE,
    MOST_TEXT,
    NOBODY,
    Criteria,
    CriteriaError,
    Fact,
    Group,
    Has,
    Node,
    UnknownField,
    Value,
    canonical,
    measure,
    nearest,
)
from regulars.criteria.spoken import OPENING, described
from regulars.criteria.tokens import COMPARING, cut
from regulars.criteria.values import bare

SYMBOLS = {"is": ":", "starts": ":", "empty": ":empty"}
SIGNED = tuple(COMPARING)
MOST_SOUGHT = 6  # words to search for beside a filter


def read(text: str, asking: Asking, fields: Fields = customer_fields) -> Criteria:
    """The canonical tree of a typed text; nothing typed is everyone.

    Raises CriteriaError with the place (`at`, 1 = first character) and the nearest name.
    """
    fields = fields.known_to(asking)
    parser = Parser(cut(text), asking, fields)
    found = canonical(parser.whole())
    try:
        return settle(found, asking, fields)
    except CriteriaError as error:
        raise at_place(error, parser.deepest.at) from None


def read_among(text: str, asking: Asking) -> tuple[Criteria, str]:
    """A text that may hold words to search for as well, and those words: `tag:VIP smith`. They are
    plain ones that are nothing in the language, nor nearly. Raises CriteriaError."""
    words: list[str] = []
    while True:
        try:
            return read(text, asking), " ".join(words)
        except UnknownField as error:
            wrong = next((one for one in cut(text) if one.at == error.at), None)
            if wrong is None or len(words) == MOST_SOUGHT or _is_slip(wrong.text, error):
                raise
            rest = text[wrong.end - 1 :]
            if wrong.kind != "word" or "." in wrong.text or rest.lstrip().startswith(SIGNED):
                raise
            words.append(wrong.text)
            text = text[: wrong.at - 1] + " " * len(wrong.text) + rest


def _is_slip(word: str, error: CriteriaError) -> bool:
    """Whether a word is the suggestion mistyped, or a value of it, and not somebody's name."""
    meant = error.suggestion or ""
    return ":" in meant or nearest(word, [meant], least=0.8) is not None


def begins(text: str, asking: Asking) -> bool:
    """Whether a text without any sign may be a filter: it begins as one, or with a thing."""
    try:
        tokens = cut(text, unfinished=True)
    except CriteriaError:
        return False
    first = tokens[0].low
    opens = first in OPENING or first.isdigit() or first in customer_fields
    return opens or described(tokens, customer_fields, asking) is not None


def mended(
    text: str, error: CriteriaError, asking: Asking, fields: Fields = customer_fields
) -> str:
    """The text with what was perhaps meant in the place of what is wrong; "" where that would read
    no further than it does."""
    at, said = error.at or 0, error.suggestion or ""
    tokens = cut(text, unfinished=True) if said else []
    for wrong in (token for token in tokens if token.at <= at < token.end):
        for word in (bare(said), said):
            meant = text[: wrong.at - 1] + word + text[wrong.end - 1 :]
            try:
                read(meant, asking, fields)
            except CriteriaError as another:
                if (another.at or 0) <= wrong.at + len(word):
                    continue
            return meant
    return ""


def settle(criteria: Criteria, asking: Asking, fields: Fields = customer_fields) -> Criteria:
    """Canonical, within all limits, every fact one its field can say; else CriteriaError."""
    form = canonical(criteria)
    measure(form)
    form = canonical(admitted(form, asking, fields.known_to(asking)))
    if len(write(form)) > MOST_TEXT:
        raise CriteriaError(f"The filter is longer than {MOST_TEXT:,} characters")
    return form


def write(criteria: Criteria) -> str:
    """The one text of a tree; `read` gives the canonical tree back."""
    form = canonical(criteria)
    return "" if form == EVERYONE else _write(form)


def _write(node: Node) -> str:
    if isinstance(node, Fact):
        return _write_fact(node)
    if isinstance(node, Has):
        return _write_has(node)
    if node == NOBODY:
        return "nobody"
    if node.kind == "none":
        inner = node.of[0] if len(node.of) == 1 else Group("any", node.of)
        return f"not {_enclosed(inner)}"
    joint = " and " if node.kind == "all" else " or "
    return joint.join(_enclosed(member) for member in node.of)


def _enclosed(node: Node) -> str:
    plain = not isinstance(node, Group) or node.kind == "none" or not node.of
    return _write(node) if plain else f"({_write(node)})"


def _write_fact(fact: Fact) -> str:
    if fact.value is True:
        return fact.field
    if fact.operator in SYMBOLS:
        return f"{fact.field}{SYMBOLS[fact.operator]}{write_value(fact.value)}"
    return f"{fact.field} {fact.operator} {write_value(fact.value)}"


def _write_has(node: Has) -> str:
    if node.at_least == 1 and isinstance(node.where, Fact):
        return f"{node.thing}.{_write_fact(node.where)}"
    having = "has" if node.at_least == 1 else f"has at least {node.at_least}"
    where = "" if node.where == EVERYONE else f"({_write(node.where)})"
    return f"{having} {node.thing}{where}"


def write_value(value: Value) -> str:
    """A value as it is typed."""
    if isinstance(value, tuple):
        return ",".join(bare(v) if isinstance(v, str) else write_value(v) for v in value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)

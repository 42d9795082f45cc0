"""Criteria as people type them: read forgivingly, written back in one form."""

from decimal import Decimal

from regulars.criteria.fields import (
    Asking,
    Fields,
    admit,
    at_place,
    customer_fields,
    find,
)
from regulars.criteria.language import (
    EVERYONE,
    MOST_DEPTH,
    MOST_FACTS,
    MOST_TEXT,
    NOBODY,
    Criteria,
    CriteriaError,
    Fact,
    Group,
    Node,
    Value,
    canonical,
    measure,
    said,
)
from regulars.criteria.tokens import Token, cut
from regulars.criteria.values import Tail, bare

SYMBOLS = {"is": ":", "starts": ":", "empty": ":empty"}


def read(text: str, asking: Asking, fields: Fields = customer_fields) -> Criteria:
    """The canonical tree of a typed text; nothing typed is everyone.

    Raises CriteriaError with the place (`at`, 1 = first character) and the nearest name.
    """
    reading = _Reading(cut(text), asking, fields)
    found = canonical(reading.whole())
    try:
        return settle(found, asking, fields)
    except CriteriaError as error:
        raise at_place(error, reading.deepest.at) from None


def settle(criteria: Criteria, asking: Asking, fields: Fields = customer_fields) -> Criteria:
    """Canonical, within all limits, every fact one its field can say; else CriteriaError."""
    form = canonical(criteria)
    measure(form)
    form = canonical(_admitted(form, asking, fields))
    if len(write(form)) > MOST_TEXT:
        raise CriteriaError(f"The filter is longer than {MOST_TEXT:,} characters")
    return form


def _admitted(node: Node, asking: Asking, fields: Fields) -> Node:
    if isinstance(node, Fact):
        return admit(node, asking, fields)
    return Group(node.kind, tuple(_admitted(member, asking, fields) for member in node.of))


def write(criteria: Criteria) -> str:
    """The one text of a tree; `read` gives the canonical tree back."""
    form = canonical(criteria)
    return "" if form == EVERYONE else _write(form)


def _write(node: Node) -> str:
    if isinstance(node, Fact):
        return _write_fact(node)
    if node == NOBODY:
        return "nobody"
    if node.kind == "none":
        inner = node.of[0] if len(node.of) == 1 else Group("any", node.of)
        return f"not {_enclosed(inner)}"
    joint = " and " if node.kind == "all" else " or "
    return joint.join(_enclosed(member) for member in node.of)


def _enclosed(node: Node) -> str:
    plain = isinstance(node, Fact) or node.kind == "none" or not node.of
    return _write(node) if plain else f"({_write(node)})"


def _write_fact(fact: Fact) -> str:
    if fact.value is True:
        return fact.field
    if fact.operator in SYMBOLS:
        return f"{fact.field}{SYMBOLS[fact.operator]}{write_value(fact.value)}"
    return f"{fact.field} {fact.operator} {write_value(fact.value)}"


def write_value(value: Value) -> str:
    """A value as it is typed."""
    if isinstance(value, tuple):
        return ",".join(bare(v) if isinstance(v, str) else write_value(v) for v in value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


class _Reading:
    """One pass over the tokens; `not` binds closest, then `and`, then `or`."""

    def __init__(self, tokens: list[Token], asking: Asking, fields: Fields) -> None:
        self.tail = Tail(tokens, 0, asking)
        self.fields = fields
        self.facts = 0
        self.depth = 0
        self.deepest = tokens[0]

    def whole(self) -> Criteria:
        if self.tail.next.kind == "end":
            return EVERYONE
        found = self._either()
        rest = self.tail.next
        if rest.kind != "end":
            raise CriteriaError(f"{said(rest.text)} is not expected", rest.at)
        return found

    def _either(self) -> Criteria:
        branches = [self._all()]
        while self.tail.next.low == "or":
            self.tail.take()
            branches.append(self._all())
        return branches[0] if len(branches) == 1 else Group("any", tuple(branches))

    def _all(self) -> Criteria:
        members = [self._not()]
        while self._goes_on():
            members.append(self._not())
        return members[0] if len(members) == 1 else Group("all", tuple(members))

    def _goes_on(self) -> bool:
        token = self.tail.next
        if token.low == "and":
            self.tail.take()
            return True
        closing = token.kind == "sign" and token.text == ")"
        return token.kind != "end" and not closing and token.low != "or"

    def _not(self) -> Criteria:
        negated = False
        while self.tail.next.low == "not":
            self.tail.take()
            negated = not negated
        if self._minus():
            negated = not negated
        found = self._one()
        return Group("none", (found,)) if negated else found

    def _minus(self) -> bool:
        """`-tag:VIP`, as other search boxes have it."""
        token = self.tail.next
        if token.kind != "word" or not token.text.startswith("-") or len(token.text) == 1:
            return False
        self.tail.tokens[self.tail.place] = Token("word", token.text[1:], token.at + 1, token.end)
        return True

    def _one(self) -> Criteria:
        token = self.tail.take()
        if token.kind == "sign" and token.text == "(":
            return self._parenthesis(token)
        if token.kind == "end":
            raise CriteriaError("Something is missing", token.at)
        if token.kind not in ("word", "quoted") or token.low in ("and", "or"):
            raise CriteriaError(f"A field is expected, not {said(token.text)}", token.at)
        return self._fact(token)

    def _parenthesis(self, opening: Token) -> Criteria:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise CriteriaError(f"Parentheses are nested more than {MOST_DEPTH} deep", opening.at)
        if opening.at > self.deepest.at:
            self.deepest = opening
        found = self._either()
        closing = self.tail.take()
        if closing.kind != "sign" or closing.text != ")":
            raise CriteriaError("A parenthesis is not closed", opening.at)
        self.depth -= 1
        return found

    def _fact(self, token: Token) -> Criteria:
        self.facts += 1
        if self.facts > MOST_FACTS:
            raise CriteriaError(f"There are more than {MOST_FACTS} conditions", token.at)
        if token.low in ("everyone", "nobody") and self.tail.next.kind != "comparison":
            return EVERYONE if token.low == "everyone" else NOBODY
        field = find(token.text, self.fields, token.at)
        found = self.tail.criteria(field)
        try:
            return _admitted(found, self.tail.asking, self.fields)
        except CriteriaError as error:
            raise at_place(error, token.at) from None

"""Criteria as people type them: read forgivingly, written back in one form."""

from dataclasses import replace
from decimal import Decimal

from regulars.criteria import when
from regulars.criteria.admit import admit
from regulars.criteria.fields import (
    COMPARISONS,
    KEYWORDS,
    Asking,
    CustomerField,
    Fields,
    at_place,
    customer_fields,
    find_either,
    find_own,
    find_thing,
)
from regulars.criteria.language import (
    EVERYONE,
    MOST_COUNTED,
    MOST_DEPTH,
    MOST_FACTS,
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
    said,
)
from regulars.criteria.spoken import OPENING, described, hint, longest_name
from regulars.criteria.things import ARTICLES, Thing
from regulars.criteria.tokens import COMPARING, Token, cut
from regulars.criteria.values import Tail, bare
from regulars.lib import numbers

SYMBOLS = {"is": ":", "starts": ":", "empty": ":empty"}
AFTER_THING = ("for", "in", "within", "since", "before", "after", "until", "on")
MOST_SOUGHT = 6  # words to search for beside a filter
SIGNED = tuple(COMPARING)
NUMBER_WORDS = {word: n for n, word in enumerate(when.NUMBERS, 1)}
OR_SO: dict[tuple[str, ...], str] = {
    ("or", "more"): ">=",
    ("or", "fewer"): "<=",
    ("or", "less"): "<=",
}
COUNTED: dict[tuple[str, ...], str] = {
    ("at", "least"): ">=",
    ("at", "most"): "<=",
    ("more", "than"): ">",
    ("less", "than"): "<",
    ("fewer", "than"): "<",
    ("exactly",): "=",
}


def read(text: str, asking: Asking, fields: Fields = customer_fields) -> Criteria:
    """The canonical tree of a typed text; nothing typed is everyone.

    Raises CriteriaError with the place (`at`, 1 = first character) and the nearest name.
    """
    fields = fields.known_to(asking)
    reading = _Reading(cut(text), asking, fields)
    found = canonical(reading.whole())
    try:
        return settle(found, asking, fields)
    except CriteriaError as error:
        raise at_place(error, reading.deepest.at) from None


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
    form = canonical(_admitted(form, asking, fields.known_to(asking)))
    if len(write(form)) > MOST_TEXT:
        raise CriteriaError(f"The filter is longer than {MOST_TEXT:,} characters")
    return form


def _admitted(node: Node, asking: Asking, fields: Fields) -> Node:
    if isinstance(node, Fact):
        return admit(node, asking, fields)
    if isinstance(node, Has):
        thing = find_thing(node.thing, fields)
        if not 1 <= node.at_least <= MOST_COUNTED:
            raise CriteriaError(f"“{thing.key}” is counted from 1 to {MOST_COUNTED:,}")
        return replace(node, thing=thing.key, where=_admitted(node.where, asking, fields.of(thing)))
    return Group(node.kind, tuple(_admitted(member, asking, fields) for member in node.of))


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


def _so_many(had: Has, sign: str, number: int) -> Criteria:
    """So many of them, in terms of at least so many."""

    def at_least(least: int) -> Criteria:
        return replace(had, at_least=least) if least else EVERYONE

    if sign in (">=", ">"):
        return at_least(number + (sign == ">"))
    if sign in ("<", "<="):
        return Group("none", (at_least(number + (sign == "<=")),))
    return Group("all", (at_least(number), Group("none", (at_least(number + 1),))))


def _is_time(words: list[str]) -> bool:
    """Whether these words begin with a time, even one too far off."""
    try:
        return when.read(words) is not None
    except OverflowError:
        return True


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

    def _count(self, token: Token) -> None:
        self.facts += 1
        if self.facts > MOST_FACTS:
            raise CriteriaError(f"There are more than {MOST_FACTS} conditions", token.at)

    def _fact(self, token: Token) -> Criteria:
        self._count(token)
        if token.low in ("everyone", "nobody") and self.tail.next.kind != "comparison":
            return EVERYONE if token.low == "everyone" else NOBODY
        if token.low == "has" or (token.low == "with" and self.fields.things):
            return self._has()
        if token.low in ("no", "without") and self.tail.next.kind in ("word", "quoted"):
            if self.tail.next.low in ARTICLES:
                self.tail.take()
            return Group("none", (self._had(self.tail.take()),))
        spoken = self._spoken(token)
        if spoken is not None:
            return spoken
        thing, field = self._named(token)
        ahead = self.tail.next
        if thing and field.type == "flag" and ahead.text in COMPARISONS:
            number = self._how_many()
            if number is not None:
                return _so_many(Has(thing.key, Fact(field.key, "is", True)), *number)
        fields = self.fields if thing is None else self.fields.of(thing)
        self.tail.goes_on = lambda word: self._is_text(word, fields)
        found = self.tail.criteria(field)
        try:
            found = _admitted(found, self.tail.asking, fields)
        except CriteriaError as error:
            raise at_place(error, token.at) from None
        return found if thing is None else Has(thing.key, found)

    def _spoken(self, token: Token) -> Criteria | None:
        """Of things without “has”: “more than 2 open tasks”, “tasks > 2”, “calls since 7 days”."""
        self.tail.place -= 1
        counted = self._how_many()
        if counted is not None:
            return _so_many(self._had(self.tail.take()), *counted)
        found = described(self.tail.tokens[self.tail.place :], self.fields, self.tail.asking)
        self.tail.place += 1
        if token.kind != "word" or found is None or find_own(token.text, self.fields):
            return None
        ahead = self.tail.tokens[self.tail.place + found.words - 1]
        if ahead.kind == "comparison":
            had = Has(found.thing.key, Group("all", found.facts))
            self.tail.place += found.words - 1
            number = self._how_many(found.thing.key)
            if number is None:
                raise CriteriaError("How many? A whole number is expected", ahead.at)
            return _so_many(had, *number)
        opens = ahead.kind == "sign" and ahead.text == "("
        if found.facts or opens or ahead.low in AFTER_THING or self._period_ahead(found.words - 1):
            return self._had(token)
        return None

    def _named(self, token: Token) -> tuple[Thing | None, CustomerField]:
        """The field of this name, which may be of several words: “last activity”."""
        own = find_own(token.text, self.fields)
        if own is not None:
            first, *rest = own.label.casefold().split()
            if token.low == first and self.tail.words(len(rest)) == rest:
                self.tail.place += len(rest)
            return None, self._since(own)
        ahead = [token.text, *self.tail.words(3)] if token.kind == "word" else []
        longest = longest_name(ahead, self.fields)
        if longest is not None:
            self.tail.place += longest[1] - 1
            return None, longest[0]
        try:
            return find_either(token.text, self.fields, token.at)
        except CriteriaError:
            meant = hint(token.text, self.fields, self.tail.asking)
            if meant is None:
                raise
            raise UnknownField(f"Unknown field {said(token.text)}", token.at, meant) from None

    def _since(self, own: CustomerField) -> CustomerField:
        """Since when, where that is said of a yes or no: “waiting > 3 days”, “waiting for 2 hours”,
        “waiting since yesterday”."""
        ahead, words = self.tail.next, self.tail.words(8)
        counted = next((len(w) for w in COUNTED if tuple(words[1 : len(w) + 1]) == w), 0)
        lasts = ahead.low == "for" and _is_time(words[counted + 1 :])
        asked = lasts or ahead.text in COMPARISONS or ahead.low == "since"
        began = self.fields.get(f"{own.key}_since") if own.type == "flag" and asked else None
        if began is not None and lasts:
            self.tail.tokens[self.tail.place] = Token("comparison", ">", ahead.at, ahead.end)
            self.tail.place += counted > 0
        return began or own

    def _is_text(self, word: Token, fields: Fields) -> bool:
        """Whether a word behind a text belongs to it, as the second of “name:ana lopez”: it is
        nothing in the language, nor nearly."""
        if word.low in OPENING or word.low in KEYWORDS or word.text.startswith("-"):
            return False
        try:
            find_either(word.text, fields)
        except CriteriaError as error:
            return error.suggestion is None and find_own(word.text, self.fields) is None
        return False

    def _has(self) -> Criteria:
        """“has suit”, “has a suit(colour:navy)”, “has no suit”, “has more than 2 suits”."""
        counted = self._how_many()
        if counted is not None:
            return _so_many(self._had(self.tail.take()), *counted)
        token = self.tail.take()
        negated = token.low == "no"
        if token.low in ARTICLES:
            token = self.tail.take()
        found = self._had(token)
        return Group("none", (found,)) if negated else found

    def _had(self, token: Token) -> Has:
        """The thing of this name, what it must fit, and when: “suit(colour:navy) for 60 days”."""
        if token.kind not in ("word", "quoted"):
            known = ", ".join(self.fields.things.keys()) or "nothing here"
            raise CriteriaError(f"“has” needs what is had ({known})", token.at)
        ahead = self.tail.tokens[self.tail.place - 1 :]
        found = described(ahead, self.fields, self.tail.asking)
        thing = find_thing(token.text, self.fields, token.at) if found is None else found.thing
        self.tail.place += 0 if found is None else found.words - 1
        facts = () if found is None else found.facts
        where, when = self._where(thing), self._when(thing)
        if facts or when is not None:
            where = Group("all", (*facts, where, *([] if when is None else [when])))
        return Has(thing.key, where)

    def _how_many(self, of: str = "") -> tuple[str, int] | None:
        """“more than 2”, “>= 3” or plain “3”, which is exactly so many; `of` was named before."""
        sign, place = None, self.tail.place
        if self.tail.next.kind == "comparison":
            sign = self.tail.take().text
        for wording, meant in COUNTED.items():
            if tuple(self.tail.words(len(wording))) == wording:
                self.tail.place += len(wording)
                sign = meant
        token = self.tail.take()
        behind = tuple(one.low for one in self.tail.tokens[self.tail.place :][:2])
        or_so = OR_SO.get(behind) if sign is None else None
        self.tail.place += len(behind) if or_so else 0
        digits = token.text if token.kind == "word" else ""
        if token.low in NUMBER_WORDS and (sign or or_so or self._thing_ahead()):
            digits = str(NUMBER_WORDS[token.low])
        if not (digits.isascii() and digits.isdigit()):
            if sign is not None:
                hint = f" (“{of}” is counted; to find words, type them alone)" if of else ""
                raise CriteriaError(f"How many? A whole number is expected{hint}", token.at)
            self.tail.place = place
            return None
        if sign not in (None, ":", "=", "<", "<=", ">", ">="):
            raise CriteriaError(f"How many cannot be compared with {said(sign or '')}", token.at)
        number = numbers.whole(digits)
        if number is None or number > MOST_COUNTED:
            raise CriteriaError(f"Things are counted up to {MOST_COUNTED:,}", token.at)
        return sign or or_so or "=", number

    def _thing_ahead(self) -> bool:
        ahead = self.tail.tokens[self.tail.place :]
        return described(ahead, self.fields, self.tail.asking) is not None

    def _when(self, thing: Thing) -> Criteria | None:
        """The time behind a thing that has one: “for 60 days”, “since 2026-01-01”."""
        ahead = self.tail.next
        field = ahead.low == "in" and self.tail.tokens[self.tail.place + 1].kind == "comparison"
        if not thing.moment or field or not (ahead.low in AFTER_THING or self._period_ahead()):
            return None
        fields = self.fields.of(thing)
        if ahead.low == "for":
            self.tail.tokens[self.tail.place] = Token("comparison", "<", ahead.at, ahead.end)
        return _admitted(self.tail.criteria(fields[thing.moment]), self.tail.asking, fields)

    def _period_ahead(self, skipped: int = 0) -> bool:
        """“this week”, “yesterday”: by the calendar, and no field such as “last activity”."""
        words = self.tail.words(skipped + 5)[skipped:]
        return bool(words) and words[0] in (*when.WHICH, *when.DAY_WORDS) and _is_time(words)

    def _where(self, thing: Thing) -> Criteria:
        opening = self.tail.next
        if opening.kind != "sign" or opening.text != "(":
            return EVERYONE
        self.tail.take()
        outer, self.fields = self.fields, self.fields.of(thing)
        closing = self.tail.next
        if closing.kind == "sign" and closing.text == ")":
            self.tail.take()
            where: Criteria = EVERYONE
        else:
            where = self._parenthesis(opening)
        self.fields = outer
        return where

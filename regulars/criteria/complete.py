"""What could be typed next, while a filter is being typed."""

from collections.abc import Iterable
from dataclasses import dataclass

from regulars.criteria.counting import COUNTED
from regulars.criteria.fields import (
    Asking,
    CustomerField,
    Fields,
    choices_of,
    customer_fields,
    find_either,
    find_thing,
    fold,
)
from regulars.criteria.language import CriteriaError
from regulars.criteria.spoken import hint
from regulars.criteria.things import ARTICLES, Thing
from regulars.criteria.tokens import Token, cut
from regulars.criteria.values import bare

TIMES = ("< 7 days ago", "< 30 days ago", "> 90 days ago", "in today", "in this month")
TIME_VALUES = ("7 days ago", "30 days ago", "90 days ago", "today", "this month")
PERIODS = tuple(
    f"{which} {unit}"
    for unit in ("week", "month", "quarter", "year")
    for which in ("last", "this", "next")
)
MORE_TIMES = ("yesterday", "tomorrow", "last 7 days", "last 30 days", "next 7 days", "next 30 days")
MOST_TIME = 4
COUNTING = frozenset(word for wording in COUNTED for word in wording)
NUMBERS = (">= ", "<= ", "= ")


@dataclass(frozen=True, slots=True)
class Completion:
    """Put `insert` in place of the characters from `start` to `end` (0-based, end excluded)."""

    insert: str
    label: str
    start: int
    end: int


def complete(
    text: str,
    asking: Asking,
    fields: Fields = customer_fields,
    *,
    cursor: int | None = None,
    most: int = 8,
) -> list[Completion]:
    """What fits at the cursor (default: the end), best first; nothing when nothing does."""
    end = len(text) if cursor is None else max(0, min(cursor, len(text)))
    try:
        tokens = cut(text[:end], unfinished=True)[:-1]
    except CriteriaError:
        return []
    partial = tokens.pop() if _is_partial(tokens, end) else None
    typed = "" if partial is None else partial.text
    start = end if partial is None else partial.at - 1
    fields = _scope(tokens, fields.known_to(asking))
    field, sign = _asked(tokens, fields)
    if field is None:
        field, sign, begun = _timed(tokens, fields)
        if field is not None:
            start, typed = begun.at - 1, text[begun.at - 1 : end]
    if _having(tokens):
        offered = [(thing.key, thing.label) for thing in fields.things]
    elif field is None:
        offered = _names(fields, after_fact=bool(tokens) and _ends_fact(tokens[-1]))
    elif sign is None:
        offered = [(word, word) for word in _signs(field)] if partial is None else []
    else:
        offered = _values(field, sign, asking, typed)
    fitting = _fitting(offered, typed)
    if not fitting and field is None and typed and not _having(tokens):
        meant = hint(typed, fields, asking)
        fitting = [(meant, meant)] if meant else []
    return [Completion(insert, label, start, end) for insert, label in fitting[:most]]


def _is_partial(tokens: list[Token], end: int) -> bool:
    """Whether the last word still touches the cursor."""
    return bool(tokens) and tokens[-1].kind in ("word", "quoted") and tokens[-1].end - 1 >= end


def _scope(tokens: list[Token], fields: Fields) -> Fields:
    """The fields at the end of the tokens: within `has suit(` those of a suit."""
    scopes = [fields]
    for place, token in enumerate(tokens):
        if token.kind == "sign" and token.text == "(":
            thing = _had(tokens[:place], scopes[-1])
            scopes.append(scopes[-1] if thing is None else scopes[-1].of(thing))
        elif token.kind == "sign" and token.text == ")" and len(scopes) > 1:
            scopes.pop()
    return scopes[-1]


def _had(tokens: list[Token], fields: Fields) -> Thing | None:
    """The thing just named, after “has”."""
    if not tokens or not _having(tokens[:-1]):
        return None
    try:
        return find_thing(tokens[-1].text, fields)
    except CriteriaError:
        return None


def _having(tokens: list[Token]) -> bool:
    """Whether the name of a thing comes next."""
    if tokens and tokens[-1].low == "no":
        return True
    back = list(tokens)
    if back and (back[-1].low in ARTICLES or back[-1].text.isdigit()):
        back.pop()
    while back and (back[-1].kind == "comparison" or back[-1].low in COUNTING):
        back.pop()
    return bool(back) and back[-1].low == "has"


def _asked(tokens: list[Token], fields: Fields) -> tuple[CustomerField | None, str | None]:
    """The field whose comparison or value comes next, and its sign when that is typed."""
    back = len(tokens)
    while back >= 2 and tokens[back - 1].text == "," and tokens[back - 1].kind == "sign":
        back -= 2
    last = tokens[back - 1] if back else None
    signed = last is not None and (last.kind == "comparison" or last.low in ("in", "is"))
    if last is not None and signed and back >= 2:
        return _field(tokens[back - 2], fields), last.text
    if last is not None and last.kind == "word" and back == len(tokens):
        before = tokens[back - 2] if back >= 2 else None
        field = None if before and before.kind == "comparison" else _field(last, fields)
        return (None, None) if field is None or field.type == "flag" else (field, None)
    return None, None


def _timed(tokens: list[Token], fields: Fields) -> tuple[CustomerField | None, str | None, Token]:
    """A date whose time is being typed in several words, its sign, and the first of them:
    “created < 7 d”, “created in la”."""
    for back in range(1, min(len(tokens), MOST_TIME)):
        sign, name = tokens[-back - 1], tokens[-back - 2] if len(tokens) > back + 1 else None
        if name and (sign.kind == "comparison" or sign.low in ("in", "is", "since", "before")):
            field = _field(name, fields)
            timed = field is not None and field.type == "date"
            return (field, sign.text, tokens[-back]) if timed else (None, None, tokens[-1])
    return None, None, tokens[-1] if tokens else Token("end", "", 1, 1)


def _field(token: Token, fields: Fields) -> CustomerField | None:
    try:
        return find_either(token.text, fields)[1]
    except CriteriaError:
        return None


def _ends_fact(token: Token) -> bool:
    return token.low not in ("and", "or", "not", "has") and token.text != "("


def _names(fields: Fields, *, after_fact: bool) -> list[tuple[str, str]]:
    joints = ["and ", "or "] if after_fact else ["not "]
    words = [(word, word.strip()) for word in joints]
    names = [(_begun(one), one.label) for one in fields]
    names += [(f"has {thing.key}", f"Has {thing.one}") for thing in fields.things]
    names += [
        (f"{thing.key}.{_begun(one)}", f"{thing.label}: {_lower(one.label)}")
        for thing in fields.things
        for one in thing.fields
    ]
    return [*words, *names] if after_fact else [*names, *words]


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _begun(field: CustomerField) -> str:
    if field.type == "flag":
        return field.key
    return f"{field.key} " if field.type in ("number", "date") else f"{field.key}:"


def _signs(field: CustomerField) -> Iterable[str]:
    if field.type == "date":
        return TIMES
    return NUMBERS if field.type == "number" else (":", "empty")


def _values(field: CustomerField, sign: str, asking: Asking, typed: str) -> list[tuple[str, str]]:
    if field.type == "date":
        return [(word, word) for word in _times(typed)]
    choices = choices_of(field, asking) or ()
    offered = [(bare(choice.value), choice.shown) for choice in choices]
    if "empty" in field.operators and sign in (":", "="):
        offered.append(("empty", "empty"))
    return offered


def _times(typed: str) -> list[str]:
    """Times that begin as typed; a number goes on with every unit."""
    number = typed.split(" ", 1)[0]
    if number.isascii() and number.isdigit() and len(number) <= 4:
        plural = "" if int(number) == 1 else "s"
        return [f"{number} {unit}{plural} ago" for unit in ("day", "week", "month", "year", "hour")]
    return list(dict.fromkeys([*TIME_VALUES, *PERIODS, *MORE_TIMES]))


def _fitting(offered: Iterable[tuple[str, str]], typed: str) -> list[tuple[str, str]]:
    """Those that begin with what is typed, then those with a word that does."""
    sought = fold(typed)
    begin, within = [], []
    for insert, label in offered:
        names = [fold(insert.strip('" :')), fold(label)]
        if any(name.startswith(sought) for name in names):
            begin.append((insert, label))
        elif any(f" {sought}" in name for name in names):
            within.append((insert, label))
    return begin + within

"""How many of a thing are asked for: “more than 2”, “3 or more”, in terms of at least so many."""

from dataclasses import replace

from regulars.criteria import when
from regulars.criteria.fields import Fields
from regulars.criteria.language import (
    EVERYONE,
    MOST_COUNTED,
    Criteria,
    CriteriaError,
    Group,
    Has,
    said,
)
from regulars.criteria.spoken import described
from regulars.criteria.values import Tail
from regulars.lib import numbers

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


def how_many(tail: Tail, fields: Fields, *, of: str = "") -> tuple[str, int] | None:
    """“more than 2”, “>= 3”, “3 or more”, or plain “3”, which is exactly so many: sign and number.

    None, and nothing taken, where no number stands here; raises CriteriaError where one has to.
    `of` is the thing where it was named before.
    """
    sign, place = None, tail.place
    if tail.next.kind == "comparison":
        sign = tail.take().text
    for wording, meant in COUNTED.items():
        if tuple(tail.words(len(wording))) == wording:
            tail.place += len(wording)
            sign = meant
    token = tail.take()
    behind = tuple(one.low for one in tail.tokens[tail.place :][:2])
    or_so = OR_SO.get(behind) if sign is None else None
    tail.place += len(behind) if or_so else 0
    digits = token.text if token.kind == "word" else ""
    if token.low in NUMBER_WORDS and (sign or or_so or _thing_ahead(tail, fields)):
        digits = str(NUMBER_WORDS[token.low])
    if not (digits.isascii() and digits.isdigit()):
        if sign is not None:
            hint = f" (“{of}” is counted; to find words, type them alone)" if of else ""
            raise CriteriaError(f"How many? A whole number is expected{hint}", token.at)
        tail.place = place
        return None
    if sign not in (None, ":", "=", "<", "<=", ">", ">="):
        raise CriteriaError(f"How many cannot be compared with {said(sign or '')}", token.at)
    number = numbers.whole(digits)
    if number is None or number > MOST_COUNTED:
        raise CriteriaError(f"Things are counted up to {MOST_COUNTED:,}", token.at)
    return sign or or_so or "=", number


def _thing_ahead(tail: Tail, fields: Fields) -> bool:
    return described(tail.tokens[tail.place :], fields, tail.asking) is not None


def so_many(had: Has, sign: str, number: int) -> Criteria:
    """So many of them, in terms of at least so many."""

    def at_least(least: int) -> Criteria:
        return replace(had, at_least=least) if least else EVERYONE

    if sign in (">=", ">"):
        return at_least(number + (sign == ">"))
    if sign in ("<", "<="):
        return Group("none", (at_least(number + (sign == "<=")),))
    return Group("all", (at_least(number), Group("none", (at_least(number + 1),))))

"""Typed text cut into words, quoted words and signs, in one pass and without patterns."""

from dataclasses import dataclass
from typing import Literal

from regulars.criteria.language import MOST_TEXT, CriteriaError, unprintable

TokenKind = Literal["word", "quoted", "sign", "comparison", "end"]

DOUBLE = '"“”„‟«»＂'
SINGLE = "'‘’‚`"
SIGNS = "(),"
COMPARISONS = {
    ":": ":",
    "=": "=",
    "==": "=",
    "<": "<",
    ">": ">",
    "<=": "<=",
    ">=": ">=",
    "=<": "<=",
    "=>": ">=",
    "≤": "<=",
    "≥": ">=",
    "!=": "!=",
    "<>": "!=",
    "≠": "!=",
}
COMPARING = ":=<>!≤≥≠"
SAID = {"&": "and", "&&": "and", "|": "or", "||": "or", "!": "not"}


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what was meant, `at` the 1-based place of its first character, `end` past it."""

    kind: TokenKind
    text: str
    at: int
    end: int

    @property
    def low(self) -> str:
        """The word for comparing with keywords; empty for anything that is not a plain word."""
        return self.text.casefold() if self.kind == "word" else ""


def cut(text: str, *, unfinished: bool = False) -> list[Token]:
    """The tokens, the last always an end; raises CriteriaError for text that cannot be cut.

    `unfinished` lets a quote stay open, as while typing.
    """
    if len(text) > MOST_TEXT:
        raise CriteriaError(f"The filter is longer than {MOST_TEXT:,} characters")
    for place, character in enumerate(text, 1):
        if unprintable(character) and not character.isspace():
            raise CriteriaError("There is a character that cannot be typed", place)
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        token = _next(text, place, unfinished)
        tokens.append(token)
        place = token.end - 1
    tokens.append(Token("end", "", len(text) + 1, len(text) + 1))
    return tokens


def compares(text: str) -> bool:
    """Whether somebody means a filter and not words to search for: `owner:me`, `intent > 3`."""
    try:
        return any(token.kind == "comparison" for token in cut(text, unfinished=True))
    except CriteriaError:
        return False


def _next(text: str, place: int, unfinished: bool) -> Token:
    character = text[place]
    if character in SIGNS:
        return Token("sign", character, place + 1, place + 2)
    if character in DOUBLE or character in SINGLE:
        return _quoted(text, place, unfinished)
    if character in COMPARING:
        return _comparison(text, place)
    if character in "&|":
        length = 2 if text[place + 1 : place + 2] == character else 1
        return Token("word", SAID[character], place + 1, place + 1 + length)
    end = place
    while end < len(text) and not _ends_word(text[end]):
        end += 1
    return Token("word", text[place:end], place + 1, end + 1)


def _ends_word(character: str) -> bool:
    return (
        character.isspace() or character in SIGNS or character in COMPARING or character in DOUBLE
    )


def _comparison(text: str, place: int) -> Token:
    for length in (2, 1):
        sign = COMPARISONS.get(text[place : place + length])
        if sign is not None:
            return Token("comparison", sign, place + 1, place + 1 + length)
    return Token("word", SAID["!"], place + 1, place + 2)


def _quoted(text: str, place: int, unfinished: bool) -> Token:
    closing = DOUBLE if text[place] in DOUBLE else SINGLE
    kept: list[str] = []
    end = place + 1
    while end < len(text) and text[end] not in closing:
        if text[end] == "\\" and end + 1 < len(text):
            end += 1
        kept.append(text[end])
        end += 1
    if end >= len(text) and not unfinished:
        raise CriteriaError("A quotation mark is not closed", place + 1)
    return Token("quoted", "".join(kept), place + 1, min(end, len(text)) + 2)


def quote(word: str) -> str:
    """A value so that `cut` reads exactly it back."""
    kept = "".join(f"\\{c}" if c in DOUBLE or c == "\\" else c for c in word)
    return f'"{kept}"'

"""What a single value looks like: an email address, a phone number, a date, nothing at all."""

import re
import unicodedata
from enum import StrEnum

BLANK_WORDS = frozenset(
    {
        "NULL",
        "null",
        "<null>",
        "(null)",
        r"\N",
        "N/A",
        "n/a",
        "#N/A",
        "#NULL!",
        "None",
        "-",
        "--",
        "—",
        "–",
    }
)
"""What exports write for an empty cell. `Null` and `NA` stay: they are names of people."""

_EMAIL = re.compile(r"[^\s@,;<>()\[\]]+@[^\s@,;<>()\[\]]+\.[^\s@,;<>()\[\].]{2,}")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"[+(]?[\d][\d\s().\-/+]*(?:\s*(?:x|ext\.?|#)\s*\d+)?", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}")
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ].*)?"
    r"|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}(?:[, ].*)?"
    r"|\d{1,2}(?:st|nd|rd|th)?[-. ]+\w{3,10}[-., ]+\d{2,4}(?:[, ].*)?"
    r"|\w{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}(?:[, ].*)?"
)
_POSTAL = re.compile(
    r"\d{3,6}(?:[- ]\d{2,5})?|[A-Z]{1,2}-?\d{3,6}(?: ?\d{2})?"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}"
)


class Shape(StrEnum):
    """The one word that fits a value best."""

    BLANK = "blank"
    EMAIL = "email"
    URL = "url"
    DATE = "date"
    DIGITS = "digits"
    NUMBER = "number"
    PHONE = "phone"
    CODE = "code"
    WORD = "word"
    WORDS = "words"
    MIXED = "mixed"
    LONG = "long"


def is_blank(value: str) -> bool:
    """Whether the cell says nothing: empty, spaces, or a word exports use for nothing."""
    return not value or value.isspace() or value.strip() in BLANK_WORDS


def text_of(value: str) -> str:
    """The cell's text without outer spaces and an export's guard apostrophe; blank words as ""."""
    value = value.strip().strip("\ufeff\u200b")
    if value in BLANK_WORDS:
        return ""
    if len(value) > 1 and value[0] == "'" and value[1] in "=+-@\t\r＝＋－＠":
        return value[1:]
    return value


def western_digits(value: str) -> str:
    """The value with any script's digits (Arabic, Devanagari, full width) as 0–9."""
    if value.isascii():
        return value
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() and letter > "9" else letter
        for letter in value
    )


def is_email(value: str) -> bool:
    """Whether the whole value is one plausible address."""
    return len(value) <= 254 and bool(_EMAIL.fullmatch(value)) and ".." not in value


def is_phone(value: str) -> bool:
    """Whether the value is built like a phone number: five to eighteen digits and their signs."""
    value = western_digits(value)
    return bool(_PHONE.fullmatch(value)) and 5 <= sum(one.isdigit() for one in value) <= 18


def is_shortened(value: str) -> bool:
    """Whether a spreadsheet wrote a long number as a power of ten: its last digits are gone."""
    return bool(_SHORTENED.fullmatch(value))


def is_postal(value: str) -> bool:
    """Whether the value is built like a postal code somewhere in the world."""
    return len(value) <= 10 and bool(_POSTAL.fullmatch(value.upper()))


def is_date(value: str) -> bool:
    """Whether the value is built like a date; it may still not exist."""
    return bool(_DATE.fullmatch(value.strip()))


_EXACT = (
    (Shape.EMAIL, is_email),
    (Shape.URL, lambda value: bool(_URL.fullmatch(value))),
    (Shape.DATE, is_date),
    (Shape.DIGITS, lambda value: value.isascii() and value.isdigit()),
    (Shape.NUMBER, lambda value: bool(_NUMBER.fullmatch(value))),
    (Shape.PHONE, is_phone),
)


def shape_of(value: str) -> Shape:
    """The shape of one cell."""
    if is_blank(value):
        return Shape.BLANK
    value = value.strip()
    if len(value) > 200:
        return Shape.LONG
    value = western_digits(value)
    for shape, fits in _EXACT:
        if fits(value):
            return shape
    has_digit = any(one.isdigit() for one in value)
    if has_digit:
        return Shape.CODE if " " not in value and value.isupper() else Shape.MIXED
    if " " in value:
        return Shape.WORDS
    return Shape.CODE if len(value) <= 6 and value.isupper() else Shape.WORD

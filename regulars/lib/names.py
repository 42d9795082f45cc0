"""Names of people and companies: one clean form to keep, one folded form to find."""

import unicodedata

MAX_LENGTH = 200


def clean(text: str) -> str:
    """The text as it is kept: NFC, no control characters, single spaces, trimmed."""
    text = unicodedata.normalize("NFC", text[: MAX_LENGTH * 4])
    text = "".join(
        " " if c in "\t\r\n" else c
        for c in text
        if c in "\t\r\n" or unicodedata.category(c) not in {"Cc", "Cs"}
    )
    return " ".join(text.split())


def lines(text: str, limit: int) -> str | None:
    """Text of several lines as it is kept: NFC, no control characters; None when too long."""
    if len(text) > limit * 4:
        return None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(c for c in text if c in "\t\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    text = text.strip()
    return None if len(text) > limit else text


_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


def fold(text: str) -> str:
    """Lower case, no accents, apostrophes dropped, other punctuation as spaces.

    At most 200 characters; limited before normalising too: one may grow eighteen-fold.
    """
    text = unicodedata.normalize("NFKD", text[:MAX_LENGTH].casefold())
    text = unicodedata.normalize("NFKD", text.casefold())  # what was unfolded may be a capital
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)
    text = text.replace("'", "").replace("’", "")
    folded = " ".join("".join(c if c.isalnum() else " " for c in text).split())
    return folded[:MAX_LENGTH].rstrip()


def person(first: str, last: str) -> str:
    return " ".join(part for part in (first, last) if part)


def initials(name: str) -> str:
    """At most two letters for a face: first and last word."""
    words = [w for w in name.split() if w[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

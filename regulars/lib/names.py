"""Names of people and companies: one clean form to keep, one folded form to find."""

import unicodedata

MAX_LENGTH = 200


# What turns the direction of all that follows it, and what nobody sees or types.
_UNSEEN = frozenset("\u00ad\u200b\ufeff\u2060") | {
    chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def clean(text: str) -> str:
    """The text as it is kept: NFC, no control characters, single spaces, trimmed.

    A text in which nothing is to be seen is none.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text[: MAX_LENGTH * 4].split())
    text = "".join(
        " " if c in "\t\r\n" else c
        for c in text[: MAX_LENGTH * 4]
        if c in "\t\r\n" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _UNSEEN)
    )
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text if any(map(_is_seen, text)) else ""


def _is_seen(character: str) -> bool:
    return character not in _BLANK and unicodedata.category(character) not in {"Cf", "Zs", "Mn"}


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


_SIGNS = {c: " " for c in range(128) if not chr(c).isalnum()} | {ord("'"): None}


def fold(text: str) -> str:
    """Lower case, no accents, apostrophes dropped, other punctuation as spaces.

    At most 200 characters; limited before normalising too: one may grow eighteen-fold.
    """
    if text.isascii():
        plain = text[:MAX_LENGTH].lower().translate(_SIGNS)
        return " ".join(plain.split())
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

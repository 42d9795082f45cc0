"""Every text in plain ASCII, so that both engines measure the same letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from regulars.lib import names

# ISO 9 would be exact and unlike what people type; this is how passports write it.
_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфыэ",
        ("a", "b", "v", "g", "d", "e", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t",
         "u", "f", "y", "e"),
        strict=True,
    )
) | {
    "ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "",
    "ю": "yu", "я": "ya", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ђ": "dj", "ј": "j", "љ": "lj",
    "њ": "nj", "ћ": "c", "џ": "dz", "ў": "u",
}  # fmt: skip
_GREEK = dict(
    zip(
        "αβγδεζηικλμνξοπρστυφω",
        ("a", "v", "g", "d", "e", "z", "i", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "t",
         "y", "f", "o"),
        strict=True,
    )
) | {"θ": "th", "χ": "ch", "ψ": "ps", "ς": "s"}  # fmt: skip
# й and ї lose their marks when they are folded; the bare letter reads nearly the same.
_LATIN = _CYRILLIC | _GREEK


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Folded and in ASCII: “Юрий” is yurii; a letter of no known script becomes its number."""
    folded = names.fold(_read_anew(text))
    if folded.isascii():
        return folded
    return " ".join("".join(_letter(c) for c in folded).split())


def _read_anew(text: str) -> str:
    """“MÃ¼ller” is Müller, read in the wrong encoding somewhere on the way here."""
    if "Ã" not in text and "Å" not in text:
        return text
    try:
        return text.encode("cp1252").decode()
    except UnicodeError:
        return text


@lru_cache(maxsize=65_536)
def script(text: str) -> str:
    """The script of the first letter that cannot be said in Latin ones (“arabic”, “cjk”), or ""."""
    if text.isascii():
        return ""
    for c in names.fold(text):
        if not c.isascii() and c.isalpha() and c not in _LATIN:
            called = unicodedata.name(c, "").split(" ")[0].lower()
            if called not in ("", "latin", "cyrillic", "greek"):
                return called
    return ""


def _letter(c: str) -> str:
    if c.isascii():
        return c
    if c.isdecimal():
        return str(int(c))
    return _LATIN.get(c, f"{ord(c):x}")

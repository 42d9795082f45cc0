"""Countries: read from a name in many languages or a code, kept as two letters (ISO 3166)."""

import unicodedata
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

LONGEST = 60
_FURTHER = (
    *("de", "fr", "es", "it", "pt", "ro", "nl", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu"),
    *("sl", "hr", "bg", "el", "tr", "ru", "uk", "et", "lv", "lt", "ca", "ja", "zh", "ko", "ar"),
)
_NO_COUNTRIES = frozenset({"ZZ", "EU", "EZ", "UN", "QO", "XA", "XB"})
_ALSO = {
    "uk": "GB", "u k": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "britain": "GB", "inglaterra": "GB",
    "angleterre": "GB", "inghilterra": "GB", "anglia": "GB", "grossbritannien": "GB",
    "usa": "US", "u s a": "US", "u s": "US", "america": "US", "united states of america": "US",
    "vereinigte staaten von amerika": "US", "etats unis d amerique": "US", "eeuu": "US",
    "ee uu": "US", "eua": "US", "sua": "US", "stati uniti d america": "US",
    "holland": "NL", "the netherlands": "NL", "brasil": "BR", "brd": "DE", "deutschland": "DE",
    "czech republic": "CZ", "tschechische republik": "CZ", "russian federation": "RU",
    "korea": "KR", "republic of korea": "KR", "south korea": "KR", "north korea": "KP",
    "ivory coast": "CI", "burma": "MM", "swaziland": "SZ", "macedonia": "MK", "turkey": "TR",
    "vatican": "VA", "uae": "AE", "u a e": "AE", "prc": "CN", "viet nam": "VN", "eire": "IE",
    "republic of ireland": "IE", "schweiz suisse svizzera": "CH", "cabo verde": "CV",
    "hong kong": "HK", "macau": "MO", "macao": "MO", "taiwan": "TW", "palestine": "PS",
    "republica moldova": "MD", "moldavia": "MD", "republica dominicana": "DO",
}  # fmt: skip


def read(text: str) -> str:
    """The code of a country given by its name or a code; "" for "". Raises `ValueError`."""
    said = " ".join(text.split())
    found = find(said) if said else ""
    if found is None:
        raise ValueError(f"“{said[:40]}” is no country we know: write Canada or CA")
    return found


@lru_cache(maxsize=4_096)
def find(name: str) -> str | None:
    """The two-letter code of a country written as a name, a code or a common short form."""
    plain = name.strip()
    upper = plain.upper().replace(".", "").strip()
    folded = _folded(plain)
    if folded in _ALSO:
        return _ALSO[folded]
    if len(upper) == 2 and upper in _english():
        return upper
    if len(upper) == 3 and upper in _aliases():
        return _aliases()[upper]
    return _by_english_name().get(folded) or (_by_further_name().get(folded) if folded else None)


def shown(code: str) -> str:
    """The English name; the code itself when there is no such country."""
    return _english().get(code, code)


@cache
def offered() -> tuple[str, ...]:
    """The English names, to complete what is typed."""
    return tuple(sorted(_english().values(), key=_folded))


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("&", " and "))
    letters = (one if one.isalnum() else " " for one in text if not unicodedata.combining(one))
    return " ".join("".join(letters).casefold().split()).removeprefix("the ")


@cache
def _english() -> dict[str, str]:
    """Code → English name."""
    return {
        str(code): str(name)
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }


@cache
def _by_english_name() -> dict[str, str]:
    return {_folded(name): code for code, name in _english().items()}


@cache
def _by_further_name() -> dict[str, str]:
    """Read only when it is asked for: thirty languages take half a second and 30 MB."""
    found: dict[str, str] = {}
    for language in _FURTHER:
        for code, name in Locale.parse(language).territories.items():
            if code in _english():
                found.setdefault(_folded(name), str(code))
    return found


@cache
def _aliases() -> dict[str, str]:
    """Three-letter and numeric codes."""
    aliases = get_global("territory_aliases")
    return {old: new[0] for old, new in aliases.items() if len(old) == 3 and len(new) == 1}

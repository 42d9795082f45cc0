"""Country names and abbreviations in many languages, as ISO 3166 two-letter codes."""

import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global

_LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "ro",
    "nl",
    "pl",
    "sv",
    "da",
    "nb",
    "fi",
    "cs",
    "sk",
    "hu",
    "sl",
    "hr",
    "bg",
    "el",
    "tr",
    "ru",
    "uk",
    "et",
    "lv",
    "lt",
    "ca",
    "ja",
    "zh",
    "ko",
    "ar",
]
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


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("&", " and "))
    letters = (one if one.isalnum() else " " for one in text if not unicodedata.combining(one))
    return " ".join("".join(letters).casefold().split()).removeprefix("the ")


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    names = [str(code) for code in Locale.parse("en").territories]
    return frozenset(
        code for code in names if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    )


_NO_COUNTRIES = frozenset({"ZZ", "EU", "EZ", "UN", "QO", "XA", "XB"})


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if str(code) in _codes():
                found.setdefault(_folded(name), str(code))
    return found | _ALSO


@lru_cache(maxsize=1)
def _aliases() -> dict[str, str]:
    """Three-letter and numeric codes."""
    aliases = get_global("territory_aliases")
    return {old: new[0] for old, new in aliases.items() if len(old) == 3 and len(new) == 1}


@lru_cache(maxsize=4_096)
def country_code(name: str) -> str | None:
    """The two-letter code of a country written as a name, a code or a common short form."""
    plain = name.strip()
    upper = plain.upper().replace(".", "").strip()
    folded = _folded(plain)
    if folded in _ALSO:
        return _ALSO[folded]
    if len(upper) == 2 and upper in _codes():
        return upper
    if len(upper) == 3 and upper in _aliases():
        return _aliases()[upper]
    return _names().get(folded)

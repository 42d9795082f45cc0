"""Languages people speak, by their short codes (BCP 47)."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

COMMON = ("en", "es", "fr", "de", "it", "pt", "pl", "ru", "uk", "ar", "hi", "zh", "ja", "ko", "vi")


@lru_cache
def _named() -> dict[str, str]:
    """Every name and code, in small letters, to the code."""
    english = {code: name for code, name in Locale("en").languages.items() if code.isalpha()}
    own = {str(Locale(code).get_language_name(code)): code for code in COMMON}
    return {
        **{name.lower(): code for name, code in own.items()},
        **{name.lower(): code for code, name in english.items()},
        **{code: code for code in english},
    }


def read(text: str) -> str:
    """The code of a language given by its code or its name; "" for "". Raises `ValueError`."""
    said = " ".join(text.split())
    if not said:
        return ""
    found = _named().get(said.lower())
    if found:
        return found
    try:
        locale = Locale.parse(said[:20], sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        raise ValueError(f"“{said[:40]}” is no language we know: write English or en") from None
    return "-".join(part for part in (locale.language, locale.territory) if part)


def shown(code: str) -> str:
    """The English name: `Spanish`, `French (Canada)`; a code without one stands for itself.

    Babel names many more languages than it has a locale of.
    """
    language, _, place = code.partition("-")
    english = Locale("en")
    name = english.languages.get(language, language)
    return f"{name} ({english.territories.get(place, place)})" if place else name

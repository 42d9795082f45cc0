"""A language is found by its code or by its name."""

import pytest
from babel import Locale

from regulars.lib import languages


@pytest.mark.parametrize(
    ("said", "code", "shown"),
    [
        ("", "", ""),
        ("en", "en", "English"),
        ("Spanish", "es", "Spanish"),
        ("español", "es", "Spanish"),
        ("fr-CA", "fr-CA", "French (Canada)"),
        ("HAITIAN CREOLE", "ht", "Haitian Creole"),
        ("Hmong", "hmn", "Hmong"),
        ("es-419", "es-419", "Spanish (Latin America)"),
    ],
)
def test_a_language_is_read_and_shown(said: str, code: str, shown: str) -> None:
    assert languages.read(said) == code
    assert languages.shown(code) == shown


KNOWN = {code: name for code, name in Locale("en").languages.items() if code.isalpha()}


def test_every_language_that_is_read_is_shown() -> None:
    assert len(KNOWN) > 600
    assert {code: languages.shown(code) for code in KNOWN} == KNOWN
    assert {name: languages.shown(languages.read(name)) for name in KNOWN.values()} == {
        name: name for name in KNOWN.values()
    } | {"Ga": "Irish"}  # one that is called as another is coded


def test_what_is_kept_is_shown_whatever_it_is() -> None:
    assert languages.shown("zz-ZZ") == "zz (Unknown Region)"
    assert languages.shown("qqx") == "qqx"


@pytest.mark.parametrize("said", ["Klingonish", "x" * 300, "12", "../../etc", "e\u0300n"])
def test_anything_else_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="is no language"):
        languages.read(said)

"""A language is found by its code or by its name."""

import pytest

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
    ],
)
def test_a_language_is_read_and_shown(said: str, code: str, shown: str) -> None:
    assert languages.read(said) == code
    assert languages.shown(code) == shown


@pytest.mark.parametrize("said", ["Klingonish", "x" * 300, "12", "../../etc", "e\u0300n"])
def test_anything_else_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="is no language"):
        languages.read(said)

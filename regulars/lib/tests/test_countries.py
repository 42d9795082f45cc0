"""A country is found by its name in any language and by its codes, and shown in English."""

import pytest

from regulars.lib import countries


@pytest.mark.parametrize(
    ("name", "code"),
    [("Germany", "DE"), ("Deutschland", "DE"), ("Alemania", "DE"), ("UK", "GB"), ("U.S.A.", "US"),
     ("España", "ES"), ("Etats-Unis", "US"), ("Țările de Jos", "NL"), ("Brasil", "BR"),
     ("FRA", "FR"), ("Canada", "CA"), ("  united   states ", "US"), ("the Bahamas", "BS"),
     ("gb", "GB"), ("Mexico", "MX"), ("Atlantis", None), ("", None), ("ZZ", None), ("U", None)],
)  # fmt: skip
def test_countries_in_any_language(name: str, code: str | None) -> None:
    assert countries.find(" ".join(name.split())) == code


def test_every_country_that_is_offered_is_read_and_shown_as_it_is() -> None:
    assert len(countries.offered()) > 240
    for name in countries.offered():
        code = countries.read(name)
        assert countries.shown(code) == name
        assert countries.read(code) == countries.read(code.lower()) == code


def test_nothing_is_nothing_and_what_is_no_country_is_refused() -> None:
    assert countries.read(" ") == ""
    assert countries.shown("") == ""
    assert countries.shown("XQ") == "XQ"
    for said in ("Atlantis", "XQ", "1!", "x" * 300, "…"):
        with pytest.raises(ValueError, match="is no country we know: write Canada or CA"):
            countries.read(said)

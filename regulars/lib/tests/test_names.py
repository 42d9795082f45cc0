"""Names are kept as written and found as meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.lib import names


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Renée   Castellanos ", "Renée Castellanos"),
        ("Rene\u0301e", "Renée"),
        ("two\nlines\tand tabs", "two lines and tabs"),
        ("bell\x07 and nul\x00", "bell and nul"),
        ("half a pair \ud800", "half a pair"),
        ("李小龙", "李小龙"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("e\u200b\u0301te\u00ad\ufeff", "éte"),
        ("\u200d\u3164 \u2800\u200f", ""),
        ("👩\u200d👩\u200d👧 می\u200cخواهم", "👩\u200d👩\u200d👧 می\u200cخواهم"),
        ("", ""),
    ],
)
def test_the_clean_form_is_what_a_person_would_write(typed: str, kept: str) -> None:
    assert names.clean(typed) == kept


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Antonio Moreno Taquería", "antonio moreno taqueria"),
        ("O’Brien", "obrien"),
        ("O'Brien", "obrien"),
        ("Thibodeaux-Castellanos", "thibodeaux castellanos"),
        ("Łódź & Søn, Inc.", "lodz son inc"),
        ("STRAẞE", "strasse"),
        ("ﬁne", "fine"),
        ("𝐀na", "ana"),
        ("!?", ""),
    ],
)
def test_the_folded_form_forgives(name: str, folded: str) -> None:
    assert names.fold(name) == folded


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert names.clean(names.clean(text)) == names.clean(text)


@given(st.text(max_size=400))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)


def test_one_character_that_unfolds_into_many_does_not_take_long() -> None:
    assert len(names.fold("\ufdfa" * 100_000)) <= names.MAX_LENGTH


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mia Hollander", "MH"),
        ("ana", "A"),
        ("Ana Maria de Souza", "AS"),
        ("李小龙", "李"),
        ("", "?"),
        ("!!", "?"),
        ("“Bo” Berg", "B"),
    ],
)
def test_a_face_has_at_most_two_letters(name: str, letters: str) -> None:
    assert names.initials(name) == letters


def test_a_person_is_called_by_what_is_known() -> None:
    assert names.person("Renée", "") == "Renée"
    assert names.person("", "Castellanos") == "Castellanos"
    assert names.person("", "") == ""

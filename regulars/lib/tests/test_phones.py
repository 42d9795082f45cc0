"""Numbers are real in E.164 or just what was typed; nothing typed is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.lib import phones


@pytest.mark.parametrize(
    ("typed", "region", "e164"),
    [
        ("(734) 555-0162", "US", "+17345550162"),
        ("734.555.0162", "US", "+17345550162"),
        ("+1 734 555 0162", "DE", "+17345550162"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("+442079460958", "US", "+442079460958"),
        ("(5) 555-4729", "MX", ""),
        ("911", "US", ""),
        ("call me", "US", ""),
        ("", "US", ""),
        ("734 555 0162", "", ""),
    ],
)
def test_a_real_number_has_one_form(typed: str, region: str, e164: str) -> None:
    number = phones.read(typed, region)
    assert number.e164 == e164
    assert number.typed == " ".join(typed.split())


def test_digits_are_kept_of_what_is_no_real_number() -> None:
    assert phones.read("(5) 555-4729", "MX").digits == "55554729"
    assert phones.read("٧٣٤٥", "US").digits == "7345"


def test_an_extension_is_its_own_field() -> None:
    number = phones.read("(734) 555-0162 x 9", "US")
    assert (number.e164, number.extension) == ("+17345550162", "9")


@given(st.text(max_size=80), st.sampled_from(["US", "DE", "MX", "", "XX"]))
def test_anything_can_be_read(text: str, region: str) -> None:
    number = phones.read(text, region)
    assert len(number.typed) <= phones.MAX_LENGTH
    assert "\x00" not in number.typed
    assert number.digits == "" or number.digits.isascii()


@pytest.mark.parametrize(
    ("e164", "region", "shown"),
    [
        ("+17345550162", "US", "(734) 555-0162"),
        ("+17345550162", "DE", "+1 734-555-0162"),
        ("+442079460958", "US", "+44 20 7946 0958"),
        ("", "US", ""),
    ],
)
def test_a_number_is_shown_as_one_writes_it_at_home(e164: str, region: str, shown: str) -> None:
    assert phones.shown(e164, region) == shown


def test_an_extension_is_shown_and_read_back() -> None:
    said = phones.shown("+17345552938", extension="12")
    assert said == "(734) 555-2938 ext. 12"
    assert phones.read(said) == phones.Number(said, "+17345552938", "17345552938", "12")

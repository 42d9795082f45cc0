import pytest

from regulars.lib.numbers import whole


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("0", 0),
        ("0017", 17),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 5_000, None),
        ("", None),
        ("-1", None),
        ("1.0", None),
        (" 1", None),
        ("٣", None),
        ("²", None),
        ("x", None),
    ],
)
def test_digits_are_a_number_as_long_as_a_row_can_have_it(said: str, number: int | None) -> None:
    assert whole(said) == number

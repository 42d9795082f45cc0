"""What may be said in a custom field, by kind."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers.custom import values
from regulars.customers.custom.values import Definition


def a(kind: str, *choices: str) -> Definition:
    return Definition(1, "boat", "Boat", kind, choices)


@pytest.mark.parametrize(
    ("field", "said", "value"),
    [
        (a("text"), "  A  red\tone ", "A red one"),
        (a("text"), "   ", None),
        (a("text"), None, None),
        (a("text"), 12, "12"),
        (a("number"), "1,250.50", Decimal("1250.5")),
        (a("number"), "-3", Decimal(-3)),
        (a("number"), 24.5, Decimal("24.5")),
        (a("number"), "1e3", Decimal(1000)),
        (a("date"), "2026-11-30", date(2026, 11, 30)),
        (a("date"), "11/30/2026", date(2026, 11, 30)),
        (a("choice", "Red", "Café"), "cafe", "Café"),
        (a("yes_no"), "Yes", True),
        (a("yes_no"), False, False),
        (a("yes_no"), "0", False),
        (a("link"), "example.com/a", "https://example.com/a"),
        (a("link"), "http://example.com", "http://example.com"),
    ],
)
def test_a_value_is_read(field: Definition, said: object, value: values.Value) -> None:
    assert values.read(field, said) == value


@pytest.mark.parametrize(
    ("field", "said", "why"),
    [
        (a("text"), "x" * 501, "longer than"),
        (a("text"), ["x"], "must be text"),
        (a("text"), True, "must be text"),
        (a("number"), "many", "not a number"),
        (a("number"), "NaN", "digits"),
        (a("number"), float("inf"), "digits"),
        (a("number"), "1e400", "trillion"),
        (a("number"), "1234567890123456", "digits"),
        (a("number"), "0.1234567", "decimals"),
        (a("number"), True, "not a number"),
        (a("date"), "31/12/2026", "no such day"),
        (a("date"), "2026-02-30", "no such day"),
        (a("date"), "soon", "Write the day"),
        (a("date"), 20261130, "Write the day"),
        (a("choice", "Red", "Blue"), "green", "one of Red, Blue"),
        (a("yes_no"), "perhaps", "yes or no"),
        (a("link"), "javascript:alert(1)", "begins with"),
        (a("link"), "https://", "begins with"),
        (a("link"), "https://a b.example", "begins with"),
        (a("link"), "https://[", "begins with"),
    ],
)
def test_anything_else_is_refused_in_words(field: Definition, said: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        values.read(field, said)


KINDS: list[tuple[Definition, Any]] = [
    (a("text"), st.text(min_size=1, max_size=200)),
    (
        a("number"),
        st.decimals(min_value=-(10**8), max_value=10**8, places=6, allow_nan=False),
    ),
    (a("date"), st.dates()),
    (a("choice", "Red", "Blue"), st.sampled_from(["Red", "Blue"])),
    (a("yes_no"), st.booleans()),
]


@given(st.data())
def test_what_is_kept_is_given_back_and_read_again(data: st.DataObject) -> None:
    field, said = data.draw(st.sampled_from(KINDS))
    value = values.read(field, data.draw(said))
    assert values.kept(field, values.columns(value)) == value
    assert values.read(field, values.typed(value)) == value
    assert values.read(field, values.given(value)) == value


def test_it_is_shown_in_words() -> None:
    said = ["Red", Decimal("1250.5"), date(2026, 11, 30), True, False, None]
    assert [values.shown(one) for one in said] == [  # type: ignore[arg-type]
        "Red",
        "1,250.5",
        "Nov 30, 2026",
        "Yes",
        "No",
        "",
    ]

"""Dates as people write them, and the order that a column settles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.imports.reading.dates import NotADate, guess_order, read_date, read_moment


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-04-03", "2026-04-03T00:00:00"),
        ("1996-07-04 00:00:00.000", "1996-07-04T00:00:00"),
        ("2026-04-03T10:05:06Z", "2026-04-03T10:05:06+00:00"),
        ("2026-04-03 10:05 +02:00", "2026-04-03T10:05:00+02:00"),
        ("20260403", "2026-04-03T00:00:00"),
        ("03/04/2026", "2026-04-03T00:00:00"),
        ("3.4.26", "2026-04-03T00:00:00"),
        ("3. 4. 1999", "1999-04-03T00:00:00"),
        ("03-04-2026 2:05 PM", "2026-04-03T14:05:00"),
        ("3 April 2026", "2026-04-03T00:00:00"),
        ("April 3rd, 2026", "2026-04-03T00:00:00"),
        ("3-Apr-26", "2026-04-03T00:00:00"),
        ("3. März 2026", "2026-03-03T00:00:00"),
        ("3 de abril de 2026", "2026-04-03T00:00:00"),
        ("1er août 2025", "2025-08-01T00:00:00"),
        ("Fri, 3 Apr 2026 10:05:00", "2026-04-03T10:05:00"),
        ("46115", "2026-04-03T00:00:00"),
        ("1775210700", "2026-04-03T10:05:00+00:00"),
        ("1775210700000", "2026-04-03T10:05:00+00:00"),
        ("٠٣/٠٤/٢٠٢٦", "2026-04-03T00:00:00"),
    ],
)
def test_a_date_is_read(text: str, iso: str) -> None:
    assert read_date(text).isoformat() == iso


@pytest.mark.parametrize(
    ("text", "is_day"),
    [
        ("2026-04-03", True), ("3. April 2026", True), ("46115", True), ("46115.5", False),
        ("1996-07-04 00:00:00.000", True), ("2026-04-03 00:00:00Z", False),
        ("2026-04-03 0:00", False), ("2026-04-03 10:05:00", False), ("1775210700", False),
    ],
)  # fmt: skip
def test_a_day_without_a_time_of_day_is_one(text: str, is_day: bool) -> None:
    assert read_moment(text).is_day is is_day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2024", "no 31 February 2024"),
        ("29.02.2023", "no 29 February"),
        ("00/00/2024", "no month 0"),
        ("0000-00-00", "year 0"),
        ("2024-13-01", "no month 13"),
        ("04/13/2024", "no month 13: this column is read day first"),
        ("12:00", "not a date"),
        ("NaN", "not a date"),
        ("1e400", "not a date"),
        ("soon", "not a date"),
        ("3 Foo 2024", "not a date"),
        ("2024-04-03 25:00", "time of day"),
    ],
)
def test_a_date_that_cannot_be_says_why(text: str, reason: str) -> None:
    with pytest.raises(NotADate, match=reason):
        read_date(text)


@pytest.mark.parametrize(
    ("values", "order", "certain"),
    [
        (["03/04/2026", "13/04/2026"], "day", True),
        (["03/04/2026", "04/13/2026"], "month", True),
        (["03/04/2026", "05/06/2026"], "day", False),
        (["03.04.2026"], "day", True),
        (["2026-04-03"], "day", True),
        (["04/13/2026", "04/14/2026", "13/04/2026"], "month", True),
        (["05/05/2026"], "day", True),
    ],
)
def test_the_order_is_settled_by_all_values(values: list[str], order: str, certain: bool) -> None:
    guess = guess_order(values)
    assert (guess.order, guess.certain) == (order, certain)


def test_the_guess_is_said_with_an_example() -> None:
    assert guess_order(["03/04/2026", "13/04/2026"]).sentence == "“03/04/2026” read as 3 April 2026"
    assert "no value in the column settles it" in guess_order(["03/04/2026"]).sentence


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2099, 12, 31)))
def test_both_orders_read_back_what_they_wrote(day: object) -> None:
    for order, form in (("day", "%d/%m/%Y"), ("month", "%m/%d/%Y")):
        assert read_date(day.strftime(form), order).date() == day  # type: ignore[attr-defined,arg-type]

"""Times as people say them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from regulars.criteria import when
from regulars.criteria.when import Ago, Period, When

NOW = datetime(2026, 11, 18, 12, 30, tzinfo=UTC)  # a Wednesday
ZONE = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("words", "value", "used"),
    [
        ("7 days ago", Ago(7, "day"), 3),
        ("7 days", Ago(7, "day"), 2),
        ("7d ago", Ago(7, "day"), 2),
        ("1 Day ago", Ago(1, "day"), 3),
        ("90min", Ago(90, "minute"), 1),
        ("6m", Ago(6, "month"), 1),
        ("last 7 days", Ago(7, "day"), 3),
        ("the last 3 months and", Ago(3, "month"), 4),
        ("past hour", Ago(1, "hour"), 2),
        ("last month", Period("last", "month"), 2),
        ("this week or", Period("this", "week"), 2),
        ("next quarter", Period("next", "quarter"), 2),
        ("next 7 days", Period("next", "day", 7), 3),
        ("the next 3w and", Period("next", "week", 3), 3),
        ("next one month", Period("next", "month", 1), 3),
        ("TODAY", Period("this", "day"), 1),
        ("yesterday", Period("last", "day"), 1),
        ("2026-11-01", date(2026, 11, 1), 1),
    ],
)
def test_times_are_read(words: str, value: When, used: int) -> None:
    assert when.read(words.split()) == (value, used)


@pytest.mark.parametrize(
    "words",
    ["", "the", "soon", "last", "this 7 days", "next hour", "next 3 hours", "next 0 days", "7",
     "days", "7 lions", "-7 days", "2026-13-01", "2026-02-30", "20261101", "01-11-2026",
     "٢٠٢٦-١١-٠١", "٧ days", "this minute"],
)  # fmt: skip
def test_what_is_no_time_is_not_read(words: str) -> None:
    assert when.read(words.split()) is None


@pytest.mark.parametrize(
    "words",
    [
        "101 years",
        "next 101 years",
        "9999999999999 days",
        "1" * 4000 + "d",
        "0001-01-01",
        "9999-12-31",
    ],
)
def test_times_too_far_off_are_refused(words: str) -> None:
    with pytest.raises(OverflowError):
        when.read(words.split())


@pytest.mark.parametrize("value", [Ago(7, "day"), Ago(1, "year"), Ago(0, "minute")])
def test_an_age_reads_back_in_both_spellings(value: Ago) -> None:
    assert when.read(str(value).split()) == (value, 3)
    assert when.read([value.short]) == (value, 1)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        (Period("this", "day"), date(2026, 11, 18), date(2026, 11, 18)),
        (Period("last", "day"), date(2026, 11, 17), date(2026, 11, 17)),
        (Period("this", "week"), date(2026, 11, 16), date(2026, 11, 22)),
        (Period("last", "week"), date(2026, 11, 9), date(2026, 11, 15)),
        (Period("this", "month"), date(2026, 11, 1), date(2026, 11, 30)),
        (Period("next", "month"), date(2026, 12, 1), date(2026, 12, 31)),
        (Period("this", "quarter"), date(2026, 10, 1), date(2026, 12, 31)),
        (Period("next", "quarter"), date(2027, 1, 1), date(2027, 3, 31)),
        (Period("last", "year"), date(2025, 1, 1), date(2025, 12, 31)),
        (Period("next", "day", 7), date(2026, 11, 18), date(2026, 11, 25)),
        (Period("next", "week", 2), date(2026, 11, 18), date(2026, 12, 2)),
        (Period("next", "month", 3), date(2026, 11, 18), date(2027, 2, 18)),
        (Period("next", "quarter", 1), date(2026, 11, 18), date(2027, 2, 18)),
        (Period("next", "year", 1), date(2026, 11, 18), date(2027, 11, 18)),
        (date(2026, 11, 3), date(2026, 11, 3), date(2026, 11, 3)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(value: Period | date, first: date, last: date) -> None:
    assert when.days(value, NOW.date()) == (first, last)


def test_months_ago_keep_the_day_or_the_last_of_the_month() -> None:
    on_the_31st = datetime(2026, 5, 31, 20, tzinfo=UTC)
    assert when.instant(Ago(3, "month"), on_the_31st, UTC) == datetime(2026, 2, 28, 20, tzinfo=UTC)
    assert when.instant(Ago(1, "year"), NOW, UTC) == NOW.replace(year=2025)
    assert when.instant(Ago(36, "hour"), NOW, UTC) == NOW - timedelta(hours=36)


def test_a_day_is_the_askers_day() -> None:
    edges = when.bounds("=", date(2026, 11, 1), NOW, ZONE)  # clocks go back that night
    assert edges == [
        ("gte", datetime(2026, 11, 1, 7, tzinfo=UTC)),
        ("lt", datetime(2026, 11, 2, 8, tzinfo=UTC)),
    ]

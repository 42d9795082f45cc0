"""Times, counts and lists are said the way a colleague would say them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from regulars.ui import wording

NOW = datetime(2026, 11, 17, 15, 42, tzinfo=UTC)
DETROIT = ZoneInfo("America/Detroit")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "Today 9:42"),
        (timedelta(hours=10, minutes=42), "Today 0:00"),
        (timedelta(hours=10, minutes=43), "Mon 23:59"),
        (timedelta(days=6), "Wed 10:42"),
        (timedelta(days=7), "10 Nov"),
        (timedelta(days=400), "13 Oct 2025"),
        (-timedelta(minutes=3), "in 3 min"),
        (-timedelta(hours=2), "Today 12:42"),
        (-timedelta(days=4), "Sat 10:42"),
        (-timedelta(days=50), "6 Jan 2027"),
    ],
)
def test_a_moment_is_said_in_the_shortest_sure_way(before: timedelta, said: str) -> None:
    assert wording.ago(NOW - before, NOW, DETROIT) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "1 min"),
        (0, "1 min"),
        (119, "1 min"),
        (41 * 60, "41 min"),
        (72 * 60, "1 h 12"),
        (65 * 60, "1 h 05"),
        (5 * 3600, "5 h"),
        (24 * 3600, "1 day"),
        (74 * 24 * 3600, "74 days"),
    ],
)
def test_a_wait_is_said_as_a_clock_would_count_it(seconds: int, said: str) -> None:
    assert wording.span(seconds) == said


def test_the_exact_time_is_in_the_viewers_zone() -> None:
    assert wording.exact(NOW, DETROIT) == "Tue 17 Nov 2026, 10:42"
    assert wording.exact(NOW, ZoneInfo("Asia/Kolkata")) == "Tue 17 Nov 2026, 21:12"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 17), "Today"),
        (date(2026, 11, 16), "Yesterday"),
        (date(2026, 11, 18), "Tomorrow"),
        (date(2026, 11, 14), "Saturday 14 November"),
        (date(2025, 12, 31), "Wednesday 31 December 2025"),
    ],
)
def test_a_day_header_says_the_day(day: date, said: str) -> None:
    assert wording.day(day, date(2026, 11, 17)) == said


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("customer",), "0 customers"),
        (1, ("customer",), "1 customer"),
        (2000, ("customer",), "2,000 customers"),
        (2, ("person is", "people are"), "2 people are"),
    ],
)
def test_counts_agree_with_their_noun(count: int, words: tuple[str, ...], said: str) -> None:
    assert wording.plural(count, *words) == said


def test_lists_read_as_a_sentence() -> None:
    assert wording.listed([]) == ""
    assert wording.listed(["Ana"]) == "Ana"
    assert wording.listed(["Ana", "Ben"]) == "Ana and Ben"
    assert wording.listed(["Ana", "Ben", "Mia"], "or") == "Ana, Ben or Mia"


def test_a_capped_count_says_that_there_are_more() -> None:
    assert wording.capped(1000, 1000) == "1,000"
    assert wording.capped(1001, 1000) == "1,000+"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (7, "7"), (1_000, "1,000"), (1_001, "1,000+"), (10_049, "about 10,000"),
        (12_345, "about 12,300"), (123_456, "about 123,000"), (999_499, "about 999,000"),
        (999_500, "about 1.0 M"), (10_012_345, "about 10.0 M"),
    ],
)  # fmt: skip
def test_what_was_not_counted_is_said_roughly(count: int, said: str) -> None:
    assert wording.roughly(count, 1_000) == said

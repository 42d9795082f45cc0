"""Response times, on paper."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from regulars.desk.pace import pace, spoken

NOW = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)


def answered(days_ago: float, minutes: float) -> tuple[datetime, datetime]:
    at = NOW - timedelta(days=days_ago)
    return at - timedelta(minutes=minutes), at


def test_two_answers_are_too_few_to_say_anything() -> None:
    assert pace([answered(1, 4), answered(2, 6)], NOW, UTC) is None


def test_the_median_is_that_of_all_answers_of_fourteen_days() -> None:
    found = pace([answered(0, 2), answered(1, 4), answered(2, 90), answered(40, 9)], NOW, UTC)
    assert found is not None
    assert (found.minutes, found.answers, len(found.days)) == (4, 3, 14)


def test_a_day_without_an_answer_is_drawn_flat_and_the_slowest_fills_the_height() -> None:
    found = pace([answered(0, 10), answered(1, 5), answered(3, 5)], NOW, UTC)
    assert found is not None
    bars = found.bars
    assert len(bars) == 14
    assert bars[-1] == (131, 0.0, 44.0, True)
    assert bars[-2] == (121, 22.0, 22.0, False)
    assert bars[-3][2] == 1.0


def test_a_day_is_the_readers_day() -> None:
    late_evening = datetime(2026, 11, 17, 3, 0, tzinfo=UTC)  # still the 16th in Detroit
    found = pace([(late_evening, late_evening)] * 3, NOW, ZoneInfo("America/Detroit"))
    assert found is not None
    assert [day.on.day for day in found.days if day.minutes is not None] == [16]


@pytest.mark.parametrize(
    ("before", "lately", "said"),
    [
        (11, 4, "Down from 11 min the week before."),
        (4, 11, "Up from 4 min the week before."),
        (4, 4.2, "The same as the week before."),
    ],
)
def test_the_trend_compares_two_weeks(before: float, lately: float, said: str) -> None:
    weeks = [answered(10, before)] * 3 + [answered(2, lately)] * 3
    found = pace(weeks, NOW, UTC)
    assert found is not None
    assert found.trend == said


def test_without_a_week_before_there_is_no_trend() -> None:
    found = pace([answered(1, 5)] * 3, NOW, UTC)
    assert found is not None
    assert found.trend == ""


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.2, "under a minute"),
        (4, "4 min"),
        (72, "1 h 12"),
        (120, "2 h"),
        (24 * 60, "1 day"),
        (3 * 24 * 60, "3 days"),
    ],
)
def test_a_span_is_spoken_shortly(minutes: float, said: str) -> None:
    assert spoken(minutes) == said

"""The ageing of 000-08 to 000-11 on a clock that stands still."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.timeline.freshness import Ageing, Freshness, freshness

ASKED = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
GREEN, ORANGE, RED, GRAY = Freshness


@pytest.mark.parametrize(
    ("minutes", "seconds", "colour"),
    [
        (0, 0, GREEN),
        (0, 1, GREEN),
        (4, 59, GREEN),
        (5, 0, GREEN),
        (5, 1, ORANGE),
        (15, 0, ORANGE),
        (15, 1, ORANGE),
        (30, 0, ORANGE),
        (30, 1, RED),
        (60, 0, RED),
        (60 * 24 * 400, 0, RED),
    ],
)
def test_the_colour_follows_the_wait(minutes: int, seconds: int, colour: Freshness) -> None:
    now = ASKED + timedelta(minutes=minutes, seconds=seconds)
    assert freshness(ASKED, now) is colour


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=31), timedelta(days=900)])
def test_who_does_not_wait_is_gray_for_ever(later: timedelta) -> None:
    assert freshness(None, ASKED + later) is GRAY


def test_a_clock_that_runs_behind_is_still_green() -> None:
    assert freshness(ASKED, ASKED - timedelta(minutes=2)) is GREEN


@pytest.mark.parametrize(
    ("minutes", "colour"), [(10, GREEN), (11, ORANGE), (20, ORANGE), (21, RED)]
)
def test_thresholds_are_a_setting(minutes: int, colour: Freshness) -> None:
    patient = Ageing(green_for=timedelta(minutes=10), orange_for=timedelta(minutes=20))
    assert freshness(ASKED, ASKED + timedelta(minutes=minutes), patient) is colour

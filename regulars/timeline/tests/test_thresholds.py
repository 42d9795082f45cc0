"""The company decides how long is too long."""

from datetime import timedelta

from pytest_django import Settings

from regulars.timeline.freshness import Ageing
from regulars.timeline.thresholds import ageing


def test_unless_said_otherwise_it_is_five_and_thirty_minutes() -> None:
    assert ageing() == Ageing(timedelta(minutes=5), timedelta(minutes=30))


def test_the_settings_move_both_limits(settings: Settings) -> None:
    settings.GREEN_MINUTES, settings.ORANGE_MINUTES = 2, 10
    assert ageing() == Ageing(timedelta(minutes=2), timedelta(minutes=10))

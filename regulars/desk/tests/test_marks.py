"""The mark of a row, at the seconds where it turns."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.desk.marks import mark
from regulars.timeline.freshness import Ageing, Freshness

NOW = datetime(2026, 11, 17, 10, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("waited", "state"),
    [
        (timedelta(0), Freshness.GREEN),
        (timedelta(minutes=5), Freshness.GREEN),
        (timedelta(minutes=5, seconds=1), Freshness.ORANGE),
        (timedelta(minutes=30), Freshness.ORANGE),
        (timedelta(minutes=30, seconds=1), Freshness.RED),
    ],
)
def test_a_mark_says_its_colour_and_when_it_will_turn(waited: timedelta, state: Freshness) -> None:
    since = NOW - waited
    found = mark(since, NOW, NOW, Ageing())
    assert (found.state, found.at, found.waits) == (state, since, True)
    assert found.warm_at == since + timedelta(minutes=5)
    assert found.late_at == since + timedelta(minutes=30)


def test_somebody_who_does_not_wait_is_gray_since_the_last_activity() -> None:
    before = NOW - timedelta(days=2)
    found = mark(None, before, NOW, Ageing())
    assert (found.state, found.at, found.waits) == (Freshness.GRAY, before, False)
    assert found.warm_at is found.late_at is None

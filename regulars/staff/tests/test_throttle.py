"""The rule of waiting: a table of tries and what each next one must wait."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.staff.sign_in import throttle
from regulars.staff.sign_in.throttle import ACCOUNT, ADDRESS, Limit, Tries

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("limit", "count", "seconds"),
    [
        (ACCOUNT, 0, 0),
        (ACCOUNT, 1, 0),
        (ACCOUNT, 2, 0),
        (ACCOUNT, 3, 1),
        (ACCOUNT, 4, 2),
        (ACCOUNT, 5, 4),
        (ACCOUNT, 9, 64),
        (ACCOUNT, 10, 3600),
        (ACCOUNT, 11, 3600),
        (ADDRESS, 29, 0),
        (ADDRESS, 30, 600),
    ],
)
def test_each_try_doubles_the_pause_until_the_door_closes(
    limit: Limit, count: int, seconds: int
) -> None:
    tries = Tries(count, NOW, NOW)
    assert throttle.wait(tries, limit, NOW) == timedelta(seconds=seconds)
    assert throttle.wait(tries, limit, NOW + timedelta(seconds=seconds)) == timedelta()


def test_a_first_try_never_waits() -> None:
    assert throttle.wait(None, ACCOUNT, NOW) == timedelta()


def test_after_a_rest_the_tally_starts_afresh() -> None:
    old = Tries(10, NOW - timedelta(hours=2), NOW - timedelta(hours=1))
    assert throttle.another(old, ACCOUNT, NOW) == Tries(1, NOW, NOW)
    young = Tries(4, NOW - timedelta(hours=2), NOW - timedelta(minutes=59))
    assert throttle.another(young, ACCOUNT, NOW).count == 5


def test_no_hour_ever_holds_more_than_ten_tries_at_one_account() -> None:
    """Whoever tries again at the very moment it is allowed, for three days."""
    at, tries, heard = NOW, None, []
    while at < NOW + timedelta(days=3):
        at += throttle.wait(tries, ACCOUNT, at)
        tries = throttle.another(tries, ACCOUNT, at)
        heard.append(at)
    for first in heard:
        assert sum(first <= t < first + timedelta(hours=1) for t in heard) <= 10


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (1, "1 second"),
        (59.1, "1 minute"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (3600, "60 minutes"),
    ],
)
def test_the_wait_is_said_so_that_waiting_that_long_is_enough(seconds: float, words: str) -> None:
    assert throttle.said(timedelta(seconds=seconds)) == words

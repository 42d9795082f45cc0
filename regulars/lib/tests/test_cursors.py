"""Cursors: what was put in comes out, and nothing else is let in."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.lib.cursors import BadCursor, decode, encode

AT = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)


def made_of(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@given(
    st.text().filter(lambda t: "\x00" not in t and t.isprintable()),
    st.integers(0, 2**63 - 1),
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
)
def test_what_was_put_in_comes_out(text: str, number: int, at: datetime) -> None:
    cursor = encode(text, number, at)
    assert cursor.isascii()
    assert decode(cursor, str, int, datetime) == [text, number, at]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "é",
        "=",
        "W10",
        made_of({}),
        made_of(5),
        made_of([1]),
        made_of(["a", "b"]),
        made_of([AT.isoformat(), -1]),
        made_of([AT.isoformat(), 2**63]),
        made_of([AT.isoformat(), True]),
        made_of([AT.isoformat(), 1.5]),
        made_of([AT.replace(tzinfo=None).isoformat(), 1]),
        made_of(["0001-01-01T00:00:00+14:00", 1]),
        made_of(["9999-12-31T23:59:59-14:00", 1]),
        made_of([5, 1]),
        encode(AT, 1, 2),
        "A" * 100_000,
        base64.urlsafe_b64encode(b"[" * 50_000).decode(),
    ],
    ids=lambda cursor: cursor[:30],
)
def test_nothing_else_is_let_in(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode(cursor, datetime, int)


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_text_that_the_database_cannot_hold_is_not_let_in(text: str) -> None:
    with pytest.raises(BadCursor):
        decode(made_of([text]), str)


def test_another_zone_is_the_same_moment() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=-5)))
    assert decode(encode(elsewhere, 1), datetime, int) == [AT, 1]


@pytest.mark.parametrize("zone", [timedelta(hours=23, minutes=59), timedelta(seconds=30.5)])
def test_a_zone_that_the_database_does_not_know_arrives_in_utc(zone: timedelta) -> None:
    (at,) = decode(encode(AT.astimezone(timezone(zone))), datetime)
    assert (at, at.tzinfo) == (AT, UTC)

"""Days and times are read in the reader's zone; nonsense and the future get a sentence."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from regulars.lib import moments

DETROIT = ZoneInfo("America/Detroit")
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-01", datetime(2026, 11, 2, 4, 59, 59, 999999, tzinfo=UTC)),
        ("2026-11-23", NOW),
        ("2026-11-02T10:00", datetime(2026, 11, 2, 15, tzinfo=UTC)),
        (" 2026-11-02 10:00:05 ", datetime(2026, 11, 2, 15, 0, 5, tzinfo=UTC)),
        ("2026-11-02T10:00Z", datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ("2026-11-02T10:00+02:00", datetime(2026, 11, 2, 8, tzinfo=UTC)),
        ("2026-11-02T10:00:00.123456 02:00", datetime(2026, 11, 2, 8, 0, 0, 123456, tzinfo=UTC)),
        ("2026-11-23T09:30", NOW),
    ],
)
def test_a_moment_is_read(text: str, meant: datetime) -> None:
    assert moments.read(text, zone=DETROIT, now=NOW) == meant


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2026-13-01", "2026-11-01T25:00", "0001-01-01", "9999-12-31T23:59-12:00",
        "1899-12-31", "2026-11-01\x00", "١٢", "T10:00", "2026-11-01T10:00+99:00", "NaN",
    ],
)  # fmt: skip
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Write a day or a time|future"):
        moments.read(text, zone=DETROIT, now=NOW)


@pytest.mark.parametrize("zone", ["-23:59", "+23:59:59.5", "+05:30"])
def test_a_zone_that_the_database_does_not_know_is_read_too(zone: str) -> None:
    at = moments.read(f"2026-11-02T10:00{zone}", zone=DETROIT, now=NOW)
    assert at == datetime.fromisoformat(f"2026-11-02T10:00{zone}")
    assert at.tzinfo is UTC


@pytest.mark.parametrize("text", ["2026-11-24", "2027-01-01", "2026-11-23T14:30:01Z", "9999-12-31"])
def test_what_is_to_come_is_not_known(text: str) -> None:
    with pytest.raises(ValueError, match="future"):
        moments.read(text, zone=DETROIT, now=NOW)


def test_the_end_of_today_is_now_whatever_the_zone() -> None:
    east = ZoneInfo("Asia/Tokyo")
    assert moments.read("2026-11-23", zone=east, now=NOW) == NOW
    assert moments.read("2026-11-22", zone=east, now=NOW) < NOW - timedelta(hours=20)

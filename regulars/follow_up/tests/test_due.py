"""When something is due, and what that means right now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers.models import Customer
from regulars.follow_up.due import OVER_AFTER, Due, When, read
from regulars.follow_up.models import Task
from regulars.follow_up.queries import standing

DETROIT, TOKYO, AUCKLAND = map(ZoneInfo, ("America/Detroit", "Asia/Tokyo", "Pacific/Auckland"))
SAMOA = ZoneInfo("Pacific/Pago_Pago")
# Half past nine in the evening of the 26th in Detroit, noon of the 27th in Tokyo.
NOW = datetime(2026, 11, 27, 2, 30, tzinfo=UTC)


def on(day: int) -> Due:
    return Due(on=date(2026, 11, day))


def at(day: int, hour: int, minute: int = 0) -> Due:
    return Due(at=datetime(2026, 11, day, hour, minute, tzinfo=UTC))


@pytest.mark.parametrize(
    ("due", "zone", "stands"),
    [
        (Due(), DETROIT, When.NO_DATE),
        # A day is the day of whoever looks, and has time until it is over.
        (on(25), DETROIT, When.OVERDUE),
        (on(26), DETROIT, When.TODAY),
        (on(26), TOKYO, When.OVERDUE),
        (on(27), DETROIT, When.UPCOMING),
        (on(27), TOKYO, When.TODAY),
        (on(28), TOKYO, When.UPCOMING),
        # A moment is the same for everybody; only whether it is today is not.
        (at(27, 2, 29), DETROIT, When.OVERDUE),
        (at(27, 2, 29), TOKYO, When.OVERDUE),
        (at(27, 2, 30), DETROIT, When.TODAY),
        (at(27, 4, 59), DETROIT, When.TODAY),
        (at(27, 5), DETROIT, When.UPCOMING),
        (at(27, 5), TOKYO, When.TODAY),
        (at(27, 15), TOKYO, When.UPCOMING),
    ],
)
def test_how_a_due_date_stands(due: Due, zone: ZoneInfo, stands: When) -> None:
    assert due.stands(NOW, zone) is stands


def test_a_day_when_the_clocks_change_ends_at_midnight() -> None:
    night = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)  # half past midnight of a day of 25 hours
    assert Due(on=date(2026, 11, 1)).stands(night, DETROIT) is When.TODAY
    assert Due(on=date(2026, 11, 1)).stands(night + timedelta(hours=24), DETROIT) is When.TODAY
    assert Due(on=date(2026, 11, 1)).stands(night + timedelta(hours=25), DETROIT) is When.OVERDUE


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("", Due()),
        (" 2026-11-26 ", on(26)),
        ("2026-11-26T10:00", at(26, 15)),
        ("2026-11-26T10:00:00Z", at(26, 10)),
        ("2026-11-26T10:00-08:00", at(26, 18)),
        ("2026-03-08T02:30", Due(at=datetime(2026, 3, 8, 7, 30, tzinfo=UTC))),  # skipped in spring
    ],
)
def test_what_is_written_is_read(text: str, due: Due) -> None:
    assert read(text, DETROIT) == due


WRONG = ("soon", "2026-02-30", "1999-12-31", "2200-01-01", "2026-11-26T25:00", "T10:00",
         "0001-01-01T00:00+14:00")  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_day_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(Write|Choose) a day"):
        read(text, DETROIT)


ZONES = st.sampled_from([UTC, DETROIT, TOKYO, AUCKLAND, SAMOA, ZoneInfo("Pacific/Kiritimati")])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
NEAR = st.integers(-100, 100)


@given(now=MOMENTS, hours=NEAR, zone=ZONES)
def test_no_day_is_over_later_than_lists_know(now: datetime, hours: int, zone: ZoneInfo) -> None:
    due = Due(on=(now + timedelta(hours=hours)).date())
    assert due.by is not None
    stands = due.stands(now, zone)
    if stands is When.OVERDUE:
        assert due.by < now + OVER_AFTER
    else:
        assert due.by >= now


@pytest.mark.django_db
def test_lists_and_the_rule_agree(make_customer: Any) -> None:
    who: Customer = make_customer("Rita Moss")
    dues = [Due(), *(on(day) for day in range(23, 31))]
    dues += [at(day, hour, minute) for day in (26, 27, 28) for hour in range(0, 24, 2)
             for minute in (29, 30)]  # fmt: skip
    Task.objects.bulk_create(
        Task(customer=who, title="T", due_on=d.on, due_at=d.at, due_by=d.by) for d in dues
    )
    for zone in (DETROIT, TOKYO, AUCKLAND, SAMOA, UTC):
        for now in (NOW, NOW + timedelta(hours=7), NOW + timedelta(hours=19)):
            for when in When:
                found = Task.objects.filter(standing(when, now, zone))
                wanted = [t for t in Task.objects.all() if t.due.stands(now, zone) is when]
                assert set(found) == set(wanted), (when, zone, now)

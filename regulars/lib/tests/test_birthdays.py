"""Birthdays are read as people write them, with or without a year."""

from datetime import date

import pytest

from regulars.lib import birthdays


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("1980-05-04", "1980-05-04"),
        ("--05-04", "--05-04"),
        ("--0504", None),
        ("May 4", "--05-04"),
        ("4 May", "--05-04"),
        ("May 4, 1980", "1980-05-04"),
        ("4. May 1980", "1980-05-04"),
        ("5/4/1980", "1980-05-04"),
        ("5/4", "--05-04"),
        ("2/29", "--02-29"),
        ("2000-02-29", "2000-02-29"),
        ("2001-02-29", None),
        ("13/1", None),
        ("May", None),
        ("someday", None),
        ("1812-05-04", None),
        ("٤/٥", "--04-05"),
        ("9" * 400, None),
    ],
)
def test_a_birthday_is_read_or_refused(typed: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(ValueError, match=r".+"):
            birthdays.read(typed)
    else:
        assert birthdays.read(typed) == kept


def test_it_is_shown_in_words() -> None:
    assert [birthdays.shown(k) for k in ("", "--05-04", "1980-05-04")] == [
        "",
        "May 4",
        "May 4, 1980",
    ]


@pytest.mark.parametrize(
    ("kept", "today", "coming"),
    [
        ("--05-04", date(2026, 5, 4), date(2026, 5, 4)),
        ("1980-05-04", date(2026, 5, 5), date(2027, 5, 4)),
        ("--02-29", date(2026, 2, 1), date(2026, 2, 28)),
        ("--02-29", date(2028, 2, 1), date(2028, 2, 29)),
        ("", date(2026, 2, 1), None),
    ],
)
def test_the_next_one_is_found(kept: str, today: date, coming: date | None) -> None:
    assert birthdays.next_on(kept, today) == coming

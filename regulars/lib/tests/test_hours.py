"""Working hours are read forgivingly and kept in one form."""

from datetime import datetime

import pytest

from regulars.lib import hours


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("Mon-Fri 9-18", "Mon–Fri 9–18"),
        ("monday – friday 9:00 – 18:30, sat 10-14", "Mon–Fri 9–18:30, Sat 10–14"),
        ("mon 9am-5pm", "Mon 9–17"),
        ("Sat-Mon 8-12", "Mon 8–12, Sat–Sun 8–12"),
        ("mon 9-12, mon 13-18", "Mon 9–12, Mon 13–18"),
        ("tue 12-24", "Tue 12–24"),
        ("we 8.30-16", "Wed 8:30–16"),
    ],
)
def test_hours_are_read_and_kept_in_one_form(typed: str, kept: str) -> None:
    assert hours.shown(hours.read(typed)) == kept
    assert hours.read(kept) == hours.read(typed)


@pytest.mark.parametrize(
    "typed",
    ["always", "Mon", "Mon 9", "Funday 9-18", "Mon 18-9", "Mon 9-25", "mon 9-12, mon 11-13",
     "m 9-18", "Mon 9-18 " * 40, "٩-١٨"],
)  # fmt: skip
def test_anything_else_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        hours.read(typed)


@pytest.mark.parametrize(
    ("at", "on"),
    [
        (datetime(2026, 11, 23, 8, 59), False),
        (datetime(2026, 11, 23, 9, 0), True),
        (datetime(2026, 11, 23, 17, 59), True),
        (datetime(2026, 11, 23, 18, 0), False),
        (datetime(2026, 11, 22, 12, 0), False),
    ],
)
def test_who_works_when(at: datetime, on: bool) -> None:
    assert hours.are_on(hours.read("Mon-Fri 9-18"), at) is on
    assert hours.are_on({}, at)

"""A cursor says where a list goes on, and nothing else is taken for one."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.lib import cursors

AT = datetime(2026, 11, 17, 9, 30, 0, 123_456, tzinfo=UTC)


def test_a_cursor_reads_back_what_it_was_given() -> None:
    cursor = cursors.encode(AT, 42, "Ørsted")
    assert cursors.decode(cursor, datetime, int, str) == [AT, 42, "Ørsted"]
    assert "=" not in cursor


def raw(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "é",
        raw("42"),
        raw("[]"),
        raw('["2026-11-17T09:30:00",42]'),
        raw('["2026-11-17T09:30:00+00:00",-1]'),
        raw('["2026-11-17T09:30:00+00:00",9223372036854775808]'),
        raw('["0001-01-01T00:00:00+00:00",1]'),
        raw('["2026-11-17T09:30:00+00:00",true]'),
        raw('["2026-11-17T09:30:00+00:00",1,2]'),
        raw("[" * 10_000),
        "\ud800",
    ],
)
def test_anything_else_is_refused_in_words(cursor: str) -> None:
    with pytest.raises(cursors.BadCursor) as no:
        cursors.decode(cursor, datetime, int)
    assert "not one of ours" in no.value.errors["cursor"]


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    try:
        assert isinstance(cursors.decode(text, str), list)
    except cursors.BadCursor:
        return

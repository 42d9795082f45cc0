"""Whose record somebody had at a moment, through every merge that stood then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from regulars.customers.merging.then import Lives, Span

START = datetime(2026, 5, 1, tzinfo=UTC)


def day(n: float) -> datetime:
    return START + timedelta(days=n)


def span(pk: int, into: int, begins: float, ends: float | None = None) -> Span:
    return Span(pk, into, day(begins), None if ends is None else day(ends))


ONCE = [span(1, 2, 1, 3)]
AGAIN = [span(1, 2, 1, 3), span(1, 3, 5)]
CHAIN = [span(1, 2, 1, 6), span(2, 3, 4, 8)]
BACK_AND_FORTH = [span(1, 2, 1, 2), span(2, 1, 3, 4)]


@pytest.mark.parametrize(
    ("spans", "at", "held_by"),
    [
        ([], 1, 1),
        (ONCE, 0.9, 1), (ONCE, 1, 2), (ONCE, 2.9, 2), (ONCE, 3, 1),
        (AGAIN, 2, 2), (AGAIN, 4, 1), (AGAIN, 9, 3),
        (CHAIN, 2, 2), (CHAIN, 5, 3), (CHAIN, 7, 1),
        (BACK_AND_FORTH, 1.5, 2), (BACK_AND_FORTH, 3.5, 1),
    ],
)  # fmt: skip
def test_each_merge_that_stood_then_leads_on(spans: list[Span], at: float, held_by: int) -> None:
    assert Lives(1, spans).held_by(day(at)) == held_by


def test_a_circle_that_cannot_be_ends_all_the_same() -> None:
    assert Lives(1, [span(1, 2, 1), span(2, 1, 1)]).held_by(day(2)) in (1, 2)

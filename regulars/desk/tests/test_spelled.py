"""Counts in words."""

import pytest

from regulars.desk.spelled import spelled


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "One person is"), (4, "Four people are"), (12, "Twelve people are"),
     (31, "31 people are")],
)  # fmt: skip
def test_small_counts_are_words_and_larger_ones_numbers(count: int, said: str) -> None:
    assert spelled(count, "person is", "people are") == said

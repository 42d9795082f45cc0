"""How long consent holds, which word stands, what is missing: tables of cases."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers.consents import ends_on, last_day, missing, standing

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Word:
    kind: str
    happened_at: datetime


@pytest.mark.parametrize(
    ("channel", "basis", "since", "ends", "last"),
    [
        ("email", "purchase", date(2024, 2, 29), date(2026, 2, 28), date(2026, 2, 27)),
        ("email", "contract", date(2024, 3, 1), date(2026, 3, 1), date(2026, 2, 28)),
        ("email", "inquiry", date(2026, 8, 31), date(2027, 2, 28), date(2027, 2, 27)),
        ("email", "membership", date(2024, 12, 31), date(2026, 12, 31), date(2026, 12, 30)),
        ("text", "purchase", date(2024, 2, 29), date(2026, 2, 28), date(2026, 2, 27)),
        ("call", "purchase", date(2024, 8, 31), date(2026, 2, 28), date(2026, 2, 27)),
        ("call", "inquiry", date(2026, 11, 30), date(2027, 2, 28), date(2027, 2, 27)),
        ("email", "handed_over", date(2020, 1, 1), None, None),
        ("email", "other", date(2020, 1, 1), None, None),
        ("call", "membership", date(2020, 1, 1), None, None),
        ("email", "purchase", None, None, None),
        ("email", "", date(2024, 2, 29), None, None),
    ],
)
def test_implied_consent_holds_until_the_day_before_its_anniversary(
    channel: str, basis: str, since: date | None, ends: date | None, last: date | None
) -> None:
    found = ends_on(channel, basis, since)
    assert (found, last_day(found)) == (ends, last)


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ([], None),
        ([("express", 0)], 0),
        ([("express", 0), ("withdrawn", 1)], 1),
        ([("withdrawn", 1), ("express", 0)], 0),
        ([("withdrawn", 0), ("express", 1)], 1),
        ([("express", 0), ("withdrawn", 0)], 1),
        ([("withdrawn", 0), ("express", 0)], 0),
        ([("withdrawn", 0), ("implied", 0), ("none", 0)], 0),
        ([("implied", 0), ("express", 0)], 1),
        ([("express", 0), ("none", 0)], 1),
        ([("express", 0), ("implied", 2), ("none", 1)], 1),
    ],
)
def test_the_latest_word_stands_and_a_withdrawal_of_the_same_moment(
    said: list[tuple[str, int]], stands: int | None
) -> None:
    words = [Word(kind, NOON + timedelta(days=days)) for kind, days in said]
    assert standing(words) is (None if stands is None else words[stands])


KINDS = st.sampled_from(["express", "implied", "none", "withdrawn"])
WORDS = st.lists(st.tuples(KINDS, st.integers(0, 3)), min_size=1, max_size=8)


@given(WORDS)
def test_nothing_said_earlier_ever_undoes_a_withdrawal(said: list[tuple[str, int]]) -> None:
    words = [Word(kind, NOON + timedelta(days=days)) for kind, days in said]
    found = standing(words)
    assert found is not None
    latest = max(word.happened_at for word in words)
    assert found.happened_at == latest
    if any(w.kind == "withdrawn" and w.happened_at == latest for w in words):
        assert found.kind == "withdrawn"


@pytest.mark.parametrize(
    ("kind", "basis", "note", "on", "fields"),
    [
        ("express", "", "", None, set()),
        ("none", "", "", None, set()),
        ("withdrawn", "", "", None, set()),
        ("implied", "", "", None, {"basis", "basis_on"}),
        ("implied", "purchase", "", None, {"basis_on"}),
        ("implied", "other", "", date(2026, 1, 1), {"basis_note"}),
        ("implied", "other", "card at the fair", date(2026, 1, 1), set()),
        ("implied", "inquiry", "", date(2026, 1, 1), set()),
    ],
)
def test_implied_consent_needs_what_it_rests_on_and_since_when(
    kind: str, basis: str, note: str, on: date | None, fields: set[str]
) -> None:
    found = missing(kind, basis=basis, basis_note=note, basis_on=on)
    assert set(found) == fields

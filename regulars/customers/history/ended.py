"""Consent that is over: no row says so, the day does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from regulars.customers.consents import ended
from regulars.customers.schemas.consents import ChannelName

from .as_of import Record
from .changes import Row

WORDS: dict[str, tuple[ChannelName, Literal["email", "phone"]]] = {
    "consent": ("email", "email"),
    "call_consent": ("call", "phone"),
    "text_consent": ("text", "phone"),
}


class EndedRow(TypedDict):
    """Implied consent that was over by then; `ended_on` is the first day on which it was."""

    channel: ChannelName
    address: str
    ended_on: date


def ended_on(row: Row, column: str, day: date) -> date | None:
    """Since when a word of this row was over by that day; None for what is no word, or held."""
    until = row.get(f"{column}_until") if column in WORDS else None
    return ended(date.fromisoformat(until), day) if until else None


def ended_by(record: Record, day: date) -> Iterator[EndedRow]:
    """All of a record that were over by that day."""
    for column, (channel, part) in WORDS.items():
        for row in record.rows[part]:
            over = ended_on(row, column, day)
            if over is not None:
                address = row["address"] if part == "email" else row["e164"] or row["typed"]
                yield {"channel": channel, "address": address, "ended_on": over}

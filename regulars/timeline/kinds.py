"""The `event_kinds` socket: what may happen, how it is said, and what it does to the waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from regulars.lib import markdown
from regulars.lib.registry import Registry


class Shelf(StrEnum):
    """The filters of a customer's history."""

    CUSTOMER = "customer"
    APPOINTMENTS = "appointments"
    ORDERS = "orders"
    EMAIL = "email"
    WEBSITE = "website"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Side(StrEnum):
    """Who acted: the customer, one of us, or the house by itself."""

    CUSTOMER = "customer"
    US = "us"
    AUTOMATIC = "automatic"


@dataclass(frozen=True)
class EventKind:
    """One kind of entry.

    `sentence` holds wordings from the fullest to the barest, as verb phrases with the subject
    left out ("asked about the {vehicle}"); the first whose fields are all given is used, so the
    last one names no field. `private` are the data fields that erasing blanks. `quote` names the
    field shown as the person's own words, `marked` says that they are Markdown. `awaits_answer`
    starts the clock, unless the data field named in `unless` is true; `answers` stops it, unless
    the data field named in `missed` is true (a call that reached nobody is no answer).
    `is_activity` moves the customer up the list.
    """

    key: str
    label: str
    sentence: tuple[str, ...]
    shelf: Shelf
    side: Side
    private: tuple[str, ...]
    icon: str = "note"
    quote: str = ""
    marked: bool = False
    awaits_answer: bool = False
    unless: str = ""
    answers: bool = False
    missed: str = ""
    is_activity: bool = True
    by_hand: bool = True

    def say(self, data: Mapping[str, Any]) -> str:
        """The fullest sentence the data allow, on one line, at most 200 characters."""
        facts = _Facts(data)
        for wording in self.sentence:
            try:
                return _shorten(wording.format_map(facts))
            except (KeyError, IndexError, AttributeError, ValueError):
                continue
        return self.sentence[-1]

    def quoted(self, data: Mapping[str, Any]) -> str:
        value = data.get(self.quote) if self.quote else None
        return value.strip() if isinstance(value, str) else ""

    def briefly(self, data: Mapping[str, Any]) -> str:
        """The person's own words on one line, as one reads them."""
        said = self.quoted(data)
        return markdown.unmarked(said) if self.marked else said

    def waits(self, data: Mapping[str, Any]) -> bool:
        return self.awaits_answer and not (self.unless and data.get(self.unless))

    def replies(self, data: Mapping[str, Any]) -> bool:
        return self.answers and not (self.missed and data.get(self.missed))


class _Facts:
    """The data as a wording asks for them: a field that is not given is missing."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def __getitem__(self, key: str) -> str:
        value = _plain(self._data.get(key))
        if not value:
            raise KeyError(key)
        return value


def _plain(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return "yes" if value else ""
    if isinstance(value, str | int | float):
        return " ".join(str(value).split())
    return ""


def _shorten(text: str, limit: int = 200) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


event_kinds: Registry[EventKind] = Registry("event_kinds")


def kind_of(key: str) -> EventKind:
    """The kind, or a plain stand-in for one whose pack is no longer installed."""
    found = event_kinds.get(key)
    if found is not None:
        return found
    words = key.replace(".", " ").replace("_", " ")
    return EventKind(key, words.capitalize(), (words,), Shelf.CUSTOMER, Side.AUTOMATIC, ())

"""The rules of consent: how long it holds, which word stands, what its evidence still lacks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from regulars.lib import months

from .models import Basis, Consent, ConsentChannel

# Months after which implied consent has ended: Canada's anti-spam law, which texts fall under too.
TERMS = {Basis.PURCHASE: 24, Basis.CONTRACT: 24, Basis.MEMBERSHIP: 24, Basis.INQUIRY: 6}
# Calls: the American business relationship of the do-not-call rules.
CALL_TERMS = {Basis.PURCHASE: 18, Basis.CONTRACT: 18, Basis.INQUIRY: 3}
DAY = timedelta(days=1)


class Said(Protocol):
    """One thing somebody said; `models.ConsentRecord` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def happened_at(self) -> datetime: ...


S = TypeVar("S", bound=Said)


def ends_on(channel: str, basis: str, since: date | None) -> date | None:
    """The first day on which implied consent no longer holds; None when it has no end.

    Nothing is sent on the anniversary: the last day is the one before.
    """
    terms = CALL_TERMS if channel == ConsentChannel.CALL else TERMS
    term = terms.get(Basis(basis)) if basis else None
    return months.later(since, term) if term and since else None


def last_day(ends: date | None) -> date | None:
    return ends - DAY if ends else None


def ended(until: date | None, day: date) -> date | None:
    """The first day on which consent no longer held, if that had come by `day`."""
    return until + DAY if until is not None and until < day else None


def standing(records: Iterable[S]) -> S | None:
    """Which word stands: the latest that was said; of the same moment a withdrawal, else the
    one recorded last."""
    found: S | None = None
    for said in records:
        if found is None or _place(said) >= _place(found):
            found = said
    return found


def _place(said: Said) -> tuple[datetime, bool]:
    return (said.happened_at, said.kind == Consent.WITHDRAWN)


def missing(kind: str, *, basis: str, basis_note: str, basis_on: date | None) -> dict[str, str]:
    """What a word lacks to be evidence, by field: implied consent rests on something, and since."""
    if kind != Consent.IMPLIED:
        return {}
    lacks = {}
    if not basis:
        lacks["basis"] = "Say what it rests on"
    elif basis == Basis.OTHER and not basis_note:
        lacks["basis_note"] = "Say what it rests on"
    if basis_on is None:
        lacks["basis_on"] = "Say on which day that was"
    return lacks

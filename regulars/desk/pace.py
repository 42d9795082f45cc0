"""How fast people get their first answer: the median over two weeks, day by day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import median

DAYS = 14
FEWEST = 3  # answers, below which a median says nothing


@dataclass(frozen=True)
class Day:
    """One day's median in minutes, None when nothing was answered."""

    on: date
    minutes: float | None


@dataclass(frozen=True)
class Pace:
    """`minutes` is the median of all answers; `before` and `lately` those of the two weeks."""

    minutes: float
    answers: int
    days: tuple[Day, ...]
    before: float | None
    lately: float | None

    @property
    def bars(self) -> list[tuple[int, float, float, bool]]:
        """(x, y, height, today) of each day's bar in a drawing of 140 by 44; flat for none."""
        most = max((d.minutes for d in self.days if d.minutes is not None), default=0) or 1
        drawn = []
        for place, day in enumerate(self.days):
            share = 0.0 if day.minutes is None else max(0.05, day.minutes / most)
            height = max(1.0, round(44 * share, 1))
            drawn.append((10 * place + 1, round(44 - height, 1), height, place == DAYS - 1))
        return drawn

    @property
    def trend(self) -> str:
        """“Down from 11 min the week before.”, nothing when there is nothing to compare."""
        if self.before is None or self.lately is None:
            return ""
        then, now = round(self.before), round(self.lately)
        if then == now:
            return "The same as the week before."
        return f"{'Down' if now < then else 'Up'} from {spoken(self.before)} the week before."


def pace(answers: Iterable[tuple[datetime, datetime]], now: datetime, zone: tzinfo) -> Pace | None:
    """From (asked, answered) pairs; None when fewer than three were answered in the 14 days."""
    today = now.astimezone(zone).date()
    first = today - timedelta(days=DAYS - 1)
    waited: dict[date, list[float]] = {first + timedelta(days=n): [] for n in range(DAYS)}
    for asked, answered in answers:
        day = answered.astimezone(zone).date()
        if day in waited:
            waited[day].append(max(0.0, (answered - asked).total_seconds() / 60))
    every = [minutes for found in waited.values() for minutes in found]
    if len(every) < FEWEST:
        return None
    weeks = [[m for found in list(waited.values())[at : at + 7] for m in found] for at in (0, 7)]
    before, lately = (median(week) if len(week) >= FEWEST else None for week in weeks)
    days = tuple(Day(on, median(found) if found else None) for on, found in waited.items())
    return Pace(median(every), len(every), days, before, lately)


def spoken(minutes: float) -> str:
    """“under a minute”, “4 min”, “1 h 12”, “2 days”."""
    whole = round(minutes)
    if whole < 1:
        return "under a minute"
    if whole < 60:
        return f"{whole} min"
    if whole < 24 * 60:
        hours, rest = divmod(whole, 60)
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"
    days = round(whole / (24 * 60))
    return "1 day" if days == 1 else f"{days} days"

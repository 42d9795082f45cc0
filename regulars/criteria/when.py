"""Times as people say them (7 days ago, this month): read, written, and turned into instants."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, get_args

Unit = Literal["minute", "hour", "day", "week", "month", "quarter", "year"]
Which = Literal["last", "this", "next"]

UNITS: tuple[Unit, ...] = get_args(Unit)
SHORT: dict[str, Unit] = {
    "min": "minute",
    "mins": "minute",
    "h": "hour",
    "hr": "hour",
    "hrs": "hour",
    "d": "day",
    "w": "week",
    "wk": "week",
    "wks": "week",
    "m": "month",
    "mo": "month",
    "mon": "month",
    "q": "quarter",
    "y": "year",
    "yr": "year",
    "yrs": "year",
}
WHICH: dict[str, Which] = {
    "last": "last",
    "past": "last",
    "previous": "last",
    "this": "this",
    "current": "this",
    "next": "next",
}
DAY_WORDS: dict[str, Which] = {"today": "this", "yesterday": "last", "tomorrow": "next"}
SUFFIX: dict[Unit, str] = {
    "minute": "min",
    "hour": "h",
    "day": "d",
    "week": "w",
    "month": "mo",
    "quarter": "q",
    "year": "y",
}
MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12}
MINUTES: dict[Unit, int] = {"minute": 1, "hour": 60, "day": 1_440, "week": 10_080}
MOST_YEARS = 100
MONTH_NAMES = tuple(name.casefold() for name in calendar.month_name)
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
           "twelve"]  # fmt: skip
NUMBER_WORDS = {word: n for n, word in enumerate(NUMBERS, 1)} | {"a": 1, "an": 1}
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Ago:
    """A moment this long before now; a month or longer by the calendar."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.span} ago"

    @property
    def span(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    @property
    def short(self) -> str:
        """As it stands in an address: 7d, 3mo."""
        return f"{self.count}{SUFFIX[self.unit]}"

    @property
    def sensible(self) -> bool:
        months = MONTHS.get(self.unit)
        if months is not None:
            return 0 <= self.count * months <= MOST_YEARS * 12
        return 0 <= self.count * MINUTES[self.unit] <= MOST_YEARS * 365 * 1_440


@dataclass(frozen=True, slots=True)
class Period:
    """A whole day, week (from Monday), month, quarter or year of the calendar around today.

    With a `count` it is the days from today to as many units on: “next 7 days”.
    """

    which: Which
    unit: Unit
    count: int = 0

    def __str__(self) -> str:
        if self.count:
            return f"{self.which} {Ago(self.count, self.unit).span}"
        if self.unit == "day":
            return next(word for word, which in DAY_WORDS.items() if which == self.which)
        return f"{self.which} {self.unit}"


When = date | Ago | Period


def read(words: list[str]) -> tuple[When, int] | None:
    """The time these words begin with and how many of them it took; None when they are no time.

    Raises OverflowError for a time more than a hundred years off.
    """
    low = [word.casefold() for word in words[:5]]
    skipped = 1 if low[:1] == ["the"] else 0
    found = _read(low[skipped:])
    return None if found is None else (found[0], found[1] + skipped)


def _read(low: list[str]) -> tuple[When, int] | None:
    if not low:
        return None
    if low[0] in DAY_WORDS:
        return Period(DAY_WORDS[low[0]], "day"), 1
    if low[0] in WHICH:
        return _read_which(WHICH[low[0]], low)
    span = _read_span(low)
    if span is not None:
        ago, used = span
        return ago, used + (low[used : used + 1] == ["ago"])
    day = read_day(low[0])
    return None if day is None else (day, 1)


def _read_which(which: Which, low: list[str]) -> tuple[When, int] | None:
    unit = _unit(low[1]) if len(low) > 1 else None
    if unit is not None and unit not in ("minute", "hour"):
        return Period(which, unit), 2
    if which == "last" and unit is not None:
        return Ago(1, unit), 2
    span = None if which == "this" else _read_span(low[1:])
    if span is None:
        return None
    ago, used = span[0], span[1] + 1
    if which == "last":
        return ago, used
    ahead = Period(which, ago.unit, ago.count)
    return (ahead, used) if ago.count and ago.unit not in ("minute", "hour") else None


def _read_span(low: list[str]) -> tuple[Ago, int] | None:
    digits = low[0] if low else ""
    digits = str(NUMBER_WORDS.get(digits, digits))
    tail = digits.lstrip("0123456789")
    number = digits[: len(digits) - len(tail)]
    used = 1
    if number and not tail and len(low) > 1:
        tail, used = low[1], 2
    unit = _unit(tail)
    if not number or unit is None:
        return None
    if len(number) > 9:
        raise OverflowError
    ago = Ago(int(number), unit)
    if not ago.sensible:
        raise OverflowError
    return ago, used


def _unit(word: str) -> Unit | None:
    if word in SHORT:
        return SHORT[word]
    return next((unit for unit in UNITS if word in (unit, f"{unit}s")), None)


def read_days(words: list[str], today: date) -> tuple[date, date, int] | None:
    """First and last day of a month, a year or a day with the month's name, and how many words it
    took: “november”, “nov 2025”, “1 nov 2025”, “2025”. A month without a year is the latest one
    that has begun.

    Raises OverflowError outside 1900 to 2199.
    """
    low = [word.casefold() for word in words[:3]]
    day = low.pop(0) if len(low) > 1 and _number(low[0], 1, 31) and _month(low[1]) else ""
    month = _month(low[0]) if low else None
    if month is None:
        year = _number(low[0], 1_000, 9_999) if low else None
        return None if year is None else (*_checked(date(year, 1, 1), date(year, 12, 31)), 1)
    used = 1 + bool(day)
    if not day and len(low) > 2 and _number(low[1], 1, 31) and _number(low[2], 1_000, 9_999):
        day, used = low.pop(1), 2
    year = _number(low[1], 1_000, 9_999) if len(low) > 1 else None
    used += year is not None
    year = year or today.year - (month > today.month)
    length = calendar.monthrange(year, month)[1]
    if day and int(day) > length:
        return None
    first, last = (int(day), int(day)) if day else (1, length)
    return (*_checked(date(year, month, first), date(year, month, last)), used)


def _month(word: str) -> int | None:
    """The number of a month by its name or the first three letters of it, or four."""
    plain = word.rstrip(".,")
    found = [n for n, name in enumerate(MONTH_NAMES) if n and name.startswith(plain)]
    return found[0] if len(plain) >= 3 and len(found) == 1 else None


def _number(word: str, low: int, high: int) -> int | None:
    number = int(word) if word.isascii() and word.isdigit() and len(word) <= 4 else -1
    return number if low <= number <= high else None


def _checked(first: date, last: date) -> tuple[date, date]:
    if first < FIRST_DAY or last > LAST_DAY:
        raise OverflowError
    return first, last


def read_day(word: str) -> date | None:
    """A day written 2026-11-01; raises OverflowError outside 1900 to 2199."""
    parts = word.split("-", 3)
    if [len(part) for part in parts] != [4, 2, 2] or not word.isascii():
        return None
    if not all(part.isdigit() for part in parts):
        return None
    try:
        day = date(*(int(part) for part in parts))
    except ValueError:
        return None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise OverflowError
    return day


def instant(ago: Ago, now: datetime, zone: tzinfo) -> datetime:
    """The moment that long before now."""
    if ago.unit in MINUTES:
        return now - timedelta(minutes=ago.count * MINUTES[ago.unit])
    here = now.astimezone(zone)
    return _months_later(here.replace(tzinfo=None), -ago.count * MONTHS[ago.unit]).replace(
        tzinfo=zone, fold=here.fold
    )


def _months_later(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def days(period: Period | date, today: date) -> tuple[date, date]:
    """First and last day of a period; a day is its own first and last."""
    if not isinstance(period, Period):
        return period, period
    if period.count:
        if period.unit in MONTHS:
            noon = datetime.combine(today, time(12))
            return today, _months_later(noon, period.count * MONTHS[period.unit]).date()
        return today, today + timedelta(minutes=period.count * MINUTES[period.unit])
    step = {"last": -1, "this": 0, "next": 1}[period.which]
    if period.unit in ("day", "week"):
        length = 1 if period.unit == "day" else 7
        start = today - timedelta(days=today.weekday() if length == 7 else 0)
        first = start + timedelta(days=step * length)
        return first, first + timedelta(days=length - 1)
    months = MONTHS[period.unit]
    start = today.replace(month=(today.month - 1) // months * months + 1, day=1)
    noon = datetime.combine(start, time(12))
    first = _months_later(noon, step * months).date()
    return first, _months_later(noon, (step + 1) * months).date() - timedelta(days=1)


def bounds(operator: str, value: When, now: datetime, zone: tzinfo) -> list[tuple[str, datetime]]:
    """The instants a moment must lie between, as (gt | gte | lt | lte, UTC instant) pairs."""
    if isinstance(value, Ago):
        edge = instant(value, now, zone).astimezone(UTC)
        return [("gt", edge), ("lte", now)] if operator == "<" else [("lt", edge)]
    first, last = days(value, now.astimezone(zone).date())
    start = datetime.combine(first, time.min, zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time.min, zone).astimezone(UTC)
    return {
        "<": [("lt", start)],
        "<=": [("lt", end)],
        ">": [("gte", end)],
        ">=": [("gte", start)],
    }.get(operator, [("gte", start), ("lt", end)])


def day_bounds(operator: str, value: When, now: datetime, zone: tzinfo) -> list[tuple[str, date]]:
    """The days a date without a time must lie between, as (lookup, day) pairs."""
    today = now.astimezone(zone).date()
    if isinstance(value, Ago):
        edge = instant(value, now, zone).astimezone(zone).date()
        return [("gt", edge), ("lte", today)] if operator == "<" else [("lt", edge)]
    first, last = days(value, today)
    return {
        "<": [("lt", first)],
        "<=": [("lte", last)],
        ">": [("gt", last)],
        ">=": [("gte", first)],
    }.get(operator, [("gte", first), ("lte", last)])


def meant(word: str) -> str | None:
    """What a day with slashes or dots may mean, as we write it: the month first where it can be."""
    parts = word.replace(".", "/").replace("-", "/").split("/", 3)
    if len(parts) != 3 or not all(_number(part, 0, 9_999) is not None for part in parts):
        return None
    one, two, three = (int(part) for part in parts)
    year, month, day = (one, two, three) if one > 31 else (three, one, two)
    if month > 12:
        month, day = day, month
    try:
        found = date(year + 2_000 * (year < 100), month, day)
    except ValueError:
        return None
    return str(found) if FIRST_DAY <= found <= LAST_DAY else None

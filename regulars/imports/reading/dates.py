"""Dates as people write them, with the day-and-month order guessed per column and said aloud."""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from babel import Locale

from regulars.imports.reading.shapes import western_digits

Order = Literal["day", "month"]
"""Which of day and month comes first where the year is last."""

MONTH_NAMES = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_TIME = (
    r"(?:[T,]?\s*(?:um |at |à )?(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?,?\s+)?"
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})" + _TIME)
_PACKED = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})(?P<zone>Z)?)?"
)
_YEAR_LAST = re.compile(
    r"(?P<one>\d{1,2})\s*(?P<sign>[-/. ])\s*(?P<two>\d{1,2})\s*(?P=sign)\s*"
    r"(?P<year>\d{4}|\d{2})\.?" + _TIME
)
_DAY_NAME = re.compile(
    _WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[-/. ]*(?:de |di |of )?"
    r"(?P<name>[^\W\d_]{3,12})\.?[-/., ]*(?:de |del )?(?P<year>\d{4}|\d{2})" + _TIME,
    re.IGNORECASE,
)
_NAME_DAY = re.compile(
    _WEEKDAY + r"(?P<name>[^\W\d_]{3,12})\.?[-/ ]*(?P<day>\d{1,2})(?:st|nd|rd|th)?,?[-/ ]+"
    r"(?P<year>\d{4}|\d{2})" + _TIME,
    re.IGNORECASE,
)
_SERIAL = re.compile(r"[1-9]\d{4}(?:[.,]\d+)?")
_SECONDS = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")
_EXCEL_ZERO = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 (a wall clock: Excel knows no zones)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


class NotADate(ValueError):
    """The message says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class DateGuess:
    """How a column's dates are read. `certain` is False when no value settles the order."""

    order: Order
    certain: bool
    example: str = ""

    @property
    def sentence(self) -> str:
        """The guess for the preview: “03/04/2026 read as 3 April 2026 (day first)”."""
        if not self.example:
            return ""
        read = read_date(self.example, self.order)
        said = f"“{self.example}” read as {read.day} {MONTH_NAMES[read.month]} {read.year}"
        if self.certain:
            return said
        return (
            f"{said} ({self.order} first): no value in the column settles it. Change it if wrong."
        )


def guess_order(values: Iterable[str], *, otherwise: Order = "day") -> DateGuess:
    """Day or month first, by every value of the column that can tell; a point means day first."""
    votes = {"day": 0, "month": 0}
    open_to_both, example, dotted = "", "", False
    for value in values:
        found = _YEAR_LAST.fullmatch(western_digits(value).strip())
        if not found:
            continue
        one, two = int(found["one"]), int(found["two"])
        if one > 12 >= two >= 1:
            votes["day"] += 1
            example = example or value
        elif two > 12 >= one >= 1:
            votes["month"] += 1
            example = example or value
        elif one != two and one <= 12 and two <= 12:
            open_to_both = open_to_both or value
            dotted = dotted or found["sign"] == "."
    order: Order = otherwise
    if votes["day"] != votes["month"]:
        order = "day" if votes["day"] > votes["month"] else "month"
    elif dotted:
        order = "day"
    certain = max(votes.values()) > 0 or dotted or not open_to_both
    shown = next((one for one in (open_to_both, example) if one and _readable(one, order)), "")
    return DateGuess(order, certain, shown.strip())


def _readable(value: str, order: Order) -> bool:
    try:
        read_date(value, order)
    except NotADate:
        return False
    return True


def read_date(value: str, order: Order = "day") -> datetime.datetime:
    """The moment a text names; without a zone in the text the result has none (a wall clock).

    Raises NotADate with the reason: 31 February, day 0, a word.
    """
    return read_moment(value, order).at


class Moment(NamedTuple):
    """`is_day`: the text names a day and no time of it."""

    at: datetime.datetime
    is_day: bool


def read_moment(value: str, order: Order = "day") -> Moment:
    """As `read_date`, with whether the text says a time of day."""
    text = " ".join(western_digits(value).replace("\u202f", " ").split())
    found = _YEAR_FIRST.fullmatch(text) or _PACKED.fullmatch(text)
    if found:
        return _built(found, int(found["month"]), int(found["day"]), value)
    found = _YEAR_LAST.fullmatch(text)
    if found:
        one, two = int(found["one"]), int(found["two"])
        day, month = (one, two) if order == "day" else (two, one)
        if month > 12 >= day:
            raise NotADate(f"“{value}” has no month {month}: this column is read {order} first.")
        return _built(found, month, day, value)
    for pattern in (_DAY_NAME, _NAME_DAY):
        found = pattern.fullmatch(text)
        if found and (month := _months().get(_plain(found["name"]), 0)):
            return _built(found, month, int(found["day"]), value)
    return _from_number(text, value)


def _built(found: re.Match[str], month: int, day: int, value: str) -> Moment:
    parts = found.groupdict()
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 69 else 1900
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise NotADate(f"“{value}” is in the year {year}; {_FIRST_YEAR}–{_LAST_YEAR} is accepted.")
    if not 1 <= month <= 12:
        raise NotADate(f"“{value}” has no month {month}.")
    if day < 1:
        raise NotADate(f"“{value}” has no day {day}.")
    try:
        date = datetime.date(year, month, day)
    except ValueError as error:
        raise NotADate(f"There is no {day} {MONTH_NAMES[month]} {year}.") from error
    at = datetime.datetime.combine(date, _clock(parts, value), _zone(parts.get("zone")))
    # Databases write a date as 2026-04-03 00:00:00.000: midnight to the second is no time of day.
    exact = parts.get("second") is not None and at.tzinfo is None
    midnight = exact and at.time() == datetime.time()
    return Moment(at, parts.get("hour") is None or midnight)


def _clock(parts: dict[str, str | None], value: str) -> datetime.time:
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise NotADate(f"“{value}” has no hour {hour} {half}.")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    fraction = int(((parts.get("fraction") or "") + "000000")[:6])
    try:
        return datetime.time(hour, minute, min(second, 59) if second == 60 else second, fraction)
    except ValueError as error:
        raise NotADate(f"“{value}” names a time of day that does not exist.") from error


def _zone(zone: str | None) -> datetime.timezone | None:
    if not zone:
        return None
    if zone in ("Z", "UTC", "GMT"):
        return datetime.UTC
    sign = -1 if zone[0] == "-" else 1
    digits = zone[1:].replace(":", "")
    offset = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return datetime.timezone(sign * offset) if offset < datetime.timedelta(hours=24) else None


def _from_number(text: str, value: str) -> Moment:
    """A spreadsheet's day number or a computer's seconds since 1970."""
    if _SERIAL.fullmatch(text):
        days = float(text.replace(",", "."))
        moment = _EXCEL_ZERO + datetime.timedelta(days=days)
        return Moment(moment.replace(microsecond=0), days.is_integer())
    if _SECONDS.fullmatch(text):
        seconds = float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1)
        return Moment(datetime.datetime.fromtimestamp(seconds, datetime.UTC), False)
    raise NotADate(f"“{value[:60]}” is not a date we can read. Write it as 2026-04-03.")


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKD", name).casefold()
    return "".join(one for one in text if not unicodedata.combining(one)).strip(". ")


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Month names, full and short, in the languages of the headings."""
    found = {"sept": 9, "mrz": 3, "maerz": 3, "jaenner": 1, "janner": 1, "set": 9}
    for language in ("en", "de", "fr", "es", "it", "ro", "pt", "nl"):
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    found.setdefault(_plain(name), number)
    return found

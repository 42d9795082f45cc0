"""How times, counts and lists are said in English: pure, the clock and the zone passed in."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Looked up, not `strftime`: that is a third of the work of a list's ageing marks.
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def span(seconds: float) -> str:
    """How long somebody has waited: “1 min”, “41 min”, “1 h 12”, “5 h”, “3 days”."""
    seconds = max(0, int(seconds))
    if seconds < HOUR:
        return f"{max(1, seconds // MINUTE)} min"
    if seconds < DAY:
        hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
        return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
    days = seconds // DAY
    return "1 day" if days == 1 else f"{days} days"


def clock(at: datetime, zone: tzinfo) -> str:
    """“9:05”, “17:20”."""
    local = at.astimezone(zone)
    return f"{local.hour}:{local.minute:02d}"


def ago(at: datetime, now: datetime, zone: tzinfo) -> str:
    """The shortest sure way to say when: “just now”, “3 min”, “Today 9:58”, “Mon 17:20”, “17 Nov”.

    A moment to come reads “in 3 min”, “Today 16:30”, “Sat 10:00”.
    """
    gap = (now - at).total_seconds()
    if abs(gap) < MINUTE:
        return "just now"
    if abs(gap) < HOUR:
        return span(gap) if gap > 0 else f"in {span(-gap)}"
    local, here = at.astimezone(zone), now.astimezone(zone)
    time = f"{local.hour}:{local.minute:02d}"
    days = (here.date() - local.date()).days
    if days == 0:
        return f"Today {time}"
    if abs(days) < 7:
        return f"{DAYS[local.weekday()]} {time}"
    return short_date(local.date(), here.date())


def short_date(day: date, today: date) -> str:
    """“17 Nov”, with the year when it is another one."""
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def exact(at: datetime, zone: tzinfo) -> str:
    """“Tue 17 Nov 2026, 9:30”."""
    local = at.astimezone(zone)
    day, month = DAYS[local.weekday()], MONTHS[local.month - 1]
    return f"{day} {local.day} {month} {local.year}, {local.hour}:{local.minute:02d}"


def exact_day(day: date) -> str:
    """“Tue 17 Nov 2026”, of what has no known time of day."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date, today: date) -> str:
    """“17 Nov”, with another year “17 Nov 2024”."""
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def day(day: date, today: date) -> str:
    """A day header: “Today”, “Yesterday”, “Tomorrow”, “Saturday 14 November”, with another year."""
    near = {0: "Today", 1: "Yesterday", -1: "Tomorrow"}.get((today - day).days)
    if near:
        return near
    text = f"{day:%A} {day.day} {day:%B}"
    return text if day.year == today.year else f"{text} {day.year}"


def plural(count: int, one: str, many: str = "") -> str:
    """“1 customer”, “2,000 customers”; `many` for words that do not just take an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(items: Iterable[object], word: str = "and") -> str:
    """“Ana”, “Ana and Ben”, “Ana, Ben and Mia”."""
    texts: Sequence[str] = [str(item) for item in items]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def capped(count: int, cap: int) -> str:
    """A count that was only taken up to `cap`: “12”, “1,000+”."""
    return f"{cap:,}+" if count > cap else f"{count:,}"


def roughly(count: int, cap: int) -> str:
    """The same, where more than was counted is an estimate: “about 12,000”, “about 10.0 M”."""
    if count <= cap + 1:
        return capped(count, cap)
    if count >= 999_500:
        return f"about {count / 1_000_000:.1f} M"
    return f"about {round(count, -2 if count < 100_000 else -3):,}"


FRESHNESS = {"green": "new", "orange": "warm", "red": "late", "gray": "done"}


def freshness_by(at: datetime, now: datetime, *, warm: timedelta, late: timedelta) -> str:
    """The mark for somebody waiting since `at`: "new", "warm" after `warm`, "late" after `late`."""
    gap = now - at
    if gap > late:
        return "late"
    return "warm" if gap > warm else "new"

"""How a log is laid out: days in the viewer's zone, who did it, and what is new."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from regulars.desk import feed
from regulars.staff.models import User
from regulars.timeline.models import Event

DETROIT = ZoneInfo("America/Detroit")
MIA = User(pk=3, name="Mia Hollander")
NINE = datetime(2026, 11, 17, 14, 30, tzinfo=UTC)  # 9:30 in Detroit


def event(
    kind: str = "message.received",
    at: datetime = NINE,
    *,
    by: User | None = None,
    recorded: datetime | None = None,
    **data: str,
) -> Event:
    return Event(kind=kind, happened_at=at, recorded_at=recorded or at, actor=by, data=data, pk=1)


def laid_out(
    *events: Event,
    reader: int = 1,
    read_at: datetime | None = None,
    after: datetime | None = None,
) -> list[feed.Day]:
    return feed.days(
        events, customer="Renée", reader=reader, read_at=read_at, zone=DETROIT, after=after
    )


def test_nothing_is_no_day() -> None:
    assert laid_out() == []


def test_a_day_ends_at_midnight_where_the_viewer_is() -> None:
    late, early = (
        datetime(2026, 11, 17, 5, 1, tzinfo=UTC),
        datetime(2026, 11, 17, 4, 59, tzinfo=UTC),
    )
    found = laid_out(event(at=late), event(at=early))
    assert [day.on for day in found] == [date(2026, 11, 17), date(2026, 11, 16)]


def test_a_day_that_goes_on_over_the_page_has_no_second_heading() -> None:
    found = laid_out(event(at=NINE), event(at=NINE - timedelta(days=1)), after=NINE)
    assert [day.on for day in found] == [None, date(2026, 11, 16)]


def edit(minutes: float, *, by: User = MIA, **data: Any) -> Event:
    found = event("customer.changed", NINE + timedelta(minutes=minutes), by=by, **data)
    found.pk = int(minutes * 10)
    return found


def told(*events: Event, **options: datetime) -> list[tuple[str, int]]:
    """What stands there of these, given oldest first."""
    entries = [e for day in laid_out(*reversed(events), **options) for e in day.entries]  # type: ignore[arg-type]
    return [(e.sentence, len(e.edits) or 1) for e in entries]


def test_edits_of_a_few_minutes_are_one_line() -> None:
    phone, email = edit(0, fields="phone"), edit(4, fields="email")
    words: dict[str, Any] = {"from": "Standard", "to": "Business"}
    group = edit(13, fields="group", **words)
    assert told(phone, email, group) == [("changed phone, email and group", 3)]
    assert told(phone, edit(2, fields="phone, email")) == [("changed phone and email", 2)]
    assert told(group) == [("changed group from Standard to Business", 1)]


def test_what_is_apart_stays_apart() -> None:
    phone = edit(0, fields="phone")
    anas = edit(3, fields="email", by=User(pk=5, name="Ana Ferreira"))
    came = edit(3, fields="contact Amy", added="contact Amy")
    for other in (anas, came, event(at=NINE + timedelta(minutes=3))):
        assert [many for _, many in told(phone, other, edit(4, fields="group"))] == [1, 1, 1]
    assert len(told(phone, edit(10.1, fields="email"))) == 2
    # What is new since the last look is not told with what was seen.
    last = NINE + timedelta(minutes=1)
    assert len(told(phone, edit(2, fields="email"), read_at=last)) == 2
    assert len(told(edit(-571, fields="phone"), edit(-569, fields="email"))) == 2  # over midnight


def test_a_customer_a_colleague_and_you_are_told_apart() -> None:
    entries = [
        feed.entry(event("message.received", channel="text"), "Renée", 1),
        feed.entry(event("call.made", by=MIA, outcome="reached"), "Renée", 1),
        feed.entry(event("call.made", by=MIA, outcome="reached"), "Renée", 3),
        feed.entry(event("call.made", outcome="reached"), "Renée", 1),
        feed.entry(event("customer.created", by=MIA), "Renée", 1),
        feed.entry(event("customer.created"), "Renée", 1),
        feed.entry(event("form.submitted", by=MIA), "Renée", 3),
    ]
    said = [(e.who, e.sentence, e.by, e.side) for e in entries]
    assert said == [
        ("Renée", "wrote by text", "", ""),
        ("Mia Hollander", "called, reached", "", "ours"),
        ("You", "called, reached", "", "ours"),
        ("", "Called, reached", "", "ours"),
        ("Renée", "was added", "Mia Hollander", "auto"),
        ("Renée", "was added", "", "auto"),
        ("Renée", "sent a form", "you", ""),
    ]


def test_an_answered_question_says_how_long_it_took_and_by_whom() -> None:
    asked = event()
    assert feed.entry(asked, "Renée", 1).took == ""
    asked.awaits_answer, asked.answered_by = True, MIA
    asked.answered_at = NINE + timedelta(minutes=12)
    told = feed.entry(asked, "Renée", 1)
    assert (told.took, told.answered_by) == ("12 min", "Mia Hollander")
    assert feed.entry(asked, "Renée", 3).answered_by == "you"


def marks(*events: Event, read_at: datetime | None, reader: int = 1) -> list[bool]:
    found = laid_out(*events, reader=reader, read_at=read_at)
    return [entry.looked_before for day in found for entry in day.entries]


def test_the_line_stands_under_the_last_thing_that_is_new() -> None:
    news = event(recorded=NINE + timedelta(hours=2))
    known = event(recorded=NINE)
    looked = NINE + timedelta(hours=1)
    assert marks(news, news, known, known, read_at=looked) == [False, False, True, False]


def test_there_is_no_line_where_nothing_or_everything_is_new() -> None:
    known = event(recorded=NINE)
    assert not any(marks(known, known, read_at=NINE + timedelta(hours=1)))
    assert not any(marks(known, known, read_at=NINE - timedelta(hours=1)))
    assert not any(marks(known, known, read_at=None))


def test_what_i_did_myself_is_not_new_to_me() -> None:
    mine = event("call.made", by=MIA, recorded=NINE + timedelta(hours=2))
    known = event(recorded=NINE)
    looked = NINE + timedelta(hours=1)
    assert not any(marks(mine, known, read_at=looked, reader=3))
    assert marks(mine, known, read_at=looked, reader=1) == [False, True]


def test_what_arrives_late_is_new_though_it_happened_before() -> None:
    seen = event(recorded=NINE)
    late = event(at=NINE - timedelta(days=2), recorded=NINE + timedelta(hours=2))
    looked = NINE + timedelta(hours=1)
    assert marks(seen, late, seen, read_at=looked) == [False, False, True]

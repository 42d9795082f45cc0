"""Every kind of event, of every installed room: says itself, can be drawn, can be forgotten."""

import re
from pathlib import Path
from string import Formatter

import pytest

from regulars.timeline.kinds import EventKind, Shelf, Side, event_kinds, kind_of

KINDS = [pytest.param(kind, id=kind.key) for kind in event_kinds]
SPRITE = Path(__file__).parents[2] / "ui/static/ui/icons.svg"
# Of one word, a number or a choice from a list: nothing of it can name a person.
HARMLESS = {"channel", "form", "minutes", "page", "item", "source", "from", "to"}


def fields_of(wording: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(wording) if name}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_fills_its_fullest_sentence(kind: EventKind) -> None:
    data = {name: f"<{name}>" for wording in kind.sentence for name in fields_of(wording)}
    said = kind.say(data)
    assert "{" not in said
    for name in fields_of(kind.sentence[0]):
        assert f"<{name}>" in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_says_something_of_no_data_at_all(kind: EventKind) -> None:
    assert fields_of(kind.sentence[-1]) == set()
    assert kind.say({}) == kind.sentence[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_each_wording_is_tried_from_the_fullest_to_the_barest(kind: EventKind) -> None:
    counts = [len(fields_of(wording)) for wording in kind.sentence]
    assert counts[-1] == 0
    assert len(set(kind.sentence)) == len(kind.sentence)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_names_what_is_private_in_it(kind: EventKind) -> None:
    spoken = {name for wording in kind.sentence for name in fields_of(wording)}
    if kind.quote:
        assert kind.quote in kind.private
    assert spoken - HARMLESS <= set(kind.private)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_key_that_says_what_happened(kind: EventKind) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", kind.key)
    assert kind.label


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_drawing(kind: EventKind) -> None:
    assert f'id="{kind.icon}"' in SPRITE.read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_who_asks_is_the_customer_and_who_answers_is_one_of_us(kind: EventKind) -> None:
    if kind.awaits_answer:
        assert kind.side is Side.CUSTOMER
    if kind.answers:
        assert kind.side is Side.US


def test_the_kinds_that_callers_rely_on_are_there() -> None:
    wanted = """form.submitted message.received vehicle.inquired page.visited call.received
    visit.walked_in email.sent text.sent call.made note.added customer.created
    customer.reassigned customer.merged"""
    assert set(wanted.split()) <= set(event_kinds.keys())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"page": "the 2026 Highlander", "minutes": 4}, "looked at the 2026 Highlander for 4 min"),
        ({"page": "the 2026 Highlander"}, "looked at the 2026 Highlander"),
        ({"page": "  two\n lines "}, "looked at two lines"),
        ({"page": ["not", "text"]}, "visited the website"),
        ({"page": None, "minutes": 0}, "visited the website"),
        ({}, "visited the website"),
    ],
)
def test_the_fullest_wording_the_data_allow_is_used(data: dict[str, object], said: str) -> None:
    assert event_kinds["page.visited"].say(data) == said


def test_braces_in_the_data_are_only_text() -> None:
    assert event_kinds["page.visited"].say({"page": "{minutes.__class__}"}) == (
        "looked at {minutes.__class__}"
    )


def test_a_sentence_stays_on_one_line_of_two_hundred_characters() -> None:
    said = event_kinds["page.visited"].say({"page": "x" * 5_000})
    assert len(said) == 200
    assert said.endswith("…")


@pytest.mark.parametrize(
    ("key", "data", "waits"),
    [
        ("call.received", {}, True),
        ("call.received", {"answered": True}, False),
        ("call.received", {"answered": False}, True),
        ("visit.walked_in", {"greeted": True}, False),
        ("form.submitted", {"answered": True}, True),
        ("page.visited", {}, False),
        ("note.added", {}, False),
    ],
)
def test_what_was_met_on_the_spot_does_not_wait(
    key: str, data: dict[str, object], waits: bool
) -> None:
    assert event_kinds[key].waits(data) is waits


@pytest.mark.parametrize(
    ("key", "data", "replies"),
    [
        ("call.made", {}, True),
        ("call.made", {"outcome": "left a message"}, True),
        ("call.made", {"outcome": "no answer", "missed": True}, False),
        ("text.sent", {"missed": True}, True),
        ("note.added", {}, False),
        ("customer.resolved", {}, True),
    ],
)
def test_a_call_that_reached_nobody_is_no_answer(
    key: str, data: dict[str, object], replies: bool
) -> None:
    assert event_kinds[key].replies(data) is replies


def test_a_kind_whose_pack_is_gone_still_says_something() -> None:
    gone = kind_of("lease.ended_early")
    assert gone.say({"anything": "at all"}) == "lease ended early"
    assert gone.shelf is Shelf.CUSTOMER
    assert not gone.awaits_answer

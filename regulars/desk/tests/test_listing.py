"""The list's address: one address for one list, and a step away in every direction."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict

from regulars.criteria.fields import Asking
from regulars.criteria.kinds import choice_field, date_field, flag_field, text_field
from regulars.criteria.language import EVERYONE, CriteriaError, Fact, Group, also
from regulars.criteria.when import Ago
from regulars.desk import listing
from regulars.desk.listing import PRESETS, Listing

ASKING = Asking(user=None, now=datetime(2026, 11, 17, tzinfo=UTC), zone=UTC)
WAITS = Fact("waiting", "is", True)
LEADS = Fact("type", "is", ("lead",))
FIELDS: list[Any] = [
    flag_field("waiting", "Waiting", ...),  # type: ignore[arg-type]
    choice_field("type", "Type", "type", [("lead", "Lead"), ("account", "Account")]),
    date_field("created", "Created", "created_at"),
    text_field("name", "Name", "name"),
]


def test_the_default_list_has_the_shortest_address() -> None:
    assert Listing().address() == "?"
    assert Listing().is_default


def test_everything_asked_for_is_in_the_address_and_nothing_else() -> None:
    asked = Listing(also(WAITS, LEADS), "waiting", "ann b", archived=True)
    assert asked.address() == "?waiting=1&type=lead&q=ann+b&sort=waiting&archived=1"
    assert asked.address(panel="7").endswith("&panel=7")
    assert asked.address(cursor="").endswith("archived=1")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", Listing()),
        ("sort=sideways&cursor=x&panel=y", Listing()),
        ("q=++ann%00%20%20b++", Listing(q="ann b")),
        ("archived=yes", Listing()),
        ("archived=1&sort=name", Listing(sort="name", archived=True)),
    ],
)
def test_what_stands_beside_the_filter_is_read_forgivingly(query: str, expected: Listing) -> None:
    assert listing.without_filter(QueryDict(query)) == expected


def test_an_address_is_read_back_as_it_was_written() -> None:
    asked = Listing(also(WAITS, LEADS), "created", "ann")
    assert listing.read(QueryDict(asked.address()[1:]), ASKING) == asked


def test_each_tab_knows_its_own_list_whatever_the_order() -> None:
    for preset in PRESETS:
        here = [p.key for p in PRESETS if p.is_shown_by(preset.listing.sorted_by("name"))]
        assert here == [preset.key]
    searched = Listing(q="ann")
    assert not any(p.is_shown_by(searched) for p in PRESETS)


def test_a_second_choice_of_a_field_widens_and_choosing_again_takes_it_away() -> None:
    one = listing.with_word(WAITS, "type", "lead")
    assert one == also(WAITS, LEADS)
    two = listing.with_word(one, "type", "account")
    assert listing.chosen(two, "type") == {"lead", "account"}
    assert listing.with_word(listing.with_word(two, "type", "lead"), "type", "account") == WAITS


def test_one_time_takes_the_place_of_another() -> None:
    week = Fact("created", "<", Ago(7, "day"))
    month = Fact("created", "<", Ago(30, "day"))
    assert listing.with_fact(also(WAITS, week), month) == also(WAITS, month)
    assert listing.with_fact(also(WAITS, week), week) == WAITS


def test_the_menu_offers_each_field_in_its_own_way() -> None:
    shown = Listing(also(WAITS, LEADS))
    flags, types, times, name = listing.menus(shown, FIELDS, ASKING)
    assert [(o.label, o.chosen) for o in flags.offers] == [
        ("Waiting", True),
        ("Not waiting", False),
    ]
    assert flags.offers[0].listing.criteria == LEADS
    assert flags.offers[1].listing.criteria == also(LEADS, Group("none", (WAITS,)))
    assert [(o.label, o.chosen) for o in types.offers] == [
        ("Lead", True),
        ("Account", False),
        ("No type", False),
    ]
    assert times.offers[1].listing.address() == "?waiting=1&type=lead&created=7d"
    assert (name.input, name.offers) == ("name", ())


def test_what_cannot_be_read_is_shown_where_it_went_wrong_with_what_was_meant() -> None:
    query = QueryDict("filter=waiting and wating&sort=name")
    error = CriteriaError("Unknown field “wating”", 13, "waiting", parameter="filter")
    found = listing.problem(error, query, ASKING)
    assert (found.before, found.wrong, found.after) == ("waiting and ", "wating", "")
    assert (found.sentence, found.meant) == ("Unknown field “wating”.", "waiting and waiting")
    assert found.instead == "?filter=waiting+and+waiting&sort=name"
    assert found.typed == "waiting and wating"


def test_what_would_not_read_either_is_only_said() -> None:
    error = CriteriaError("There is no type “leed”", 6, "laed", parameter="q")
    found = listing.problem(error, QueryDict("q=type:leed"), ASKING)
    assert found.sentence == "There is no type “leed”. Did you mean “laed”?"
    assert (found.meant, found.instead) == ("", "")


def test_a_wrong_parameter_without_a_place_is_said_in_a_sentence() -> None:
    error = CriteriaError("There is no owner “Zed”", parameter="owner")
    found = listing.problem(error, QueryDict("owner=Zed"), ASKING)
    assert found.sentence == "In “owner”: There is no owner “Zed”."
    assert found.typed == ""


def test_everyone_minus_a_field_is_everyone() -> None:
    assert listing.without_field(EVERYONE, "type") == EVERYONE
    assert listing.without_field(LEADS, "type") == EVERYONE

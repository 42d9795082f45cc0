"""Fields, choices and who asks."""

import pytest
from django.db.models import Q

from regulars.criteria.fields import (
    Asking,
    Choice,
    Choices,
    Fields,
    customer_fields,
    find,
)
from regulars.criteria.kinds import choice_field, flag_field, person_field
from regulars.criteria.language import CriteriaError
from regulars.criteria.things import Thing, things
from regulars.criteria.url import read

from .made_up import FIELDS, NOW, ZONE, asking, people


@pytest.mark.parametrize(
    "name", ["last_activity", "Last Activity", "last-activity", "LAST_activity"]
)
def test_a_field_is_found_by_any_spelling(name: str) -> None:
    assert find(name, FIELDS).key == "last_activity"


def test_an_unknown_field_proposes_the_nearest() -> None:
    with pytest.raises(CriteriaError) as raised:
        find("crated", FIELDS)
    assert raised.value.suggestion == "created"


@pytest.mark.parametrize("key", ["Owner", "in", "filter", "sort", "2nd", "a b", "", "ü"])
def test_a_field_cannot_take_a_word_the_language_or_the_address_needs(key: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        flag_field(key, "Label", Q())


def test_a_value_wins_over_a_label_and_a_label_over_an_alias() -> None:
    choices = Choices(
        [Choice("a", "b", aliases=("c",)), Choice("b", "c"), Choice("d", "e", keys=())]
    )
    assert [choice.value for choice in choices.named("B")] == ["b"]
    assert [choice.value for choice in choices.named("c")] == ["b"]
    assert choices.keys(["a", "d", "nosuch"]) == ("a",)


def test_two_of_one_name_are_both_meant() -> None:
    choices = Choices([Choice("Ben", keys=(1,)), Choice("ben", keys=(2,))])
    assert choices.keys(["Ben"]) == (1, 2)


def test_choices_are_fetched_once_per_asking() -> None:
    fetched: list[Asking] = []

    def colours(asking: Asking) -> list[Choice]:
        fetched.append(asking)
        return [Choice("red"), Choice("blue")]

    fields = Fields("colours")
    fields.register(choice_field("colour", "Colour", "colour", colours))
    once = asking()
    read({"colour": ["red", "blue"], "filter": ["not colour:red"]}, once, fields)
    assert len(fetched) == 1


def test_me_is_nobody_when_nobody_is_signed_in() -> None:
    owner = person_field("owner", "Owner", "owner_id", people)
    assert owner.choices is not None
    stranger = Asking(user=None, now=NOW, zone=ZONE)
    assert stranger.choices(owner.choices).keys(["me"]) == ()


def test_the_socket_has_its_name() -> None:
    assert customer_fields.name == "customer_fields"
    assert things.name == "things"
    assert customer_fields.things is things


@pytest.mark.parametrize("key", ["Suit", "suit.colour", "a suit", "", "no", "1st"])
def test_a_thing_has_a_plain_name(key: str) -> None:
    with pytest.raises(ValueError, match="thing"):
        Thing(key, "Suit", lambda: None, ())  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    ("label", "one"), [("Suit", "a suit"), ("Order", "an order"), ("RO", "an RO")]
)
def test_a_thing_is_named_in_a_sentence(label: str, one: str) -> None:
    assert Thing("x", label, lambda: None, ()).one == one  # type: ignore[arg-type, return-value]

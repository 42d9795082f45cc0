"""Criteria in words."""

import pytest
from hypothesis import given

from regulars.criteria import english, text
from regulars.criteria.language import Criteria, also, canonical

from .made_up import FIELDS, asking, members, trees


def read(typed: str) -> Criteria:
    return text.read(typed, asking(), FIELDS)


@pytest.mark.parametrize(
    ("typed", "label", "verb", "value"),
    [
        ("waiting", "", "", "Waiting for an answer"),
        ("not waiting", "Not", "", "waiting for an answer"),
        ("owner:me,unassigned", "Owner", "is", "me or nobody"),
        ("not owner:me", "Owner", "is not", "me"),
        ("team:mine", "Team", "is", "my team"),
        ("type:walk_in", "Type", "is", "Walk In"),
        ("tag:a,b,VIP", "Tag", "is", "a, b or VIP"),
        ("tag:empty", "Tag", "is", "empty"),
        ("not tag:empty", "Tag", "is not", "empty"),
        ("created < 7 days ago", "Created", "in the", "last 7 days"),
        ("created < 1 day ago", "Created", "in the", "last day"),
        ("not created < 7 days ago", "Created", "not in the", "last 7 days"),
        ("last_activity > 90 days ago", "Active", "more than", "90 days ago"),
        ("last_activity:empty", "Last activity", "is", "empty"),
        ("created in this month", "Created", "", "this month"),
        ("not created in this month", "Created", "not", "this month"),
        ("created in next 7 days", "Created", "in the", "next 7 days"),
        ("created = 2026-11-01", "Created", "on", "1 Nov 2026"),
        ("created < 2026-11-01", "Created", "before", "1 Nov 2026"),
        ("created >= today", "Created", "from", "today"),
        ("intent >= 4", "Intent", "is at least", "4"),
        ("not intent >= 4", "Intent", "is not at least", "4"),
        ("intent = 4,5", "Intent", "is", "4 or 5"),
        ("spent > 12500.5", "Spent", "is more than", "12,500.5"),
        ("name:an", "Name", "starts with", "an"),
        ("not name contains an", "Name", "does not contain", "an"),
        ("tag:VIP or waiting", "", "", "Tag is VIP or waiting for an answer"),
        ("not (tag:VIP or waiting)", "Not", "", "(tag is VIP or waiting for an answer)"),
        ("has suit", "Has", "", "a suit"),
        ("not has suit", "Has", "", "no suit"),
        ("has more than 2 suits", "Has", "", "at least 3 suits"),
        ("has fewer than 3 suits(colour:navy)", "Has fewer than 3 suits whose colour", "is",
         "Navy"),
        ("no suit for 60 days", "Has no suit ready", "in the", "last 60 days"),
        ("suit.colour:navy", "Has a suit whose colour", "is", "Navy"),
        ("not suit.colour:navy", "Has no suit whose colour", "is", "Navy"),
        ("suit.colour != navy", "Has a suit whose colour", "is not", "Navy"),
        ("suit.paid", "Has a suit that is", "", "paid"),
        ("suit.paid:no", "Has a suit that is not", "", "paid"),
        ("has more than 2 suits(paid)", "Has at least 3 suits that are", "", "paid"),
        ("suit.ready < 7 days ago", "Has a suit ready", "in the", "last 7 days"),
        ("suit.ready:empty", "Has a suit whose ready", "is", "empty"),
        ("has suit(colour:navy and ready < 7 days ago)", "Has a suit", "",
         "whose colour is Navy and ready in the last 7 days"),
        ("has suit(not (paid or price > 9))", "Has a suit", "",
         "not (that is paid or whose price is more than 9)"),
        ("has suit(paid and (colour:navy or price > 9))", "Has a suit", "",
         "that is paid and (whose colour is Navy or whose price is more than 9)"),
        ("nobody", "", "", "Nobody"),
    ],
)  # fmt: skip
def test_a_condition_is_a_chip(typed: str, label: str, verb: str, value: str) -> None:
    (chip,) = english.chips(read(typed), asking(), FIELDS)
    assert (chip.label, chip.verb, chip.value) == (label, verb, value)


def test_each_chip_carries_the_criteria_without_it() -> None:
    chips = english.chips(read("waiting and owner:me and tag:VIP"), asking(), FIELDS)
    assert [(str(chip), chip.field, text.write(chip.without)) for chip in chips] == [
        ("Waiting for an answer", "waiting", "owner:me and tag:VIP"),
        ("Owner is me", "owner", "waiting and tag:VIP"),
        ("Tag is VIP", "tag", "waiting and owner:me"),
    ]


def test_everyone_needs_no_chip() -> None:
    assert english.chips(read(""), asking(), FIELDS) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Everyone"),
        ("owner:me and created < 7 days ago", "Owner is me and created in the last 7 days"),
        ("waiting and (tag:VIP or type:lead) and not mine",
         "Waiting for an answer and (tag is VIP or type is Lead) and not mine"),
        ("owner:me and suit.colour:navy", "Owner is me and has a suit whose colour is Navy"),
    ],
)  # fmt: skip
def test_the_whole_is_one_sentence(typed: str, sentence: str) -> None:
    assert english.sentence(read(typed), asking(), FIELDS) == sentence


@given(trees())
def test_every_tree_can_be_said_and_put_together_from_its_chips(tree: Criteria) -> None:
    assert english.sentence(tree, asking(), FIELDS)
    for chip in english.chips(tree, asking(), FIELDS):
        assert chip.value
        assert members(also(chip.without, chip.condition)) == members(canonical(tree))


def test_a_chip_of_a_thing_knows_which() -> None:
    (chip,) = english.chips(read("not suit.colour:navy"), asking(), FIELDS)
    assert chip.field == "suit"

"""Criteria as JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.criteria import text, tree
from regulars.criteria.language import EVERYONE, Criteria, CriteriaError

from .made_up import FIELDS, asking, trees


def read(value: object) -> Criteria:
    return tree.read(value, asking(), FIELDS)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"all": []}, ""),
        ({"field": "waiting"}, "waiting"),
        ({"field": "waiting", "operator": "is", "value": False}, "not waiting"),
        ({"field": "owner", "value": "me"}, "owner:me"),
        ({"field": "Owner", "operator": "is", "value": ["me", "ana lopez"]},
         'owner:me,"Ana Lopez"'),
        ({"field": "tag", "operator": "empty"}, "tag:empty"),
        ({"field": "tag", "operator": "empty", "value": None}, "tag:empty"),
        ({"field": "created", "operator": "<", "value": "7 days ago"}, "created < 7 days ago"),
        ({"field": "created", "operator": "in", "value": "this month"}, "created in this month"),
        ({"field": "created", "operator": "=", "value": "2026-11-01"}, "created = 2026-11-01"),
        ({"field": "intent", "operator": ">=", "value": 4}, "intent >= 4"),
        ({"field": "spent", "operator": "=", "value": [2.5, 3]}, "spent = 2.5,3"),
        ({"field": "name", "operator": "contains", "value": "an"}, "name contains an"),
        ({"has": "suit"}, "has suit"),
        ({"has": "suit", "at_least": 3}, "has at least 3 suit"),
        ({"has": "suit", "at_least": 2, "where": {"field": "paid"}}, "has at least 2 suit(paid)"),
        ({"has": "Suits", "where": {"field": "colour", "value": "Navy"}}, "suit.colour:navy"),
        ({"has": "suit", "where": {"all": [{"field": "paid"}, {"field": "price", "operator": ">",
          "value": 9}]}}, "has suit(paid and price > 9)"),
        ({"field": "suit.colour", "value": "navy"}, "suit.colour:navy"),
        ({"field": "suit.paid", "value": False}, "has suit(not paid)"),
        ({"none": [{"has": "suit", "where": {"any": []}}]}, ""),
        ({"none": [{"field": "waiting"}, {"any": [{"field": "mine"}]}]}, "not (waiting or mine)"),
    ],
)  # fmt: skip
def test_json_is_read(value: object, written: str) -> None:
    assert text.write(read(value)) == written


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, 1.5, "waiting", [], [{"field": "waiting"}], {}, {"all": None}, {"all": {}},
        {"all": [], "any": []}, {"all": [], "field": "waiting"}, {"all": [None]}, {"xor": []},
        {"field": None}, {"field": 3}, {"field": "nosuch"}, {"field": "\ud800"}, {"field": ""},
        {"field": "waiting", "operator": None}, {"field": "waiting", "operator": "<"},
        {"field": "waiting", "value": 1}, {"field": "waiting", "value": None},
        {"field": "waiting", "more": 1},
        {"has": "suit", "at_least": 0}, {"has": "suit", "at_least": 1001},
        {"has": "suit", "at_least": True}, {"has": "suit", "at_least": "2"},
        {"has": "suit", "at_least": 10**400}, {"has": None}, {"has": "zebra"},
        {"has": ["suit"]}, {"has": "suit", "all": []},
        {"has": "suit", "where": None}, {"has": "suit", "where": {"field": "owner", "value": "me"}},
        {"has": "suit", "where": {"has": "suit"}}, {"field": "suit"}, {"field": "suit.nosuch"},
        {"has": "suit", "field": "colour", "value": "navy"}, {"has": "\ud800"},
        {"field": "owner"}, {"field": "owner", "value": []}, {"field": "owner", "value": [[]]},
        {"field": "owner", "value": {"me": 1}}, {"field": "owner", "value": "nobody at all"},
        {"field": "owner", "operator": "empty"}, {"field": "tag", "operator": "empty", "value": 1},
        {"field": "tag", "value": "\x00"}, {"field": "tag", "value": "a\ud800"},
        {"field": "tag", "value": "x" * 201}, {"field": "tag", "value": " "},
        {"field": "tag", "value": [str(n) for n in range(201)]},
        {"field": "intent", "operator": ">=", "value": "4"},
        {"field": "intent", "operator": ">=", "value": True},
        {"field": "intent", "operator": ">=", "value": [4]},
        {"field": "intent", "operator": "=", "value": []},
        {"field": "intent", "operator": ">=", "value": float("nan")},
        {"field": "intent", "operator": ">=", "value": float("inf")},
        {"field": "intent", "operator": ">=", "value": 10**5_000},
        {"field": "intent", "operator": ">=", "value": 1e300},
        {"field": "intent", "operator": "starts", "value": 1},
        {"field": "created", "operator": "<", "value": 7},
        {"field": "created", "operator": "<", "value": "soon"},
        {"field": "created", "operator": "<", "value": "7 days ago please"},
        {"field": "created", "operator": "<", "value": "999999 years ago"},
        {"field": "created", "operator": "=", "value": "7 days ago"},
        {"field": "created", "operator": "in", "value": "2026-11-01"},
        {"all": [{"field": "waiting"}] * 201},
        {"any": [{"field": "tag", "value": f"{n}" * 60} for n in range(100)]},
    ],
)  # fmt: skip
def test_every_other_shape_is_refused_with_a_sentence(value: object) -> None:
    with pytest.raises(CriteriaError) as raised:
        read(value)
    str(raised.value).encode()


def test_thirteen_levels_are_too_deep() -> None:
    value: dict[str, Any] = {"field": "waiting"}
    for _ in range(12):
        value = {"none": [value]}
    with pytest.raises(CriteriaError, match="12 deep"):
        read(value)


@pytest.mark.parametrize(
    "raw",
    ["", "{", "[" * 100_000, "[" * 90_000, '{"all":' * 9_000, "9" * 5_000, "NaN", '"\\ud800"',
     '{"field":"waiting"}x', "\x00", '{"field": "intent", "operator": ">", "value": 1e400}'],
)  # fmt: skip
def test_raw_text_that_is_no_tree_is_refused(raw: str) -> None:
    with pytest.raises(CriteriaError):
        tree.loads(raw, asking(), FIELDS)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
operators = st.sampled_from(["is", "=", "<", ">=", "in", "starts", "contains", "empty"])
shapes = st.recursive(
    scalars
    | st.fixed_dictionaries(
        {"field": st.sampled_from([*FIELDS.keys(), "suit.paid"]) | st.text()},
        optional={"operator": operators | scalars, "value": scalars | st.lists(scalars)},
    )
    | st.just({"has": "suit"}),
    lambda of: (
        st.lists(of)
        | st.dictionaries(st.sampled_from(["all", "any", "none"]) | st.text(), st.lists(of))
        | st.fixed_dictionaries({"has": st.just("suit") | scalars, "where": of})
    ),
    max_leaves=10,
)


@given(shapes)
def test_any_json_value_is_read_or_refused(value: object) -> None:
    try:
        found = read(value)
    except CriteriaError as error:
        str(error).encode()
    else:
        assert read(tree.write(found)) == found


@given(trees())
def test_a_tree_reads_back_from_its_json(criteria: Criteria) -> None:
    assert read(tree.write(criteria)) == criteria
    assert tree.loads(tree.dumps(criteria), asking(), FIELDS) == criteria
    assert json.loads(tree.dumps(criteria)) == tree.write(criteria)


def test_everyone_is_an_empty_all() -> None:
    assert tree.write(EVERYONE) == {"all": []}

"""Building a filter one step at a time: each button's before and after, and what always holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.criteria import shape, text
from regulars.criteria.language import Criteria, CriteriaError, Group, Has, canonical

from .made_up import FIELDS, asking, trees


def read(said: str) -> Criteria:
    return text.read(said, asking(), FIELDS)


@pytest.mark.parametrize(
    ("before", "at", "more", "after"),
    [
        ("", "", "waiting", "waiting"),
        ("mine", "", "waiting", "mine and waiting"),
        ("mine and tag:VIP", "", "waiting", "mine and tag:VIP and waiting"),
        ("mine or waiting", "", "tag:VIP", "mine or waiting or tag:VIP"),
        ("tag:VIP and (mine or waiting)", "1", "type:lead",
         "tag:VIP and (mine or waiting or type:lead)"),
        ("mine and has suit", "1", "colour:navy", "mine and suit.colour:navy"),
        ("mine and suit.paid", "1", "colour:navy", "mine and has suit(paid and colour:navy)"),
        ("not (mine or waiting)", "", "type:lead", "not (mine or waiting or type:lead)"),
    ],
)  # fmt: skip
def test_a_condition_is_added(before: str, at: str, more: str, after: str) -> None:
    path = shape.parse(at)
    inside = shape.things_on(read(before), path)
    fields = FIELDS.of(FIELDS.things[inside[-1]]) if inside else FIELDS
    added = shape.also(read(before), path, text.read(more, asking(), fields))
    assert text.write(added) == after


@pytest.mark.parametrize(
    ("before", "at", "after"),
    [
        ("mine", "", "mine or type:lead"),
        ("mine and waiting", "0", "(mine or type:lead) and waiting"),
        ("mine and waiting", "", "(mine and waiting) or type:lead"),
        ("mine or waiting", "0", "mine or type:lead or waiting"),
    ],
)
def test_a_branch_is_added(before: str, at: str, after: str) -> None:
    other = shape.either(read(before), shape.parse(at), read("type:lead"))
    assert text.write(other) == after


@pytest.mark.parametrize(
    ("before", "at", "after"),
    [
        ("mine", "", ""),
        ("mine and waiting", "0", "waiting"),
        ("tag:VIP and (mine or waiting)", "1.0", "tag:VIP and waiting"),
        ("tag:VIP and (mine or waiting)", "1", "tag:VIP"),
        ("mine and suit.paid", "1.0", "mine and has suit"),
        ("mine and has suit(paid and colour:navy)", "1.0.0", "mine and suit.colour:navy"),
        ("not (mine or waiting)", "1", "not mine"),
        ("waiting and not mine", "1.0", "waiting"),
    ],
)
def test_a_condition_is_taken_out(before: str, at: str, after: str) -> None:
    assert text.write(shape.without(read(before), shape.parse(at))) == after


@pytest.mark.parametrize(
    ("before", "at", "after"),
    [
        ("mine and waiting", "0", "not mine and waiting"),
        ("not mine and waiting", "0", "mine and waiting"),
        ("mine or waiting", "", "not (mine or waiting)"),
        ("suit.paid", "0", "has suit(not paid)"),
    ],
)
def test_a_condition_is_turned(before: str, at: str, after: str) -> None:
    assert text.write(shape.turned(read(before), shape.parse(at))) == after


@pytest.mark.parametrize("at", ["3", "0.0", "x", "-1", "0.0.0.0.0", "9" * 400, "1." * 99])
def test_a_place_that_is_not_there_says_so(at: str) -> None:
    with pytest.raises(CriteriaError, match="nothing at this place"):
        shape.part(read("mine and waiting"), shape.parse(at))


def places(node: Criteria, path: shape.Path = ()) -> list[shape.Path]:
    inner = node.of if isinstance(node, Group) else ()
    if isinstance(node, Has) and node.where != Group("all", ()):
        inner = (node.where,)
    found = [path]
    for n, member in enumerate(inner):
        found += places(member, (*path, n))
    return found


@settings(deadline=None)
@given(trees(), st.data())
def test_turning_twice_is_nothing_and_every_step_is_canonical(
    tree: Criteria, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(places(tree)))
    assert shape.parse(shape.written(path)) == path
    once = shape.turned(tree, path)
    for made in (once, shape.without(tree, path), shape.either(tree, path, read("mine"))):
        assert canonical(made) == made
    if not path:
        assert shape.turned(once, path) == tree
    assert shape.put(tree, path, shape.part(tree, path)) == tree

"""The tree's canonical form and its limits."""

import pytest
from hypothesis import given

from regulars.criteria.language import (
    EVERYONE,
    NOBODY,
    Criteria,
    CriteriaError,
    Fact,
    Group,
    Node,
    also,
    canonical,
    measure,
    nearest,
    without,
)

from .made_up import nodes

WAITING = Fact("waiting", "is", True)
LEAD = Fact("type", "is", ("lead",))
ME = Fact("owner", "is", ("me",))
NOBODYS = Fact("owner", "is", ("unassigned",))
BOTH = Fact("owner", "is", ("me", "unassigned"))


def every(*of: Node) -> Group:
    return Group("all", of)


def either(*of: Node) -> Group:
    return Group("any", of)


def none(*of: Node) -> Group:
    return Group("none", of)


@pytest.mark.parametrize(
    ("tree", "form"),
    [
        (every(WAITING), WAITING),
        (either(WAITING), WAITING),
        (every(WAITING, every(LEAD, ME)), every(WAITING, LEAD, ME)),
        (either(WAITING, either(LEAD)), either(WAITING, LEAD)),
        (every(WAITING, WAITING), WAITING),
        (either(ME, NOBODYS), BOTH),
        (either(ME, WAITING, NOBODYS), either(BOTH, WAITING)),
        (every(ME, NOBODYS), every(ME, NOBODYS)),
        (Fact("owner", "is", ("me", "unassigned", "me")), BOTH),
        (none(ME, NOBODYS), none(BOTH)),
        (none(none(WAITING)), WAITING),
        (none(none(WAITING, LEAD)), either(WAITING, LEAD)),
        (none(either(WAITING, LEAD)), none(WAITING, LEAD)),
        (none(every(WAITING, LEAD)), none(every(WAITING, LEAD))),
        (none(), EVERYONE),
        (none(EVERYONE), NOBODY),
        (none(NOBODY), EVERYONE),
        (none(NOBODY, WAITING), none(WAITING)),
        (every(WAITING, EVERYONE), WAITING),
        (every(WAITING, NOBODY), NOBODY),
        (either(WAITING, NOBODY), WAITING),
        (either(WAITING, EVERYONE), EVERYONE),
    ],
)
def test_equal_trees_have_one_form(tree: Criteria, form: Criteria) -> None:
    assert canonical(tree) == form


@given(nodes)
def test_the_canonical_form_stays_as_it_is(tree: Criteria) -> None:
    assert canonical(canonical(tree)) == canonical(tree)


def test_a_condition_is_added_and_taken_out_again() -> None:
    more = also(WAITING, LEAD)
    assert more == every(WAITING, LEAD)
    assert without(more, LEAD) == WAITING
    assert without(WAITING, WAITING) == EVERYONE


def test_twelve_deep_is_allowed_and_thirteen_is_not() -> None:
    tree: Node = WAITING
    for level in range(11):
        tree = Group("all" if level % 2 else "any", (tree, LEAD))
    measure(tree)
    with pytest.raises(CriteriaError, match="12 deep"):
        measure(Group("any", (tree, ME)))


def test_two_hundred_conditions_are_allowed_and_one_more_is_not() -> None:
    measure(every(*[WAITING] * 200))
    with pytest.raises(CriteriaError, match="200 conditions"):
        measure(every(*[WAITING] * 201))


def test_a_tree_past_all_bounds_is_refused_without_recursion() -> None:
    tree: Node = WAITING
    for _ in range(100_000):
        tree = Group("none", (tree,))
    with pytest.raises(CriteriaError):
        canonical(tree)
    while isinstance(tree, Group):  # or freeing it link by link would recurse
        tree = tree.of[0]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (CriteriaError("Unknown field “ownr”", 1, "owner"),
         "Unknown field “ownr” at 1. Did you mean “owner”?"),
        (CriteriaError("Nothing fits", 4), "Nothing fits at 4."),
        (CriteriaError("Nothing fits", parameter="created"), "In “created”: Nothing fits."),
    ],
)  # fmt: skip
def test_an_error_says_what_where_and_what_was_perhaps_meant(
    error: CriteriaError, sentence: str
) -> None:
    assert str(error) == sentence


def test_only_a_close_word_is_proposed() -> None:
    assert nearest("stroe", ["owner", "store"]) == "store"
    assert nearest("zzz", ["owner", "store"]) is None
    assert nearest("x" * 1_000_000, ["owner"]) is None

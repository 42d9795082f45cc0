"""`in:` in all its forms, and audiences that would be made of themselves."""

import pytest
from django.http import QueryDict

from regulars.criteria import english, text, tree, url
from regulars.criteria.audiences import audiences_of, refuse_circle, renamed
from regulars.criteria.complete import complete
from regulars.criteria.fields import CustomerField
from regulars.criteria.language import EVERYONE, Criteria, CriteriaError, Fact, Group, Has

from .made_up import FIELDS, asking

SOLD = Fact("in", "is", ("Recently sold",))


def made_of(*names: str) -> Criteria:
    return Group("all", tuple(Fact("in", "is", (name,)) for name in names))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('in:"Recently sold"', 'in:"Recently sold"'),
        ("IN:recently sold", 'in:"Recently sold"'),
        ("audience is recently sold", 'in:"Recently sold"'),
        ("waiting in:VIP", "waiting and in:VIP"),
        ("not in:VIP", "not in:VIP"),
        ("-in:VIP", "not in:VIP"),
        ("in:VIP or in:'recently sold'", 'in:VIP,"Recently sold"'),
        ("in != VIP", "not in:VIP"),
        ("created in this month and in:VIP", "created in this month and in:VIP"),
        ('in:"empty"', 'in:"empty"'),
    ],
)
def test_it_is_typed_forgivingly_and_written_in_one_form(typed: str, written: str) -> None:
    assert text.write(text.read(typed, asking(), FIELDS)) == written


def test_the_other_faces_say_the_same() -> None:
    json = {"field": "in", "operator": "is", "value": ["Recently sold"]}
    assert tree.write(SOLD) == json
    assert tree.read(json, asking(), FIELDS) == SOLD
    assert url.write(SOLD) == "in=Recently+sold"
    assert url.read(QueryDict("in=Recently+sold"), asking(), FIELDS) == SOLD
    assert english.sentence(SOLD, asking(), FIELDS) == "Audience is Recently sold"
    missing = Group("none", (SOLD,))
    assert english.sentence(missing, asking(), FIELDS) == "Audience is not Recently sold"


def test_an_unknown_audience_is_refused_with_its_place_and_the_nearest() -> None:
    with pytest.raises(CriteriaError) as refused:
        text.read('waiting in:"Recently sole"', asking(), FIELDS)
    assert (refused.value.at, refused.value.suggestion) == (12, "Recently sold")
    with pytest.raises(CriteriaError):
        text.read("in:empty-ish", asking(), FIELDS)


@pytest.mark.parametrize("typed", ["in:", "waiting and in:", "not in:"])
def test_the_audiences_are_offered_while_typing(typed: str) -> None:
    offered = [one.insert for one in complete(typed, asking(), FIELDS)]
    assert offered == ["VIP", '"Recently sold"', '"empty"']


def test_no_other_field_takes_the_name() -> None:
    with pytest.raises(ValueError, match="cannot be called"):
        CustomerField("in", "In", "tag", ("is",), lambda *_: None)  # type: ignore[arg-type]


def test_the_audiences_that_criteria_name() -> None:
    deep = Group("none", (Group("any", (SOLD, Fact("waiting", "is", True))), made_of("b", "B")))
    assert audiences_of(deep) == ("Recently sold", "b")
    assert audiences_of(Has("suit", Fact("colour", "is", ("in",)))) == ()


def test_an_audience_that_is_renamed_is_named_anew_wherever_it_stands() -> None:
    deep = Group("none", (Group("any", (SOLD, Fact("waiting", "is", True))), made_of("b", "B")))
    anew = renamed(deep, "recently SOLD", "Sold")
    assert audiences_of(anew) == ("Sold", "b")
    assert renamed(anew, "Sold", "Recently sold") == deep
    assert renamed(EVERYONE, "b", "c") == EVERYONE


CIRCLES: list[tuple[dict[str, tuple[str, ...]], str]] = [
    ({"A": ("A",)}, "A → A"),
    ({"A": ("a",)}, "A → A"),
    ({"North VIPs": ("Sold",), "Sold": ("North VIPs",)}, "North VIPs → Sold → North VIPs"),
    ({"A": ("B", "C"), "B": (), "C": ("D",), "D": ("B", "A")}, "A → C → D → A"),
    ({str(n): (str((n + 1) % 9),) for n in range(9)}, "0 → 1 → 2 → … → 8 → 0"),
]


@pytest.mark.parametrize(("audiences", "way"), CIRCLES)
def test_an_audience_made_of_itself_is_refused_with_the_way_round(
    audiences: dict[str, tuple[str, ...]], way: str
) -> None:
    name = next(iter(audiences))
    with pytest.raises(CriteriaError) as refused:
        refuse_circle(name, made_of(*audiences[name]), lambda other: made_of(*audiences[other]))
    assert str(refused.value) == f"An audience cannot be made of itself: {way}."


def test_audiences_may_share_what_they_are_made_of() -> None:
    shared = {"B": made_of("D"), "C": made_of("D", "B")}
    asked: list[str] = []

    def criteria_of(name: str) -> Criteria | None:
        asked.append(name)
        return shared.get(name)

    refuse_circle("A", made_of("B", "C"), criteria_of)
    assert sorted(asked) == ["B", "C", "D"]


def test_an_endless_chain_ends() -> None:
    with pytest.raises(CriteriaError, match="more than 200 audiences"):
        refuse_circle("0", made_of("1"), lambda name: made_of(str(int(name) + 1)))

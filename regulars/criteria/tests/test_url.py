"""Criteria as the address of a list."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from regulars.criteria import text, url
from regulars.criteria.language import Criteria, CriteriaError

from .made_up import FIELDS, asking, members, trees


def read(query: str) -> Criteria:
    return url.read(QueryDict(query), asking(), FIELDS)


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("", ""),
        ("type=lead&tag=VIP&owner=me&created=7d&waiting=1",
         "type:lead and tag:VIP and owner:me and created < 7 days ago and waiting"),
        ("waiting=0", "not waiting"),
        ("waiting=yes&mine=off", "waiting and not mine"),
        ("owner=me&owner=unassigned", "owner:me,unassigned"),
        ("owner=ben+o%27brien", 'owner:"Ben O\'Brien"'),
        ("tag=VIP&tag=empty", "tag:VIP or tag:empty"),
        ("tag=empty", "tag:empty"),
        ("tag=&type=lead&owner=+", "type:lead"),
        ("page=3&sort=name&q=ana&utm_source=x", ""),
        ("created=%3E90d", "created > 90 days ago"),
        ("created=this-month", "created in this month"),
        ("created=last 7 days", "created < 7 days ago"),
        ("created=2026-11-01", "created = 2026-11-01"),
        ("created=2026-11-01..2026-11-30", "created >= 2026-11-01 and created <= 2026-11-30"),
        ("intent=4&intent=5", "intent = 4,5"),
        ("intent=%3E%3D4", "intent >= 4"),
        ("intent=2..4", "intent >= 2 and intent <= 4"),
        ("name=ana", "name:ana"),
        ("name=starts", 'name:"starts"'),
        ("filter=waiting+or+mine&type=lead", "(waiting or mine) and type:lead"),
        ('filter={"any":[{"field":"waiting"},{"field":"mine"}]}', "waiting or mine"),
        ("filter=suit.colour:navy&type=lead", "suit.colour:navy and type:lead"),
        ('filter={"has":"suit"}', "has suit"),
        ("filter=", ""),
    ],
)  # fmt: skip
def test_an_address_is_read(query: str, written: str) -> None:
    assert text.write(read(query)) == written


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", ""),
        ("waiting and not mine", "waiting=1&mine=0"),
        ("owner:me,unassigned and type:lead", "owner=me&owner=unassigned&type=lead"),
        ("created < 7 days ago", "created=7d"),
        ("created > 3 months ago", "created=%3E3mo"),
        ("created in this month", "created=this-month"),
        ("created in next 7 days", "created=next-7-days"),
        ("created:2026-11-01..2026-11-30", "created=2026-11-01..2026-11-30"),
        ("intent:2..4", "intent=2..4"),
        ("tag:empty", "tag=empty"),
        ('tag:"empty"', "filter=tag%3A%22empty%22"),
        ("tag:a and tag:b", "tag=a&filter=tag%3Ab"),
        ("waiting or mine", "filter=waiting+or+mine"),
        ("nobody", "filter=nobody"),
        ("has suit and waiting", "waiting=1&filter=has+suit"),
        ("not suit.colour:navy", "filter=not+suit.colour%3Anavy"),
    ],
)
def test_plain_conditions_are_plain_parameters(typed: str, query: str) -> None:
    assert url.write(text.read(typed, asking(), FIELDS)) == query


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("type=leed", "In “type”: There is no type “leed”. Did you mean “lead”?"),
        ("created=soon", "In “created”: “soon” is no time "
         "(such as 2026-11-01, 7 days ago, last 7 days or this month)."),
        ("created=7d+and+waiting", "In “created”: “7d and waiting” is not understood."),
        ("waiting=maybe", "In “waiting”: “waiting” is yes or no."),
        ("intent=%00", "In “intent”: There is a character that cannot be typed."),
        ("tag=%00", "In “tag”: “�” has characters that cannot be stored."),
        ("filter=ownr:me",
         "In “filter”: Unknown field “ownr” at 1. Did you mean “owner”?"),
        ("filter=has+siut",
         "In “filter”: There is nothing called “siut” to have at 5. Did you mean “suit”?"),
        ("filter={", "In “filter”: The filter is not valid JSON at 2."),
    ],
)  # fmt: skip
def test_a_bad_value_names_its_parameter(query: str, sentence: str) -> None:
    with pytest.raises(CriteriaError) as raised:
        read(query)
    assert str(raised.value) == sentence
    assert raised.value.parameter == query.partition("=")[0]


def test_any_mapping_of_lists_will_do() -> None:
    found = url.read({"type": ["lead"], "tag": ["a", "b"]}, asking(), FIELDS)
    assert text.write(found) == "type:lead and tag:a,b"


def test_a_thousand_values_are_refused() -> None:
    with pytest.raises(CriteriaError, match="more than 200"):
        url.read({"tag": [str(n) for n in range(1_000)]}, asking(), FIELDS)


@given(trees())
def test_a_tree_reads_back_from_its_address(tree: Criteria) -> None:
    assert members(read(url.write(tree))) == members(tree)


@given(trees())
def test_the_address_of_what_an_address_says_is_the_same(tree: Criteria) -> None:
    once = url.write(read(url.write(tree)))
    assert url.write(read(once)) == once


@given(
    st.dictionaries(
        st.sampled_from([*FIELDS.keys(), "filter"]),
        st.lists(st.text() | st.sampled_from(["1", "7d", "..", ">=4", ":", "{}", "empty"])),
    )
)
def test_any_address_is_read_or_refused(parameters: dict[str, list[str]]) -> None:
    try:
        found = url.read(parameters, asking(), FIELDS)
    except CriteriaError as error:
        str(error).encode()
    else:
        assert members(read(url.write(found))) == members(found)

"""Tags, groups, categories and sources are kept in Settings, and change on everybody at once."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from regulars.customers import actions
from regulars.customers.models import Category, Customer, Group, SourceName, Tag, Tagging
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


def tags_of(customer: Customer) -> list[str]:
    return list(customer.tags.values_list("name", flat=True))


def test_a_tag_changes_its_name_and_colour_on_everybody(
    ada_in: Client, make_customer: MakeCustomer, mia: User
) -> None:
    rita = make_customer("Rita Moss")
    actions.tag(rita, "vip", by=mia)
    tag = Tag.objects.get()
    ada_in.post(f"/settings/tags/{tag.pk}/", {"name": "VIP", "colour": "violet"})
    assert tags_of(rita) == ["VIP"]
    assert 'class="tag violet"' in ada_in.get("/settings/tags/").text


def test_a_tag_says_how_many_have_it(
    ada_in: Client, make_customer: MakeCustomer, mia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Rita Moss", "Sam Poe", "Una Vale"):
        actions.tag(make_customer(name), "Gold", by=mia)
    actions.tag(make_customer("Vic Wall"), "Old", by=mia)
    actions.add_tag("Unused", by=mia)
    page = ada_in.get("/settings/tags/").text
    said = dict(re.findall(r"customers with the tag (\w+)\">([^<]+)<", page))
    assert said == {"Gold": "3", "Old": "1", "Unused": "0"}
    monkeypatch.setattr("regulars.customers.views.lists.COUNTED", 2)
    assert "2+" in ada_in.get("/settings/tags/").text


def test_every_list_and_every_entry_is_drawn(ada_in: Client, mia_in: Client, ada: User) -> None:
    rows: dict[str, Group | Category | SourceName] = {
        "groups": Group.objects.all()[0],
        "categories": actions.add_category("Boutique", by=ada),
        "sources": actions.add_source("Boat show", by=ada),
    }
    page = ada_in.get("/settings/lists/")
    for kind, row in rows.items():
        assert row.name in page.text
        assert ada_in.get(f"/settings/lists/{kind}/{row.pk}/").status_code == 200
    assert "Add group" not in mia_in.get("/settings/lists/").text


def test_merging_two_tags_leaves_nobody_twice_and_keeps_who_added_it(
    ada_in: Client, make_customer: MakeCustomer, mia: User, ana: User
) -> None:
    rita, sam = make_customer("Rita Moss"), make_customer("Sam Poe")
    actions.tag(rita, "Gold", by=mia)
    actions.tag(rita, "Golden", by=ana)
    actions.tag(sam, "Golden", by=ana)
    golden = Tag.objects.get(name="Golden")
    answer = ada_in.post(f"/settings/tags/{golden.pk}/merge/", {"into": "GOLD"}, follow=True)
    assert "1 customer gained it" in answer.text
    assert (tags_of(rita), tags_of(sam)) == (["Gold"], ["Gold"])
    assert Tagging.objects.get(customer=sam).added_by == ana
    assert not Tag.objects.filter(name="Golden").exists()


@pytest.mark.parametrize("into", ["", "Gold", "Nothing", "x" * 300, "a\x00b"])
def test_a_tag_is_merged_only_into_another_one_there_is(
    ada_in: Client, ada: User, into: str
) -> None:
    tag = actions.add_tag("Gold", by=ada)
    answer = ada_in.post(f"/settings/tags/{tag.pk}/merge/", {"into": into})
    assert answer.status_code == 422
    assert Tag.objects.count() == 1
    with pytest.raises(Invalid):
        actions.merge_tags(tag, into=tag, by=ada)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": " ", "colour": ""}, "required"),
        ({"name": "gold", "colour": ""}, "already"),
        ({"name": "New", "colour": "plaid"}, "valid choice"),
        ({"name": "x" * 61, "colour": ""}, "at most 60"),
    ],
)
def test_a_tag_that_cannot_be_is_told(
    ada_in: Client, ada: User, said: dict[str, str], why: str
) -> None:
    actions.add_tag("Gold", by=ada)
    answer = ada_in.post("/settings/tags/", said)
    assert answer.status_code == 422
    assert why in answer.text
    other = actions.add_tag("Silver", by=ada)
    assert ada_in.post(f"/settings/tags/{other.pk}/", said).status_code == 422


def test_a_deleted_tag_goes_from_everybody(
    ada_in: Client, make_customer: MakeCustomer, mia: User
) -> None:
    rita = make_customer("Rita Moss")
    actions.tag(rita, "Old", by=mia)
    ada_in.post(f"/settings/tags/{Tag.objects.get().pk}/delete/")
    assert tags_of(rita) == []


def test_the_page_of_tags_is_bounded(
    ada_in: Client, ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Tag.objects.bulk_create(Tag(name=f"Tag {n:03}") for n in range(120))
    with django_assert_max_num_queries(8):
        first = ada_in.get("/settings/tags/").text
    assert "Tag 049" in first
    assert "Tag 050" not in first
    assert "Tag 050" in ada_in.get("/settings/tags/?after=Tag+049").text


def test_new_customers_go_into_the_default_group(
    ada_in: Client, make_customer: MakeCustomer
) -> None:
    ada_in.post("/settings/lists/groups/", {"groups-name": "Fleet"})
    fleet = Group.objects.get(name="Fleet")
    ada_in.post(f"/settings/lists/groups/{fleet.pk}/default/")
    assert make_customer("Rita Moss").group == fleet
    assert Group.objects.filter(is_default=True).count() == 1


def test_a_groups_customers_go_over_to_another_one(
    ada_in: Client, ada: User, make_customer: MakeCustomer
) -> None:
    standard = Group.objects.get(is_default=True)
    fleet = actions.add_group("Fleet", by=ada)
    rita = make_customer("Rita Moss")
    Customer.objects.get_queryset().filter(pk=rita.pk).update(group=fleet)
    at = f"/settings/lists/groups/{fleet.pk}/remove/"
    assert ada_in.post(at, {"to": "nowhere"}).status_code == 422
    assert ada_in.post(at, {"to": str(fleet.pk)}).status_code == 422
    ada_in.post(at, {"to": str(standard.pk)})
    rita.refresh_from_db()
    assert rita.group == standard
    assert not Group.objects.filter(name="Fleet").exists()


def test_the_default_group_stays(ada_in: Client) -> None:
    group = Group.objects.get(is_default=True)
    other = Group.objects.exclude(pk=group.pk)[0]
    at = f"/settings/lists/groups/{group.pk}/remove/"
    answer = ada_in.post(at, {"to": str(other.pk)})
    assert answer.status_code == 422
    assert Group.objects.filter(pk=group.pk).exists()


def test_a_category_may_be_left_for_none(
    ada_in: Client, ada: User, make_customer: MakeCustomer
) -> None:
    boutique = actions.add_category("Boutique", by=ada)
    rita = make_customer("Rita Moss")
    Customer.objects.get_queryset().filter(pk=rita.pk).update(category=boutique)
    assert "Rita Moss" in ada_in.get("/customers/?category=Boutique").text
    ada_in.post(f"/settings/lists/categories/{boutique.pk}/", {"name": "Shop"})
    assert "Rita Moss" in ada_in.get("/customers/?category=Shop").text
    ada_in.post(f"/settings/lists/categories/{boutique.pk}/remove/", {"to": ""})
    rita.refresh_from_db()
    assert rita.category is None
    assert not Category.objects.exists()


def test_a_source_of_ones_own_is_renamed_on_everybody(
    ada_in: Client, ada: User, make_customer: MakeCustomer
) -> None:
    ada_in.post("/settings/lists/sources/", {"sources-name": "Trade fair"})
    source = SourceName.objects.get()
    rita = make_customer("Rita Moss", source="other", source_other="Trade fair")
    ada_in.post(f"/settings/lists/sources/{source.pk}/", {"name": "Boat show"})
    rita.refresh_from_db()
    assert rita.source_label == "Boat show"
    ada_in.post(f"/settings/lists/sources/{source.pk}/remove/")
    rita.refresh_from_db()
    assert rita.source_label == "Boat show"
    assert not SourceName.objects.exists()


@pytest.mark.parametrize("path", ["nonsense/", "nonsense/1/", "groups/999999/"])
def test_a_list_that_is_none_is_missing(ada_in: Client, path: str) -> None:
    assert ada_in.post(f"/settings/lists/{path}", {"name": "x"}).status_code == 404


def test_a_tag_that_is_not_among_those_offered_is_still_one_to_filter_by(
    ada_in: Client, make_customer: MakeCustomer, mia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.customers.choices.MOST", 2)
    for name, tag in (("Rita Moss", "Boat"), ("Sam Poe", "Gold"), ("Una Vale", "Zoo trip")):
        actions.tag(make_customer(name), tag, by=mia)
    found = ada_in.get("/customers/", {"filter": 'tag:"zoo trip"'}).text
    assert "Una Vale" in found
    assert "Sam Poe" not in found
    assert "There is no tag “Zoo”" in ada_in.get("/customers/?tag=Zoo").text

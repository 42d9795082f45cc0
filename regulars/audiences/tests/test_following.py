"""What an audience or a view means stays when what it names is called differently."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from regulars.audiences import actions as audiences
from regulars.audiences import membership
from regulars.audiences.actions import ViewFacts
from regulars.customers import actions
from regulars.customers.models import Category, Group, Tag
from regulars.staff import actions as staff
from regulars.staff.models import User
from tests.cast import MakeCustomer

from .test_membership import fitting, people

pytestmark = pytest.mark.django_db


def _tag(ada: User, ana: User) -> None:
    actions.change_tag(Tag.objects.get(name="VIP"), name="Gold", colour="blue", by=ada)


def _group(ada: User, ana: User) -> None:
    actions.change_group(Group.objects.get(name="Standard"), name="Or so", by=ada)


def _category(ada: User, ana: User) -> None:
    actions.change_category(Category.objects.get(name="Dealer"), name="Trade", by=ada)


def _colleague(ada: User, ana: User) -> None:
    staff.change(ana, name="Ana Lopez", by=ada)


def _themselves(ada: User, ana: User) -> None:
    staff.set_profile(ana, name="Ana Lopez", time_zone="", single_keys=True)


def _team(ada: User, ana: User) -> None:
    assert ana.team is not None
    staff.change_team(ana.team, name="Sales 1", by=ada)


def _store(ada: User, ana: User) -> None:
    assert ana.store is not None
    staff.change_store(ana.store, name="Uptown", time_zone="UTC", country="US", by=ada)


@pytest.mark.parametrize(
    ("rename", "before", "after"),
    [
        (_tag, "tag:VIP,Fleet or not tag:vip", "tag:Gold,Fleet or not tag:Gold"),
        (_group, "group:Standard and waiting", 'group:"Or so" and waiting'),
        (_category, "category:Dealer", "category:Trade"),
        (_colleague, 'owner:"Ana Ferreira" or has call(by:"Ana Ferreira")',
         'owner:"Ana Lopez" or call.by:"Ana Lopez"'),
        (_themselves, 'has task(open and assignee:"Ana Ferreira")',
         'has task(open and assignee:"Ana Lopez")'),
        (_team, 'team:"North Sales"', 'team:"Sales 1"'),
        (_store, 'not store:"Marlow North"', "not store:Uptown"),
    ],
)  # fmt: skip
def test_audiences_and_views_say_the_new_name(
    rename: Callable[[User, User], None], before: str, after: str, ada: User, ana: User
) -> None:
    for name in ("VIP", "Fleet"):
        actions.add_tag(name, by=ada)
    actions.add_category("Dealer", by=ada)
    audience = audiences.make_audience(name="These", criteria=before, by=ada)
    other = audiences.make_audience(name="Others", criteria="name:VIP", by=ada)
    view = audiences.save_view(name="These", shows=ViewFacts(before), by=ana)
    rename(ada, ana)
    for row in (audience, other, view):
        row.refresh_from_db()
    assert (audience.criteria, view.criteria) == (after, after)
    assert (audience.problem, other.criteria) == ("", "name:VIP")


def test_a_tag_merged_into_another_is_called_like_that_one(
    ada: User, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", tags=["VIP"])
    make_customer("Sam Poe", tags=["Fleet"])
    vips = audiences.make_audience(name="VIPs", criteria="tag:VIP", by=ada)
    tags = {tag.name: tag for tag in Tag.objects.all()}
    actions.merge_tags(tags["VIP"], into=tags["Fleet"], by=ada)
    vips.refresh_from_db()
    assert (vips.criteria, vips.settled_at) == ("tag:Fleet", None)
    membership.settle(vips)
    assert people(vips) == fitting(vips) == ["Renée Roe", "Sam Poe"]


def test_of_two_colleagues_of_one_name_nothing_is_guessed(ada: User, ana: User, ben: User) -> None:
    staff.change(ben, name="Ana Ferreira", by=ada)
    both = audiences.make_audience(name="Both", criteria='owner:"Ana Ferreira"', by=ada)
    staff.change(ben, name="Ben Castillo", by=ada)
    both.refresh_from_db()
    assert both.criteria == 'owner:"Ana Ferreira"'

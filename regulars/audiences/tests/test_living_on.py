"""Members when customers become one, come apart, are archived or erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from regulars.audiences import actions as audiences
from regulars.audiences import membership
from regulars.audiences.models import Audience, Changed, Listed, Member, Stay, View
from regulars.audiences.queries import around
from regulars.customers import actions
from regulars.customers.merging.since import since
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff.models import User
from tests.cast import MakeCustomer

from .test_membership import fitting, people

pytestmark = pytest.mark.django_db


def rows(model: Any) -> set[tuple[Any, ...]]:
    columns = [f.attname for f in model._meta.concrete_fields if f.name != "last_activity_at"]
    return set(model.objects.values_list(*columns))


@pytest.fixture
def both(make_customer: MakeCustomer) -> tuple[Customer, Customer]:
    return make_customer("Renée Roe", tags=["VIP"]), make_customer("R. Roe", tags=["VIP", "Gone"])


@pytest.fixture
def three(ada: User, both: tuple[Customer, Customer]) -> list[Audience]:
    """Both are VIPs and at the party, one of them was in another audience until just now."""
    vips = audiences.make_audience(name="VIPs", criteria="tag:VIP", by=ada)
    gone = audiences.make_audience(name="Gone", criteria="tag:Gone", by=ada)
    party = audiences.make_audience(name="Party", by=ada)
    audiences.put_on_list(party, [one.pk for one in both], by=ada)
    with clock.at(clock.now() + timedelta(hours=1)):
        actions.untag(both[1], "Gone", by=ada)
        membership.keep_up()
    return [vips, gone, party]


def test_merged_they_are_one_member_and_taken_apart_two_again(
    ada: User, both: tuple[Customer, Customer], three: list[Audience]
) -> None:
    stays, goes = both
    before = [rows(model) for model in (Listed, Member, Stay)]
    merge = actions.merge(stays, [goes], by=ada)
    assert [people(one) for one in three] == [["Renée Roe"], [], ["Renée Roe"]]
    assert set(Stay.objects.values_list("customer", flat=True)) == {stays.pk}
    assert set(Audience.objects.values_list("name", "size")) == {
        ("VIPs", 1), ("Gone", 0), ("Party", 1),
    }  # fmt: skip
    actions.undo_merge(merge, by=ada)
    assert [rows(model) for model in (Listed, Member, Stay)] == before
    membership.keep_up()
    assert [rows(model) for model in (Listed, Member, Stay)] == before
    assert [one.size for one in Audience.objects.order_by("name")] == [0, 2, 2]


def test_whoever_is_looked_at_between_merging_and_undoing_is_where_they_belong(
    ada: User, both: tuple[Customer, Customer], three: list[Audience]
) -> None:
    stays, goes = both
    merge = actions.merge(stays, [goes], by=ada)
    actions.untag(stays, "VIP", by=ada)
    actions.tag(stays, "Gone", by=ada)
    membership.keep_up()
    assert [people(one) for one in three] == [[], ["Renée Roe"], ["Renée Roe"]]
    asked = {one.model for one in since(merge, merge.profiles.all())}
    assert not asked & {Member, Stay}
    actions.undo_merge(merge, by=ada)
    membership.keep_up()
    assert [people(one) for one in three] == [fitting(one) for one in three]
    assert people(three[2]) == ["R. Roe", "Renée Roe"]


def test_whoever_is_erased_is_in_none_any_more(
    ada: User, both: tuple[Customer, Customer], three: list[Audience]
) -> None:
    goes = both[1]
    goes.refresh_from_db()
    actions.erase(goes, confirm=goes.name, by=ada)
    for model in (Listed, Member, Stay):
        assert not model.objects.filter(customer=goes.pk).exists()
    assert not Changed.objects.filter(customer=goes.pk).exists()
    assert [one.size for one in Audience.objects.order_by("name")] == [0, 1, 1]


def test_criteria_that_name_the_erased_become_a_list_and_such_a_view_goes(
    ada: User, both: tuple[Customer, Customer]
) -> None:
    party = audiences.make_audience(
        name="Roes", criteria='name contains "R. Roe" or tag:VIP', by=ada
    )
    shows = audiences.ViewFacts(criteria='name = "R. Roe"')
    audiences.save_view(name="Them", shows=shows, by=ada)
    both[1].refresh_from_db()
    actions.erase(both[1], confirm=both[1].name, by=ada)
    party.refresh_from_db()
    assert (party.is_list, people(party), party.size) == (True, ["Renée Roe"], 1)
    membership.settle(party)
    assert people(party) == ["Renée Roe"]
    assert not View.objects.exists()


def test_whoever_is_put_away_is_in_no_audience_until_they_are_back(
    ada: User, both: tuple[Customer, Customer], three: list[Audience]
) -> None:
    actions.archive(both[0], by=ada)
    membership.keep_up()
    assert people(three[0]) == ["R. Roe"]
    assert people(three[2]) == ["R. Roe", "Renée Roe"]  # who was put on a list stays on it
    actions.restore(both[0], by=ada)
    membership.keep_up()
    assert people(three[0]) == ["R. Roe", "Renée Roe"]


def test_merged_they_are_in_it_since_the_first_of_them_was(
    ada: User, both: tuple[Customer, Customer]
) -> None:
    stays, goes = both
    party = audiences.make_audience(name="Party", by=ada)
    audiences.put_on_list(party, [goes.pk], by=ada)
    then = clock.now()
    with clock.at(then + timedelta(hours=1)):
        audiences.put_on_list(party, [stays.pk], by=ada)
        merge = actions.merge(stays, [goes], by=ada)
        everybody = Customer.objects.get_queryset()
        assert everybody.filter(membership.as_of(party, then)).get() == stays
        actions.undo_merge(merge, by=ada)
        assert everybody.filter(membership.as_of(party, then)).get() == goes


def test_what_they_were_in_while_they_were_one_is_what_both_were_in_then(
    ada: User, both: tuple[Customer, Customer], make_customer: MakeCustomer
) -> None:
    stays, goes = both
    outer = make_customer("Ro Roe")
    party = audiences.make_audience(name="Party", by=ada)
    audiences.put_on_list(party, [goes.pk], by=ada)
    start = clock.now()
    with clock.at(start + timedelta(hours=1)):
        inner_merge = actions.merge(stays, [goes], by=ada)
    with clock.at(start + timedelta(hours=2)):
        outer_merge = actions.merge(outer, [stays], by=ada)
    with clock.at(start + timedelta(hours=3)):
        actions.undo_merge(inner_merge, by=ada)
    with clock.at(start + timedelta(hours=4)):
        actions.undo_merge(outer_merge, by=ada)
    told = {
        (one.name, hours): [
            within.name for within in around(one, then=start + timedelta(hours=hours))
        ]
        for one in (outer, stays, goes)
        for hours in (0.5, 1.5, 2.5, 3.5)
    }
    assert {at for at, names in told.items() if names} == {
        ("R. Roe", 0.5), ("R. Roe", 1.5), ("R. Roe", 2.5), ("R. Roe", 3.5),
        ("Renée Roe", 1.5), ("Renée Roe", 2.5), ("Ro Roe", 2.5),
    }  # fmt: skip
    assert all(len(names) < 2 for names in told.values())

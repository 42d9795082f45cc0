"""What was said holds: of families, and of two who are never asked about again."""

from __future__ import annotations

import pytest
from django.test import Client

from regulars.customers import actions as customers
from regulars.customers.models import Customer, Merge
from regulars.matching import actions, queries
from regulars.matching.models import Pair, Verdict
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
HERE = "/customers/duplicates/"
HOME = {"line1": "12 Main Street", "city": "Troy", "state": "MI", "postal_code": "48084"}


@pytest.fixture
def harts(make_customer: MakeCustomer, ana: User) -> tuple[Customer, Customer]:
    one, other = (
        make_customer(f"{name} Hart", owner=ana, phone="734 222 0142", locations=[HOME])
        for name in ("William", "Nora")
    )
    actions.search_changed(by=None)
    return one, other


def test_two_households_that_may_be_one_are_a_kind_of_their_own_and_are_joined(
    ana_in: Client, harts: tuple[Customer, Customer], make_customer: MakeCustomer, ana: User
) -> None:
    for one, name in zip(harts, ("Kim Vale", "Lou Zorn"), strict=True):
        customers.confirm(one, make_customer(name, owner=ana), by=ana)
    assert "Nothing to decide here" in ana_in.get(f"{HERE}?kind=household").text
    page = ana_in.get(f"{HERE}?kind=households").text
    for text in ("are two households", "Kim Vale", "Lou Zorn", "Join the two", "Two households"):
        assert text in page
    pair = Pair.objects.get()
    answer = ana_in.post(f"{HERE}{pair.pk}/", {"verdict": "family"})
    assert answer["Location"] == f"{HERE}?kind=households"
    homes = set(Customer.objects.get_queryset().values_list("household", flat=True))
    assert len(homes) == 1
    assert "Nothing to decide here" in ana_in.get(f"{HERE}?kind=households").text
    ana_in.post(f"{HERE}verdicts/{Verdict.objects.get().pk}/undo/")
    assert len(set(Customer.objects.get_queryset().values_list("household", flat=True))) == 2


def test_no_family_is_said_in_one_place_and_asked_in_none(
    ana_in: Client, harts: tuple[Customer, Customer]
) -> None:
    pair = Pair.objects.get()
    assert "Not a family" in ana_in.get(f"{HERE}?kind=household").text
    ana_in.post(f"{HERE}{pair.pk}/", {"verdict": "different"})
    assert "Family?" not in ana_in.get(harts[0].get_absolute_url()).text
    ana_in.post(f"{HERE}verdicts/{Verdict.objects.get().pk}/undo/")
    assert "Family?" in ana_in.get(harts[0].get_absolute_url()).text
    assert "Nora Hart" in ana_in.get(f"{HERE}?kind=household").text


@pytest.mark.parametrize("said", ["confirm", "refuse"])
def test_what_was_said_on_the_customers_page_is_not_asked_here(
    ana_in: Client, harts: tuple[Customer, Customer], ana: User, said: str
) -> None:
    getattr(customers, said)(*harts, by=ana)
    assert "Nothing to decide here" in ana_in.get(f"{HERE}?kind=household").text
    actions.search_changed(by=None)
    assert "Nothing to decide here" in ana_in.get(f"{HERE}?kind=household").text


def test_never_these_two_holds_after_merging_undoing_and_every_search(
    make_customer: MakeCustomer, ana: User
) -> None:
    one, other, third = (
        make_customer(name, owner=ana, phone="734 222 0142", email="wh@lake.example")
        for name in ("William Hart", "Bill Hart", "Will Hart")
    )
    actions.search_changed(by=None)
    actions.decide(one, other, verdict="different", by=ana)

    def asked() -> set[frozenset[str]]:
        actions.search_changed(by=None)
        return {
            frozenset((pair.customer.first_name, pair.other.first_name))
            for pair in queries.visible(ana).select_related("customer", "other")
        }

    assert asked() == {frozenset(("William", "Will")), frozenset(("Bill", "Will"))}
    merge = customers.merge(third, [one], by=ana)  # as programs do, without looking again
    assert queries.visible(ana).count() == 0
    assert asked() == set()
    customers.undo_merge(merge, by=ana)
    assert asked() == {frozenset(("William", "Will")), frozenset(("Bill", "Will"))}
    both = customers.merge(one, [other], by=ana)  # by hand all the same
    customers.undo_merge(both, by=ana)
    assert asked() == {frozenset(("William", "Will")), frozenset(("Bill", "Will"))}


@pytest.mark.parametrize("leaves", [0, 1])
@pytest.mark.parametrize("at_once", [True, False])
def test_never_these_two_holds_for_who_left_and_whoever_the_other_one_lives_on_in(
    make_customer: MakeCustomer, ana: User, leaves: int, at_once: bool
) -> None:
    one, other, third = two = [
        make_customer(name, owner=ana, phone="734 222 0142", email="wh@lake.example")
        for name in ("William Hart", "Bill Hart", "Will Hart")
    ]
    actions.decide(one, other, verdict="different", by=ana)
    groups = [[one, other]] if at_once else [[one], [other]]
    merges = [customers.merge(third, group, by=ana) for group in groups]
    merge = Merge.objects.get(profiles__public_id=two[leaves].public_id)
    customers.undo_merge(merge, only=[str(two[leaves].public_id)], by=ana)
    said = Verdict.objects.get()
    assert {said.customer.public_id, said.other.public_id} == {
        two[leaves].public_id, third.public_id,
    }  # fmt: skip
    actions.search_changed(by=None)
    assert not queries.visible(ana).exists()
    for merge in merges:
        if merge.profiles.filter(undone_at=None).exists():
            customers.undo_merge(merge, by=ana)
    said = Verdict.objects.get()
    assert {said.customer.public_id, said.other.public_id} == {one.public_id, other.public_id}


def test_and_of_each_when_whoever_held_both_was_merged_on_and_left_again(
    make_customer: MakeCustomer, ana: User
) -> None:
    one, other, held, last = (make_customer(f"{name} Hart", owner=ana) for name in "ABCD")
    actions.decide(one, other, verdict="different", by=ana)
    steps = [(held, one), (held, other), (last, held)]
    first, second, third = (customers.merge(into, [who], by=ana) for into, who in steps)
    for merge, two in ((first, {one, last}), (third, {one, held}), (second, {one, other})):
        customers.undo_merge(merge, by=ana)
        said = Verdict.objects.get()
        assert {said.customer, said.other} == two

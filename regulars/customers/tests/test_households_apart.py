"""Two households become one and one becomes two; whatever was done is taken back exactly."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers import actions
from regulars.customers.family import family_of
from regulars.customers.models import Customer, Household, HouseholdChange, NotFamily
from regulars.customers.models.history import keepings
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.cast import MakeCustomer
from tests.laws import takes_unshrunk

pytestmark = pytest.mark.django_db
HOME = {"line1": "12 Main Street", "city": "Troy", "state": "MI", "postal_code": "48084"}


@pytest.fixture
def four(make_customer: MakeCustomer, ana: User) -> list[Customer]:
    """Renée with Mateo, Rita with Sam; Renée and Rita share an address."""
    names = ("Renée Castellanos", "Mateo Castellanos", "Rita Moss", "Sam Moss")
    found = [
        make_customer(name, owner=ana, locations=[] if n % 2 else [HOME])
        for n, name in enumerate(names)
    ]
    actions.confirm(found[0], found[1], relation="Wife", by=ana)
    actions.confirm(found[2], found[3], by=ana)
    return fresh(found)


def fresh(people: list[Customer]) -> list[Customer]:
    return [Customer.objects.get_queryset().get(pk=one.pk) for one in people]


def home(customer: Customer) -> Household:
    found = Household.objects.filter(members=customer).first()
    assert found is not None
    return found


def together(people: list[Customer]) -> list[set[str]]:
    """Who lives with whom, by first names."""
    found: dict[int, set[str]] = {}
    for one in fresh(people):
        if one.household_id:
            found.setdefault(one.household_id, set()).add(one.first_name)
    return sorted(found.values(), key=sorted)


def test_another_household_with_something_in_common_is_shown(
    four: list[Customer], ana: User
) -> None:
    family = family_of(ana, four[0])
    assert not family.proposed
    (other,) = family.twice
    assert other.name == "Moss household"
    assert [one.name for one in other.people] == ["Rita Moss"]
    assert other.reasons == ("Same address: 12 Main Street",)


def test_joined_they_are_one_household_and_undone_two(four: list[Customer], ana: User) -> None:
    actions.rename(home(four[2]), "The Mosses", by=ana)
    change = actions.combine(home(four[0]), home(four[2]), by=ana)
    assert together(four) == [{"Renée", "Mateo", "Rita", "Sam"}]
    assert home(four[0]).name == "The Mosses"
    for one in four:
        assert Event.objects.filter(customer=one, kind="household.combined").count() == 1
    assert family_of(ana, four[0]).twice == []
    assert actions.undo_household(change, by=ana) == []
    assert together(four) == [{"Mateo", "Renée"}, {"Rita", "Sam"}]
    assert (home(four[0]).name, home(four[2]).name) == ("", "The Mosses")
    assert fresh(four)[0].relation == "Wife"
    with pytest.raises(Invalid, match="undone already"):
        actions.undo_household(change, by=ana)


def test_some_split_off_and_are_not_proposed_again(four: list[Customer], ana: User) -> None:
    actions.combine(home(four[0]), home(four[2]), by=ana)
    change = actions.split(home(four[0]), four[2:], by=ana)
    assert together(four) == [{"Mateo", "Renée"}, {"Rita", "Sam"}]
    assert family_of(ana, fresh(four)[0]).twice == []
    for one in four:
        assert Event.objects.filter(customer=one, kind="household.split").count() == 1
    actions.undo_household(change, by=ana)
    assert together(four) == [{"Renée", "Mateo", "Rita", "Sam"}]
    assert not NotFamily.objects.exists()


def test_two_households_that_are_not_one_are_not_proposed_again(
    four: list[Customer], ana: User
) -> None:
    change = actions.refuse(four[1], four[3], by=ana)
    assert change is not None
    assert family_of(ana, four[0]).twice == []
    assert actions.refuse(four[0], four[2], by=ana) is None
    actions.undo_household(change, by=ana)
    assert [one.name for one in family_of(ana, four[0]).twice] == ["Moss household"]


def test_whoever_was_taken_out_is_not_proposed_at_once(four: list[Customer], ana: User) -> None:
    actions.join(four[0], home(four[2]), by=ana)
    actions.leave(four[0], by=ana)
    assert family_of(ana, fresh(four)[0]).proposed == []


def test_who_moved_on_since_stays_and_is_named(four: list[Customer], ana: User) -> None:
    change = actions.combine(home(four[0]), home(four[2]), by=ana)
    actions.leave(four[3], by=ana)
    assert actions.undo_household(change, by=ana) == [four[3]]
    assert together(four) == [{"Mateo", "Renée"}]  # Rita alone is no household


def test_what_cannot_be_is_refused(
    four: list[Customer], make_customer: MakeCustomer, ana: User
) -> None:
    mine, theirs = home(four[0]), home(four[2])
    with pytest.raises(Invalid, match="same household"):
        actions.combine(mine, mine, by=ana)
    for some in ([], four[:2], four[1:3]):
        with pytest.raises(Invalid):
            actions.split(mine, some, by=ana)
    for n in range(17):
        actions.join(make_customer(f"Kid {n}", owner=ana), mine, by=ana)
    with pytest.raises(Invalid, match="at most 20 people; these would be more"):
        actions.combine(mine, theirs, by=ana)
    with pytest.raises(Invalid, match="no such household"):
        actions.combine(mine, Household(pk=10**9), by=ana)


def test_erasing_takes_a_name_off_a_household_that_ended_too(
    four: list[Customer], ada: User
) -> None:
    actions.rename(home(four[2]), "Sam's place", by=ada)
    actions.rename(home(four[0]), "Castellanos", by=ada)
    change = actions.combine(home(four[0]), home(four[2]), by=ada)
    actions.erase(four[3], confirm=four[3].name, by=ada)
    (kept,) = (one for one in keepings() if one.model is Household)
    assert not kept.history._default_manager.filter(name__contains="Sam").exists()
    actions.undo_household(change, by=ada)
    assert together(four[:3]) == [{"Mateo", "Renée"}]


# --- A law: whatever was done, taking it back in turn leads back

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["confirm", "join", "combine", "split", "leave", "refuse"]),
        st.integers(0, 5),
        st.integers(0, 5),
        st.sets(st.integers(0, 5)),
    ),
    max_size=12,
)


def one_act(people: list[Customer], act: tuple[Any, ...], by: User) -> HouseholdChange | None:
    kind, a, b, some = act
    me, other = fresh([people[a], people[b]])
    here, there = (Household(pk=one.household_id or 0) for one in (me, other))
    if kind in ("confirm", "refuse"):
        found: HouseholdChange | None = getattr(actions, kind)(me, other, by=by)
        return found
    if kind == "join":
        return actions.join(me, there, by=by)
    if kind == "leave":
        return actions.leave(me, by=by)
    if kind == "combine":
        return actions.combine(here, there, by=by)
    return actions.split(here, [people[n] for n in some], by=by)


def state() -> tuple[Any, ...]:
    rows = Customer.objects.get_queryset().order_by("pk")
    return (
        list(rows.values_list("pk", "household", "relation")),
        list(Household.objects.order_by("pk").values_list("pk", "name", "created_at")),
        sorted(NotFamily.objects.values_list("customer", "other")),
    )


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@takes_unshrunk(30)
@given(acts=ACTS)
def test_taking_back_in_turn_leads_back_and_nobody_lives_alone(
    make_customer: MakeCustomer, ana: User, acts: list[tuple[Any, ...]]
) -> None:
    with taken_back():
        people = [make_customer(f"No{n} Moss", owner=ana) for n in range(6)]
        done, states = [], [state()]
        for act in acts:
            try:
                with transaction.atomic():
                    change = one_act(people, act, ana)
            except Invalid:
                continue
            if change is not None:
                done.append(change)
                states.append(state())
            sizes = [home.members.count() for home in Household.objects.all()]
            assert all(size >= 2 for size in sizes), (act, sizes)
        for change in reversed(done):
            assert state() == states.pop()
            actions.undo_household(change, by=ana)
        assert state() == states.pop()


@pytest.mark.django_db(transaction=True)
def test_a_word_about_two_may_be_taken_back_while_one_of_them_is_merged(
    four: list[Customer], make_customer: MakeCustomer, ana: User
) -> None:
    change = actions.refuse(four[0], four[2], by=ana)
    assert change is not None
    other = make_customer("Renee Castellanos", owner=ana)
    merged = threading.Thread(target=_merge, args=(other, four[0], ana))
    with transaction.atomic():
        NotFamily.objects.filter(change=change).delete()
        merged.start()
        assert _somebody_waits()
    merged.join(20)
    assert Customer.objects.get_queryset().known_as(four[0].public_id).get() == other
    assert not NotFamily.objects.exists()


def _merge(one: Customer, other: Customer, by: User) -> None:
    try:
        actions.merge(one, [other], by=by)
    finally:
        connection.close()


def _somebody_waits() -> bool:
    """For what this transaction holds, within ten seconds."""
    ends = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks "
                "WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
            )
            if cursor.fetchone() == (True,):
                return True
            time.sleep(0.02)
    return False


@pytest.mark.parametrize("stays", [0, 2])
def test_taken_back_while_two_of_them_are_one_everybody_lives_where_they_did(
    four: list[Customer], ana: User, stays: int
) -> None:
    change = actions.combine(home(four[0]), home(four[2]), by=ana)
    goes = 2 - stays
    merge = actions.merge(four[stays], [four[goes]], by=ana)
    assert not actions.undo_household(change, by=ana)
    one = four[stays].first_name
    partner, other = four[stays + 1].first_name, four[goes + 1].first_name
    assert together([four[stays], four[1], four[3]]) == sorted(
        [{one, partner}, {other}], key=sorted
    )
    actions.undo_merge(merge, by=ana)
    assert together(four) == [{"Mateo", "Renée"}, {"Rita", "Sam"}]


def test_a_household_that_only_who_was_merged_had_goes_back_with_them(
    four: list[Customer], make_customer: MakeCustomer, ana: User
) -> None:
    alone = make_customer("Ro Castellanos", owner=ana)
    change = actions.combine(home(four[2]), home(four[0]), by=ana)
    merge = actions.merge(alone, [four[0]], by=ana)
    assert not actions.undo_household(change, by=ana)
    assert together([alone, *four[1:]]) == [{"Mateo", "Ro"}, {"Rita", "Sam"}]
    actions.undo_merge(merge, by=ana)
    assert together([alone, *four]) == [{"Mateo", "Renée"}, {"Rita", "Sam"}]

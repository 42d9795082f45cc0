"""Who sees whom (000-02): a table of roles and customers, and every face through the one gate."""

from collections.abc import Callable

import pytest

from regulars.customers import queries
from regulars.customers.models import Customer
from regulars.customers.profile import profile
from regulars.customers.visibility import only_visible, scope_of
from regulars.matching.features import Written
from regulars.matching.looking import known_to
from regulars.staff.models import Role, Store, Team, User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db

# Customers: owner's first name or "", then the store or "".
WHOSE = {
    "anas": ("ana", "north"),
    "cleos": ("cleo", "north"),
    "finns": ("finn", "north"),
    "bens": ("ben", "south"),
    "mias": ("mia", "north"),
    "anas in the south": ("ana", "south"),
    "nobodys in the north": ("", "north"),
    "nobodys in the south": ("", "south"),
    "nobodys anywhere": ("", ""),
    "a leavers": ("dora", "north"),
}
ALL = set(WHOSE)
TEAM = {
    "anas",
    "cleos",
    "a leavers",
    "anas in the south",
    "nobodys in the north",
    "nobodys anywhere",
}
SEES = {
    "ana": TEAM,
    "cleo": TEAM,
    "finn": {"finns", "nobodys in the north", "nobodys anywhere"},
    "ben": {"bens", "nobodys in the south", "nobodys anywhere"},
    "mia": {key for key, (_, store) in WHOSE.items() if store == "north"},
    "omar": ALL,
    "ada": ALL,
    "dora": set(),
}


@pytest.fixture
def house(
    ana: User, cleo: User, finn: User, ben: User, mia: User, omar: User, ada: User, dora: User
) -> dict[str, User]:
    people = (ana, cleo, finn, ben, mia, omar, ada, dora)
    return {user.name.split()[0].lower(): user for user in people}


@pytest.fixture
def everyone(
    house: dict[str, User], north: Store, south: Store, make_customer: MakeCustomer
) -> dict[str, Customer]:
    stores = {"north": north, "south": south}
    found = {}
    for number, (name, (owner, store)) in enumerate(WHOSE.items()):
        customer = make_customer(
            f"{name} person", email=f"c{number}@shared.example", phone="(734) 555-0162"
        )
        # Whose it is and where: also what cannot come about by a hand-over.
        Customer.objects.filter(pk=customer.pk).update(
            owner=house.get(owner), store=stores.get(store)
        )
        found[name] = customer
    return found


def names(customers: list[Customer]) -> set[str]:
    return {customer.name.removesuffix(" person") for customer in customers}


FACES: dict[str, Callable[[User, dict[str, Customer]], set[str]]] = {
    "the gate": lambda user, _: names(list(Customer.objects.visible_to(user))),
    "list": lambda user, _: names([c.customer for c in queries.page(user, limit=200).items]),
    "search": lambda user, _: names(
        [c.customer for c in queries.search(user, "person", limit=100).items]
    ),
    "number": lambda user, _: names(
        [c.customer for c in queries.search(user, "0162", limit=100).items]
    ),
    "notices": lambda user, every: {
        name
        for name, customer in every.items()
        if str(customer.public_id) in only_visible(user, [c.pk for c in every.values()])
    },
}


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("who", SEES)
def test_each_sees_exactly_their_own(
    who: str, face: str, house: dict[str, User], everyone: dict[str, Customer]
) -> None:
    assert FACES[face](house[who], everyone) == SEES[who]


@pytest.mark.parametrize("who", SEES)
def test_the_count_is_that_of_the_list(
    who: str, house: dict[str, User], everyone: dict[str, Customer]
) -> None:
    assert queries.count(house[who]).number == len(SEES[who])


@pytest.mark.parametrize("who", SEES)
def test_a_page_opens_for_those_in_the_list(
    who: str, house: dict[str, User], everyone: dict[str, Customer]
) -> None:
    opened = set()
    for name, customer in everyone.items():
        try:
            opened.add(profile(house[who], customer.public_id).customer.name)
        except Customer.DoesNotExist:
            continue
        assert name in SEES[who]
    assert len(opened) == len(SEES[who])


@pytest.mark.parametrize("who", SEES)
def test_a_likely_duplicate_is_only_shown_to_who_may_see_it(
    who: str, house: dict[str, User], everyone: dict[str, Customer]
) -> None:
    for number, name in enumerate(WHOSE):
        written = Written(emails=[f"C{number}@shared.example "])
        found = [one.customer for one in known_to(house[who], written)]
        rows = Customer.objects.get_queryset().filter(pk__in=found)
        assert names(list(rows)) == SEES[who] & {name}


def test_hidden_means_nobody(house: dict[str, User], everyone: dict[str, Customer]) -> None:
    Role.objects.filter(key="salesperson").update(rights={"customers": 0})
    ana = User.objects.select_related("role").get(pk=house["ana"].pk)
    assert not Customer.objects.visible_to(ana).exists()
    assert not queries.page(ana).items


def test_a_manager_without_a_store_sees_nobody(
    house: dict[str, User], everyone: dict[str, Customer]
) -> None:
    house["mia"].store = None
    assert not Customer.objects.visible_to(house["mia"]).exists()


def test_who_changes_team_sees_the_new_teams(
    house: dict[str, User], everyone: dict[str, Customer], south_sales: Team
) -> None:
    ana = house["ana"]
    assert "cleos" in names(list(Customer.objects.visible_to(ana)))
    ana.team, ana.store = south_sales, south_sales.store
    seen = names(list(Customer.objects.visible_to(ana)))
    assert {"bens", "nobodys in the south", "anas"} <= seen
    assert "cleos" not in seen


def test_of_an_equal_scope_the_same_is_seen(house: dict[str, User]) -> None:
    assert scope_of(house["ana"]) == scope_of(house["cleo"])
    assert scope_of(house["ana"]) != scope_of(house["finn"])
    assert scope_of(house["omar"]) != scope_of(house["ada"])

"""A trade plugs in without a line in the core: each socket shows what the tailor put there."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from regulars.customers import actions as customers
from regulars.customers import queries
from regulars.customers.history.context import writing
from regulars.customers.models import Customer, histories
from regulars.lib.errors import Invalid
from regulars.server import demo_world
from regulars.staff.models import User
from tests.tailor import actions, demo
from tests.tailor.models import Suit


@pytest.fixture
def navy(make_customer: Any, ana: User) -> Customer:
    customer: Customer = make_customer("Nora Navy", owner=ana)
    fit(customer, by=ana)
    return customer


def fit(customer: Customer, **changes: Any) -> Suit:
    suit = {"cloth": "wool", "colour": "navy", "price": Decimal(900), "by": None}
    return actions.fit(customer, **{**suit, **changes})


def test_measuring_records_exactly_one_event(navy: Customer) -> None:
    before = navy.events.count()
    fit(navy, colour="gray")
    assert navy.events.count() == before + 1
    with pytest.raises(Invalid, match="no cloth"):
        fit(navy, colour="pink")
    assert navy.events.count() == before + 1


def test_the_customer_page_has_the_panel_and_the_event(ana_in: Client, navy: Customer) -> None:
    shown = ana_in.get(navy.get_absolute_url()).content.decode()
    assert "to be fitted" in shown
    assert "measured a suit in navy wool" in shown


def test_the_page_lists_suits_of_visible_customers_only(
    ana_in: Client, make_customer: Any, ben: User, navy: Customer
) -> None:
    fit(make_customer("Hidden Hal", owner=ben))
    shown = ana_in.get("/tailor/").content.decode()
    assert "Nora Navy" in shown
    assert "Hidden Hal" not in shown
    assert 'href="/tailor/"' in ana_in.get("/customers/").content.decode()


def test_the_card_has_the_badge(ana: User, navy: Customer) -> None:
    (card,) = queries.cards(ana, [navy.pk])
    assert card.badges["fittings_due"] == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("has suit", ["Nora Navy"]),
        ("not has suit", ["Gus Gray"]),
        ("has suit(colour:navy and price > 500)", ["Nora Navy"]),
        ("has suit(colour:navy and price > 1000)", []),
        ("suit.ready:empty", ["Nora Navy"]),
        ("suits >= 1", ["Nora Navy"]),
        ("suits:0", ["Gus Gray"]),
    ],
)
def test_the_list_asks_for_suits(
    api: Callable[..., Any], make_customer: Any, ana: User, navy: Customer, asked: str, found: Any
) -> None:
    make_customer("Gus Gray", owner=ana)
    rows = api(ana).get("/customers", filter=asked)["items"]
    assert [row["name"] for row in rows] == found


def test_the_api_measures_and_lists(api: Callable[..., Any], ana: User, navy: Customer) -> None:
    body = {"customer": str(navy.public_id), "cloth": "tweed", "colour": "green", "price": 12.5}
    made = api(ana).post("/suits", {**body, "ready_on": "2026-11-20"})
    assert Suit.objects.get(pk=made["id"]).ready_on == date(2026, 11, 20)
    first = api(ana).get("/suits", limit=1)
    second = api(ana).get("/suits", limit=1, cursor=first["next"])
    assert [first["items"][0]["cloth"], second["items"][0]["cloth"]] == ["tweed", "wool"]
    assert second["next"] is None


def test_its_changes_stand_in_the_history(
    navy: Customer, ana_in: Client, api: Any, ana: User
) -> None:
    with writing(ana):
        Suit.objects.filter(customer=navy).update(colour="green", price=Decimal("950.50"))
    path = f"{navy.get_absolute_url()}history/"
    page = ana_in.get(path, {"shelf": "appointments"}).content.decode()
    assert "measured a suit in navy wool" in page
    assert "<del>Navy</del>" in page
    assert "<ins>Green</ins>" in page
    assert '<option value="suit"' in page
    assert "<ins>Green</ins>" not in ana_in.get(path, {"shelf": "orders"}).content.decode()
    changes = api(ana).get(f"/customers/{navy.public_id}/history", part="suit")["items"]
    assert ("price", "900.00", "950.50") in [(c["field"], c["old"], c["new"]) for c in changes]


def test_erasing_its_customer_takes_its_history_along(navy: Customer, ada: User) -> None:
    customers.erase(navy, confirm="Nora Navy", by=ada)
    (history,) = [found for model, found, _ in histories() if model is Suit]
    assert not history._default_manager.exists()


def test_a_foreign_customer_is_not_measured(
    api: Callable[..., Any], ana: User, ben: User, make_customer: Any
) -> None:
    body = {"cloth": "tweed", "colour": "green", "price": 12.5}
    theirs = make_customer("Hidden Hal", owner=ben)
    api(ana).post("/suits", {**body, "customer": str(theirs.public_id)}, status=404)
    assert not Suit.objects.exists()


def test_the_demo_is_the_same_twice(make_customer: Any) -> None:
    for number in range(30):
        make_customer(f"Customer {number}")
    now = Customer.objects.latest("created_at").created_at
    stories = []
    for _ in range(2):
        Suit.objects.all().delete()
        demo.load(demo_world.world(30, now))
        stories.append(list(Suit.objects.order_by("pk").values_list("customer", "cloth", "price")))
    assert stories[0] == stories[1] != []

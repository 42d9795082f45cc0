"""The clean-up screen: one pair at a time, decided by hand, and never asked again."""

from __future__ import annotations

import pytest
from django.test import Client

from regulars.customers.models import Customer
from regulars.matching import actions
from regulars.matching.models import Pair, Verdict
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
HERE = "/customers/duplicates/"


@pytest.fixture
def bills(make_customer: MakeCustomer, ana: User) -> tuple[Customer, Customer]:
    one = make_customer("William Hart", owner=ana, phone="(734) 222-0142", email="wh@lake.example")
    other = make_customer("Bill Hart", owner=ana, phone="734 222 0142", email="wh@lake.example")
    actions.search_changed(by=None)
    return one, other


def test_the_surest_pair_stands_there_with_its_evidence(
    ana_in: Client, bills: tuple[Customer, Customer]
) -> None:
    page = ana_in.get(HERE).content.decode()
    for text in ("William Hart", "Bill Hart", "Same phone", "Same email", "Never these two"):
        assert text in page
    assert "Bill ≈ William" in page or "William ≈ Bill" in page


@pytest.mark.parametrize("said", ["same", "different", "family"])
def test_a_verdict_takes_the_pair_away_and_undo_brings_it_back(
    ana_in: Client, bills: tuple[Customer, Customer], said: str
) -> None:
    pair = Pair.objects.get()
    answer = ana_in.post(f"{HERE}{pair.pk}/", {"verdict": said})
    assert answer.status_code == 303
    assert "Nothing to decide here" in ana_in.get(HERE).content.decode()
    verdict = Verdict.objects.get()
    assert verdict.verdict == said
    ana_in.post(f"{HERE}verdicts/{verdict.pk}/undo/")
    assert "William Hart" in ana_in.get(HERE).content.decode()


def test_later_is_in_a_month(ana_in: Client, bills: tuple[Customer, Customer]) -> None:
    ana_in.post(f"{HERE}{Pair.objects.get().pk}/", {"verdict": "later"})
    assert "Nothing to decide here" in ana_in.get(HERE).content.decode()
    assert not Verdict.objects.exists()


def test_an_unknown_word_is_refused(ana_in: Client, bills: tuple[Customer, Customer]) -> None:
    pair = Pair.objects.get()
    assert ana_in.post(f"{HERE}{pair.pk}/", {"verdict": "maybe"}).status_code == 303
    assert Pair.objects.exists()


def test_foreign_pairs_are_missing_ones(
    client: Client, ben: User, bills: tuple[Customer, Customer]
) -> None:
    client.force_login(ben)
    pair = Pair.objects.get()
    assert "Hart" not in client.get(f"{HERE}?pair={pair.pk}").content.decode()
    foreign = client.post(f"{HERE}{pair.pk}/", {"verdict": "same"})
    missing = client.post(f"{HERE}{pair.pk + 99}/", {"verdict": "same"})
    assert foreign.status_code == missing.status_code == 404
    assert not Verdict.objects.exists()
    verdict = actions.decide(*bills, verdict="same", by=None).verdict
    foreign = client.post(f"{HERE}verdicts/{verdict.pk}/undo/")
    missing = client.post(f"{HERE}verdicts/{verdict.pk + 99}/undo/")
    assert foreign.status_code == missing.status_code == 404
    assert Verdict.objects.exists()


def test_those_beyond_doubt_are_shown_first_and_then_taken_together(
    ana_in: Client, bills: tuple[Customer, Customer], make_customer: MakeCustomer, ana: User
) -> None:
    make_customer("Nora Hart", owner=ana, phone="734 222 0142")
    actions.search_changed(by=None)
    page = ana_in.get(f"{HERE}certain/").content.decode()
    assert "1 pair would be marked as the same" in page
    assert "Nora" not in page
    assert not Verdict.objects.exists()
    pair = Pair.objects.get(certain=True)
    family = Pair.objects.filter(certain=False).first()
    assert family is not None
    ana_in.post(f"{HERE}certain/", {"pair": [pair.pk, family.pk, "x"]})
    assert Verdict.objects.get().verdict == "same"
    assert not Pair.objects.filter(certain=True).exists()


@pytest.mark.parametrize("query", ["?kind=nonsense", "?pair=x", "?pair=999999", "?cursor=x"])
def test_a_strange_address_is_no_error(
    ana_in: Client, bills: tuple[Customer, Customer], query: str
) -> None:
    assert ana_in.get(f"{HERE}{query}").status_code in (200, 303)

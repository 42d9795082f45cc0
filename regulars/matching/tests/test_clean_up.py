"""The clean-up screen: one pair at a time, decided by hand, and never asked again."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from regulars.customers import actions as customers
from regulars.customers.models import Customer, Merge
from regulars.matching import actions, queries, tasks
from regulars.matching.actions import searching
from regulars.matching.models import Lesson, Pair, Verdict
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
HERE = "/customers/duplicates/"


@pytest.fixture
def bills(make_customer: MakeCustomer, ana: User) -> tuple[Customer, Customer]:
    one = make_customer(
        "William Hart", owner=ana, phone="(734) 222-0142", email="william@lake.example"
    )
    other = make_customer(
        "Bill Hart", owner=ana, phone="734 222 0142", email="william@lake.example"
    )
    actions.search_changed(by=None)
    return one, other


def test_the_button_one_decided_with_is_found_again_in_the_next_pair(
    ana_in: Client, bills: tuple[Customer, Customer]
) -> None:
    """What has an id keeps the focus when the region is swapped."""
    page = ana_in.get(HERE).text
    for word in ("same", "family", "different", "later"):
        assert f'id="say-{word}" name="verdict" value="{word}"' in page


def test_the_surest_pair_stands_there_with_its_evidence(
    ana_in: Client, bills: tuple[Customer, Customer]
) -> None:
    page = ana_in.get(HERE).content.decode()
    for text in ("William Hart", "Bill Hart", "Same phone", "Same email", "Never these two"):
        assert text in page
    assert "Bill ≈ William" in page or "William ≈ Bill" in page


@pytest.fixture
def twins(make_customer: MakeCustomer, ana: User) -> tuple[Customer, Customer]:
    """They differ in nothing that has to be chosen."""
    reach = {
        "phones": [{"number": "734 222 0142"}],
        "emails": [{"address": "william@lake.example"}],
    }
    raw = {"first_name": "William", "last_name": "Hart"}
    one = make_customer("William Hart", owner=ana, contacts=[{**raw, **reach}])
    other = make_customer("William Hart", owner=ana, contacts=[{**raw, **reach}])
    actions.search_changed(by=None)
    return one, other


def test_same_makes_them_one_at_once_when_there_is_nothing_to_choose(
    ana_in: Client, twins: tuple[Customer, Customer]
) -> None:
    pair = Pair.objects.get()
    answer = ana_in.post(f"{HERE}{pair.pk}/", {"verdict": "same"})
    assert (answer.status_code, answer["Location"]) == (303, f"{HERE}?kind=duplicate")
    assert Customer.objects.count() == 1
    page = ana_in.get(HERE).text
    merge = Merge.objects.get()
    assert f'action="/merges/{merge.public_id}/undo/"' in page
    ana_in.post(f"/merges/{merge.public_id}/undo/")
    assert Customer.objects.count() == 2
    assert "Very likely the same" in ana_in.get(HERE).text  # asked again at once


def test_same_leads_side_by_side_when_there_is_something_to_choose_and_back(
    ana_in: Client, bills: tuple[Customer, Customer]
) -> None:
    pair = Pair.objects.get()
    there = ana_in.post(f"{HERE}{pair.pk}/", {"verdict": "same"})["Location"]
    assert there.startswith("/customers/merge/?ids=")
    page = ana_in.get(there).text
    assert 'name="pick-name"' in page
    assert "Same phone" in page  # what speaks for it
    ids = ",".join(str(one.public_id) for one in bills)
    on = f"{HERE}?kind=duplicate"
    assert f'name="next" value="{on}"' in page
    done = ana_in.post("/customers/merge/", {"ids": ids, "next": on})
    assert done["Location"] == on
    assert Customer.objects.count() == 1
    customers.undo_merge(Merge.objects.get(), by=None)
    away = ana_in.post("/customers/merge/", {"ids": ids, "next": "https://elsewhere.example/"})
    assert away["Location"].startswith("/customers/")


def test_a_merge_says_what_was_said_against_it(
    ana_in: Client, bills: tuple[Customer, Customer], ana: User
) -> None:
    one, other = bills
    actions.decide(one, other, verdict="different", by=ana)
    asked = {"ids": f"{one.public_id},{other.public_id}"}
    page = ana_in.get("/customers/merge/", asked).text
    assert "Ana Ferreira said that William Hart and Bill Hart are not the same." in page
    actions.reconsider(one, other, by=ana)
    assert "not the same" not in ana_in.get("/customers/merge/", asked).text


def test_whoever_stays_is_looked_at_again_at_once(make_customer: MakeCustomer, ana: User) -> None:
    william = make_customer("William Hart", owner=ana, email="william@lake.example")
    bill = make_customer("Bill Hart", owner=ana, email="william@lake.example", phone="734 222 0142")
    third = make_customer("Billy Hart", owner=ana, phone="734 222 0142")
    actions.search_changed(by=None)
    assert Pair.objects.filter(customer=bill, other=third).exists()
    before = Pair.objects.filter(customer=william, other=third).first()
    actions.unite(william, [bill], by=ana)
    (now,) = Pair.objects.all()
    assert (now.customer, now.other) == (william, third)
    assert before is None or now.score > before.score


def test_weights_learn_from_merges_that_stand(bills: tuple[Customer, Customer], ana: User) -> None:
    merge = actions.unite(bills[0], [bills[1]], by=ana)
    (lesson,) = Lesson.objects.all()
    assert len(lesson.levels) > 3
    assert searching.taught().count() == 1
    customers.undo_merge(merge, by=ana)
    assert searching.taught().count() == 0


@pytest.mark.parametrize("said", ["different", "family"])
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


def test_later_is_taken_back_too(ana_in: Client, bills: tuple[Customer, Customer]) -> None:
    pair = Pair.objects.get()
    ana_in.post(f"{HERE}{pair.pk}/", {"verdict": "later"})
    (undo,) = re.findall(r'action="([^"]+verdict=now[^"]*)"', ana_in.get(HERE).text)
    assert ana_in.post(html.unescape(undo))["Location"] == f"{HERE}?kind=duplicate"
    assert "William Hart" in ana_in.get(HERE).text


def test_the_reasons_and_where_they_begin_add_up(
    ana_in: Client, bills: tuple[Customer, Customer]
) -> None:
    pair = Pair.objects.get()
    begins = pair.score - sum(reason["weight"] for reason in pair.reasons)
    assert begins < -10
    (said,) = re.findall(r"Two records at random</span>.*?<b>(.*?)</b>", ana_in.get(HERE).text)
    assert said == f"{begins:+.1f}".replace("-", "−")


def test_an_unknown_word_is_refused(ana_in: Client, bills: tuple[Customer, Customer]) -> None:
    pair = Pair.objects.get()
    page = ana_in.post(f"{HERE}{pair.pk}/", {"verdict": "maybe"}, follow=True).text
    assert "This is one of same, different, family." in page
    assert "verdict: " not in page  # as programs are told
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


def test_what_was_decided_stands_in_a_list_and_is_taken_back_there(
    ana_in: Client, client: Client, bills: tuple[Customer, Customer],
    twins: tuple[Customer, Customer], ana: User, ben: User,
) -> None:  # fmt: skip
    actions.decide(*bills, verdict="different", by=ana)
    actions.unite(twins[0], [twins[1]], by=ana)
    page = ana_in.get(f"{HERE}decided/").text
    for text in ("are never asked about again", "William Hart became", "Details and undo"):
        assert text in page
    client.force_login(ben)
    assert "Hart" not in client.get(f"{HERE}decided/").text
    verdict = Verdict.objects.get()
    answer = ana_in.post(f"{HERE}verdicts/{verdict.pk}/undo/", {"from": "decided"})
    assert answer["Location"] == f"{HERE}decided/"
    page = ana_in.get(f"{HERE}decided/").text
    assert "never asked about again" not in page
    assert "William Hart became" in page
    customers.undo_merge(Merge.objects.get(), by=ana)
    assert "Nothing is decided yet" in ana_in.get(f"{HERE}decided/").text


def test_the_list_of_the_decided_goes_on_where_it_ended(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    first, *others = [make_customer(f"No {n}", owner=ana) for n in range(9)]
    for n, other in enumerate(others[:6]):
        actions.decide(first, other, verdict="different", by=ana)
        if n % 3 == 0:
            actions.unite(first, [others[6 + n // 3]], by=ana)
    whole = [one.place for one in queries.decided(ana).items]
    assert len(whole) == 8
    seen, cursor = [], None
    while True:
        found = queries.decided(ana, cursor=cursor, limit=3)
        seen += [one.place for one in found.items]
        cursor = found.next
        if cursor is None:
            break
    assert seen == whole == sorted(whole, reverse=True)
    assert ana_in.get(f"{HERE}decided/?cursor=x").status_code == 303


def test_one_pair_that_is_asked_for_stands_first_with_those_behind_it(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    for n in range(4):
        for first in ("William", "Bill"):
            make_customer(f"{first} Hart{'abcd'[n]}", owner=ana, phone=f"734 222 014{n}")
    actions.search_changed(by=None)
    pairs = list(queries.visible(ana).filter(relation="duplicate"))
    assert len(pairs) == 4
    page = ana_in.get(f"{HERE}?pair={pairs[2].pk}").text
    assert f'action="{HERE}{pairs[2].pk}/"' in page
    assert f"pair={pairs[3].pk}" in page
    assert f"pair={pairs[1].pk}" not in page


@pytest.mark.parametrize("many", [1, 12])
def test_each_page_is_eight_statements_however_many_there_are(
    ana_in: Client, make_customer: MakeCustomer, ana: User, many: int,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for n in range(many):
        for first in ("William", "Bill"):
            make_customer(f"{first} Hart{'abcdefghijkl'[n]}", owner=ana, phone=f"734 222 01{n:02}")
    for n in range(many):
        two = [make_customer(f"Vera Lang{n}{m}", owner=ana) for m in range(3)]
        actions.decide(two[0], two[1], verdict="different", by=ana)
        actions.unite(two[0], [two[2]], by=ana)
    actions.search_changed(by=None)
    last = queries.visible(ana).last()
    assert last is not None
    ana_in.get("/")
    for path in ("", f"?pair={last.pk}", "?kind=household", "decided/", "certain/"):
        with django_assert_max_num_queries(8):
            assert ana_in.get(f"{HERE}{path}").status_code == 200


@pytest.mark.parametrize("query", ["?kind=nonsense", "?pair=x", "?pair=999999", "?cursor=x"])
def test_a_strange_address_is_no_error(
    ana_in: Client, bills: tuple[Customer, Customer], query: str
) -> None:
    assert ana_in.get(f"{HERE}{query}").status_code in (200, 303)


def test_whoever_wants_to_know_now_asks_the_worker_and_the_page_waits(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    for name in ("William Hart", "Bill Hart"):
        make_customer(name, owner=ana, phone="(734) 222-0142", email="william@lake.example")
    assert "Look now" in ana_in.get(HERE).text
    there = ana_in.post(f"{HERE}look/", {"kind": "duplicate"})["Location"]
    ana_in.post(f"{HERE}look/")
    jobs = ProcrastinateJob.objects.filter(task_name="matching.look")
    assert list(jobs.values_list("status", flat=True)) == ["todo"]
    page = ana_in.get(there).text
    assert "Looking…" in page
    assert 'hx-trigger="every 2s"' in page
    tasks.look()
    assert "Very likely the same" in ana_in.get(there).text
    seen_out = ana_in.get(there.replace("kind=duplicate", "kind=household")).text
    assert "Looking…" not in seen_out


def test_the_page_does_not_wait_for_ever(ana_in: Client) -> None:
    for since in ("1", "x", "99999999999"):
        assert "Look now" in ana_in.get(f"{HERE}?since={since}").text

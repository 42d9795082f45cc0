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
from regulars.matching.models import Batch, Lesson, Pair, Verdict
from regulars.staff.models import User
from tests.api import ok
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
    away = ana_in.post("/customers/merge/", {"ids": ids, "next": "https://elsewhere.example/"})
    assert "elsewhere" not in away.get("Location", "")


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


def test_those_beyond_doubt_are_shown_first_and_then_merged_together(
    ana_in: Client, bills: tuple[Customer, Customer], make_customer: MakeCustomer, ana: User
) -> None:
    make_customer("Nora Hart", owner=ana, phone="734 222 0142")
    actions.search_changed(by=None)
    page = ana_in.get(f"{HERE}certain/").content.decode()
    assert "1 pair would be merged" in page
    assert "Nora" not in page
    assert Customer.objects.count() == 3
    pair = Pair.objects.get(certain=True)
    family = Pair.objects.filter(certain=False).first()
    assert family is not None
    answer = ana_in.post(f"{HERE}certain/", {"pair": [pair.pk, family.pk, "x"]})
    there = answer["Location"]
    assert there == f"{HERE}together/{Batch.objects.get().public_id}/"
    assert "1 pair was merged" in ana_in.get(there).text
    assert Customer.objects.count() == 2
    assert not Pair.objects.filter(certain=True).exists()


def test_three_alike_do_not_become_one_unseen(
    ana_in: Client, bills: tuple[Customer, Customer], make_customer: MakeCustomer, ana: User
) -> None:
    make_customer("William Hart", owner=ana, phone="734 222 0142", email="william@lake.example")
    actions.search_changed(by=None)
    pairs = list(Pair.objects.filter(certain=True))
    assert len(pairs) == 3
    told = actions.accept(pairs, by=ana)
    assert (told.done, told.left) == (1, 2)
    assert Customer.objects.count() == 2
    assert Pair.objects.get().certain  # who is left is asked about again


def test_of_two_owners_nobody_loses_a_customer_unseen(
    ana_in: Client, make_customer: MakeCustomer, ana: User, cleo: User
) -> None:
    for owner in (ana, cleo):
        make_customer(
            "William Hart", owner=owner, phone="734 222 0142", email="william@lake.example"
        )
    actions.search_changed(by=None)
    page = ana_in.get(f"{HERE}certain/").text
    box = next(tag for tag in page.split("<input ") if 'name="pair"' in tag)
    assert " checked" not in box
    assert "would lose a customer to" in page


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
        for first in ("William", "Bill")[:2]:
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


# --- Families, and words that stay


@pytest.fixture
def harts(make_customer: MakeCustomer, ana: User) -> tuple[Customer, Customer]:
    one, other = (
        make_customer(f"{name} Hart", owner=ana, phone="734 222 0142", locations=[HOME])
        for name in ("William", "Nora")
    )
    actions.search_changed(by=None)
    return one, other


HOME = {"line1": "12 Main Street", "city": "Troy", "state": "MI", "postal_code": "48084"}


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


# --- Merged together


@pytest.fixture
def sure(make_customer: MakeCustomer, ana: User) -> list[Pair]:
    for n, name in enumerate(("William Hart", "Petra Lindqvist", "Nora Quill")):
        mail = f"{name.replace(' ', '.').lower()}@lake.example"
        for _ in range(2):
            make_customer(name, owner=ana, phone=f"734 222 014{n}", email=mail)
    actions.search_changed(by=None)
    return list(Pair.objects.filter(certain=True))


def test_merges_made_together_have_one_receipt_and_one_undo(
    ana_in: Client, sure: list[Pair]
) -> None:
    there = ana_in.post(f"{HERE}certain/", {"pair": [pair.pk for pair in sure]})["Location"]
    page = ana_in.get(there).text
    assert "3 pairs were merged" in page
    assert page.count("became") == 3
    assert Customer.objects.count() == 3
    undo = f"{there}undo/"
    assert undo in page
    page = ana_in.post(undo, follow=True).text
    assert "3 merges taken back." in page
    assert page.count("came out again of") == 3
    assert Customer.objects.count() == 6
    assert undo not in page
    assert ana_in.post(undo).status_code == 422
    assert "3 pairs would be merged" in ana_in.get(f"{HERE}certain/").text  # asked again


def test_what_cannot_be_taken_apart_any_more_is_named(
    ana_in: Client, sure: list[Pair], ana: User
) -> None:
    batch = actions.accept(sure, by=ana).batch
    assert batch is not None
    first = batch.merges.order_by("pk").first()
    assert first is not None
    customers.undo_merge(first, by=ana)
    page = ana_in.post(f"{HERE}together/{batch.public_id}/undo/", follow=True).text
    assert "2 merges taken back." in page
    assert "stays as it is: This was undone already." in page
    assert Customer.objects.count() == 6


def test_somebody_elses_receipt_is_missing(client: Client, sure: list[Pair], ana: User, ben: User) -> None:  # fmt: skip  # noqa: E501
    batch = actions.accept(sure, by=ana).batch
    assert batch is not None
    client.force_login(ben)
    assert client.get(f"{HERE}together/{batch.public_id}/").status_code == 404
    assert client.post(f"{HERE}together/{batch.public_id}/undo/").status_code == 404


def test_programs_look_first_then_merge_then_take_back(
    api: Any, sure: list[Pair], ana: User
) -> None:
    dry = api(ana).post("/duplicates/accept", {"dry_run": True}, status=200)
    assert len(dry["pairs"]) == 3
    assert Customer.objects.count() == 6
    made = api(ana).post("/duplicates/accept", {})
    assert [one["undone"] for one in made["merges"]] == [False] * 3
    assert api(ana).get(f"/duplicates/together/{made['id']}") == made
    back = ok(api(ana).send("DELETE", f"/duplicates/together/{made['id']}"), 200)
    assert [one["undone"] for one in back["merges"]] == [True] * 3
    assert Customer.objects.count() == 6
    assert api(ana).send("DELETE", f"/duplicates/together/{made['id']}").status_code == 422

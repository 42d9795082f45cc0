"""More than two who look like one person: shown together, decided together, taken back together."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from regulars.customers import actions as customers
from regulars.customers.models import Customer, Merge
from regulars.follow_up import actions as follow_up
from regulars.follow_up.facts import TaskFacts
from regulars.matching import actions, queries
from regulars.matching.line import line
from regulars.matching.models import Pair, Verdict
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
HERE = "/customers/duplicates/"
SEVERAL = f"{HERE}several/"
HOME = {"line1": "12 Main Street", "city": "Troy", "state": "MI", "postal_code": "48084"}


def shown(user: User, kind: str = "duplicate") -> list[set[str]]:
    """Whom each item of the line is about, by their first names."""
    found = line(user, kind=kind, limit=50)
    names = dict(Customer.objects.get_queryset().values_list("pk", "first_name"))
    return [
        {names[pk] for pk in (one.cluster.members if one.cluster else
                              (one.pair.customer_id, one.pair.other_id))}
        for one in found.items
    ]  # fmt: skip


@pytest.fixture
def harts(make_customer: MakeCustomer, ana: User) -> list[Customer]:
    """William and Will are alike through Bill only."""
    three = [
        make_customer("William Hart", owner=ana, email="william@lake.example"),
        make_customer("Bill Hart", owner=ana, email="william@lake.example", phone="734 222 0142"),
        make_customer("Will Hart", owner=ana, phone="734 222 0142"),
    ]
    actions.search_changed(by=None)
    return three


def ids(records: list[Customer]) -> list[str]:
    return [str(one.public_id) for one in records]


def test_three_alike_are_one_question_with_all_that_tells_them_apart(
    ana_in: Client, harts: list[Customer], ana: User
) -> None:
    follow_up.add(harts[0], TaskFacts("Call back"), by=ana)
    assert shown(ana) == [{"William", "Bill", "Will"}]
    page = ana_in.get(HERE).text
    for text in ("3 records", "one person", "Weakest link", "Same phone", "Same email"):
        assert text in page
    for text in ("Alike only through others", "1 open task", "Not this one", "Ana Ferreira"):
        assert text in page
    assert "Next in line" not in page


def test_a_cluster_stands_where_its_weakest_link_does(
    harts: list[Customer], make_customer: MakeCustomer, ana: User
) -> None:
    for first in ("Petra", "Petra"):
        make_customer(
            f"{first} Lindqvist", owner=ana, phone="734 222 0155", email="pl@quay.example"
        )
    actions.search_changed(by=None)
    scores = Pair.objects.filter(relation="duplicate").order_by("-score")
    (petras,) = scores.filter(customer__last_name="Lindqvist")
    weakest = scores.exclude(pk=petras.pk).last()
    assert weakest is not None
    assert petras.score > weakest.score
    assert shown(ana) == [{"Petra"}, {"William", "Bill", "Will"}]


def test_all_one_leads_side_by_side_when_there_is_something_to_choose_and_back(
    ana_in: Client, harts: list[Customer]
) -> None:
    asked = {"members": ids(harts), "verdict": "same", "stays": str(harts[2].public_id)}
    there = ana_in.post(SEVERAL, asked)["Location"]
    assert there.startswith("/customers/merge/?ids=")
    page = ana_in.get(there).text
    assert "Will Hart stays and holds everything" in page
    assert "Merge 3 into one" in page
    on = f"{HERE}?kind=duplicate"
    done = ana_in.post("/customers/merge/", {"ids": ",".join(ids(harts)), "next": on})
    assert done["Location"] == on
    assert Customer.objects.count() == 1


def test_all_one_is_done_at_once_when_there_is_nothing_to_choose_and_taken_back(
    ana_in: Client, make_customer: MakeCustomer, ana: User
) -> None:
    reach = {"phones": [{"number": "734 222 0142"}], "emails": [{"address": "wh@lake.example"}]}
    contact = {"first_name": "William", "last_name": "Hart", **reach}
    three = [make_customer("William Hart", owner=ana, contacts=[contact]) for _ in range(3)]
    actions.search_changed(by=None)
    answer = ana_in.post(SEVERAL, {"members": ids(three), "verdict": "same"})
    assert answer["Location"] == f"{HERE}?kind=duplicate"
    assert Customer.objects.count() == 1
    merge = Merge.objects.get()
    page = ana_in.get(HERE).text
    assert "Merged into William Hart: William Hart and William Hart." in page
    assert f"/merges/{merge.public_id}/undo/" in page
    ana_in.post(f"/merges/{merge.public_id}/undo/")
    assert Customer.objects.count() == 3
    assert "3 records" in ana_in.get(HERE).text


def test_not_this_one_is_never_asked_about_with_them_again_and_the_rest_comes_next(
    ana_in: Client, harts: list[Customer], ana: User
) -> None:
    william, bill, will = harts
    there = ana_in.post(SEVERAL, {"members": ids(harts), "out": str(will.public_id)})["Location"]
    pair = Pair.objects.get()
    assert there == f"{HERE}?cluster={pair.pk}"
    page = ana_in.get(there).text
    assert f'action="{HERE}{pair.pk}/"' in page
    assert "Will Hart is none of the others" in page
    said = {(one.customer, one.other, one.verdict) for one in Verdict.objects.all()}
    assert said == {(william, will, "different"), (bill, will, "different")}
    actions.search_changed(by=None)
    assert shown(ana) == [{"William", "Bill"}]
    listed = ana_in.get(f"{HERE}decided/").text
    assert "is never asked about again with" in listed
    assert listed.count("Take back") == 1
    first = Verdict.objects.order_by("pk").first()
    assert first is not None
    ana_in.post(f"{HERE}verdicts/{first.pk}/undo/", {"from": "decided"})
    assert not Verdict.objects.exists()
    assert shown(ana) == [{"William", "Bill", "Will"}]


@pytest.mark.parametrize(
    ("said", "words"), [("different", "are never asked about again"), ("family", "are family")]
)
def test_what_is_said_of_all_is_said_of_any_two_and_taken_back_as_one(
    ana_in: Client, harts: list[Customer], ana: User, said: str, words: str
) -> None:
    before = Event.objects.count()
    ana_in.post(SEVERAL, {"members": ids(harts), "verdict": said})
    assert list(Verdict.objects.values_list("verdict", flat=True)) == [said] * 3
    homes = set(Customer.objects.get_queryset().values_list("household", flat=True))
    assert (homes == {None}) == (said == "different")
    if said == "different":
        assert Event.objects.count() == before + 3
    assert shown(ana) == []
    listed = ana_in.get(f"{HERE}decided/").text
    assert words in listed
    assert listed.count("Take back") == 1
    ana_in.post(f"{HERE}verdicts/{Verdict.objects.order_by('pk')[1].pk}/undo/")
    assert not Verdict.objects.exists()
    assert set(Customer.objects.get_queryset().values_list("household", flat=True)) == {None}
    assert shown(ana) == [{"William", "Bill", "Will"}]


def test_later_is_in_a_month_for_all_of_them(
    ana_in: Client, harts: list[Customer], ana: User
) -> None:
    ana_in.post(SEVERAL, {"members": ids(harts), "verdict": "later"})
    assert shown(ana) == []
    assert not Verdict.objects.exists()


def test_later_is_taken_back_of_all_of_them_at_once(
    ana_in: Client, harts: list[Customer], ana: User
) -> None:
    before = shown(ana)
    ana_in.post(SEVERAL, {"members": ids(harts), "verdict": "later"})
    (undo,) = re.findall(r'action="([^"]+verdict=now[^"]*)"', ana_in.get(HERE).text)
    ana_in.post(html.unescape(undo))
    assert shown(ana) == before


def test_two_said_to_be_different_are_never_joined_by_a_third(
    ana_in: Client, harts: list[Customer], ana: User
) -> None:
    actions.decide(harts[0], harts[2], verdict="different", by=ana)
    sizes = [len(names) for names in shown(ana)]
    assert sizes == [2, 2]  # which of them Bill is, is asked pair by pair
    asked = {"members": ids(harts), "verdict": "same"}
    there = ana_in.post(SEVERAL, asked)["Location"]
    assert "are not the same" in ana_in.get(there).text  # whoever insists is told


def test_who_cannot_be_among_them_is_named_with_the_reason(
    ana_in: Client, harts: list[Customer], make_customer: MakeCustomer, ana: User
) -> None:
    billy = make_customer("Billy Hart", owner=ana, phone="734 222 0142")
    actions.decide(billy, harts[0], verdict="different", by=ana)
    actions.search_changed(by=None)
    Pair.objects.filter(other=billy).update(score=2.0)
    (one,) = [one for one in line(ana, kind="duplicate", limit=9).items if one.cluster]
    page = ana_in.get(f"{HERE}?cluster={one.pair.pk}").text
    assert "Not among them" in page
    assert "was said to be somebody else than" in page


def test_people_of_one_household_are_never_proposed_as_one_person(
    harts: list[Customer], ana: User
) -> None:
    customers.confirm(harts[0], harts[2], by=ana)
    assert all(len(names) == 2 for names in shown(ana))
    with pytest.raises(Exception, match="live together"):
        actions.unite_all(harts, by=ana)


def test_two_of_other_first_names_are_not_joined_by_an_initial(
    make_customer: MakeCustomer, ana: User
) -> None:
    for first in ("Sam", "S.", "Susan"):
        make_customer(f"{first} Hart", owner=ana, email="harts@lake.example", phone="734 222 0142")
    actions.search_changed(by=None)
    for kind in ("duplicate", "review"):
        assert all(not {"Sam", "Susan"} <= names for names in shown(ana, kind))


def test_whoever_may_not_be_seen_is_neither_shown_nor_counted(
    ana_in: Client, harts: list[Customer], make_customer: MakeCustomer, ana: User, ben: User,
    ada: User,
) -> None:  # fmt: skip
    make_customer("Billy Hart", owner=ben, phone="734 222 0142", email="william@lake.example")
    actions.search_changed(by=None)
    assert shown(ada) == [{"William", "Bill", "Will", "Billy"}]
    assert shown(ana) == [{"William", "Bill", "Will"}]
    page = ana_in.get(HERE).text
    assert "3 records" in page
    assert "Billy" not in page


def test_a_chain_through_somebody_who_may_not_be_seen_holds_nothing(
    harts: list[Customer], ana: User, ben: User
) -> None:
    customers.assign(harts[1], to=ben, by=None)
    Customer.objects.filter(pk=harts[1].pk).update(store=ben.store)
    assert shown(ana) == []


@pytest.mark.parametrize("who", ["foreign", "missing", "broken", "nobody"])
def test_of_foreign_and_missing_ones_nothing_is_decided(
    ana_in: Client, harts: list[Customer], make_customer: MakeCustomer, ben: User, who: str
) -> None:
    said = {
        "foreign": [*ids(harts), str(make_customer("Bea Hart", owner=ben).public_id)],
        "missing": [*ids(harts), "01890000-0000-7000-8000-000000000000"],
        "broken": [*ids(harts), "x"],
        "nobody": [],
    }[who]
    assert ana_in.post(SEVERAL, {"members": said, "verdict": "different"}).status_code == 404
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("said", [{}, {"verdict": "maybe"}, {"out": "x"}, {"verdict": "same", "stays": "x"}])  # fmt: skip  # noqa: E501
def test_a_strange_word_is_no_error(
    ana_in: Client, harts: list[Customer], said: dict[str, str]
) -> None:
    assert ana_in.post(SEVERAL, {"members": ids(harts), **said}).status_code == 303
    assert not Verdict.objects.exists()


def test_they_are_as_sure_as_their_weakest_link_by_whichever_they_are_asked_for(
    ana_in: Client, harts: list[Customer]
) -> None:
    scores = {pair.score: pair.pk for pair in Pair.objects.all()}
    assert min(scores) < 10 < max(scores)
    page = ana_in.get(f"{HERE}?cluster={scores[max(scores)]}").text
    assert "3 records look like one person." in page


def test_one_pair_of_them_can_be_looked_at_alone(ana_in: Client, harts: list[Customer]) -> None:
    pair = Pair.objects.order_by("-score").first()
    assert pair is not None
    page = ana_in.get(f"{HERE}?pair={pair.pk}").text
    assert f'action="{HERE}{pair.pk}/"' in page
    assert "Look at all 3" in page
    assert "Look at all" not in ana_in.get(f"{HERE}?cluster={pair.pk}").text


@pytest.mark.parametrize("many", [1, 4])
def test_a_page_of_clusters_is_eight_statements_however_many_there_are(
    ana_in: Client, make_customer: MakeCustomer, ana: User, many: int,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for n in range(many):
        for m in range(9):
            make_customer(
                f"William Hart{'abcd'[n]}", owner=ana, phone=f"734 222 01{n:02}",
                email=f"wh{m // 2}@lake{n}.example",
            )  # fmt: skip
    actions.search_changed(by=None)
    (first, *_) = line(ana, kind="duplicate", limit=8).items
    assert first.cluster is not None
    ana_in.get("/")
    rest = Customer.objects.exclude(pk__in=(first.pair.customer_id, first.pair.other_id))
    told = actions.decide_all(list(rest.order_by("pk")[:3]), verdict="different", by=ana)
    assert len(told.verdicts) == 3
    for path in ("", f"?cluster={first.pair.pk}", f"?pair={first.pair.pk}", "decided/"):
        with django_assert_max_num_queries(8):
            assert ana_in.get(f"{HERE}{path}").status_code == 200


def test_the_line_goes_on_where_it_ended_and_leaves_nobody_out(
    make_customer: MakeCustomer, ana: User
) -> None:
    for n in range(6):
        for _ in range(2 + n % 3):
            make_customer(f"William Hart{'abcdef'[n]}", owner=ana, phone=f"734 222 01{n:02}")
    actions.search_changed(by=None)
    whole = [one.pair.pk for one in line(ana, kind="duplicate", limit=50).items]
    assert len(whole) == 6
    seen: list[int] = []
    cursor = None
    while True:
        found = line(ana, kind="duplicate", cursor=cursor, limit=2)
        seen += [one.pair.pk for one in found.items]
        cursor = found.next
        if cursor is None:
            break
    assert seen == whole
    assert queries.visible(ana).count() > len(whole)


# --- For programs


def test_programs_list_clusters_with_what_holds_them_together(
    api: Any, harts: list[Customer], make_customer: MakeCustomer, ana: User, ben: User
) -> None:
    for _ in range(2):
        make_customer("Petra Lindqvist", owner=ana, phone="734 222 0155")
    actions.search_changed(by=None)
    (one,) = api(ana).get("/duplicates/clusters")["items"]
    assert [row["name"] for row in one["members"]] == ["William Hart", "Bill Hart", "Will Hart"]
    assert [row["joins"] for row in one["links"]] == [True, True]
    assert one["score"] == min(row["score"] for row in one["links"])
    assert "same phone" in {said["text"] for row in one["links"] for said in row["reasons"]}
    assert api(ben).get("/duplicates/clusters") == {"items": [], "next": None}
    assert api(ana).get("/duplicates/clusters?kind=review")["items"] == []


def test_programs_decide_and_take_back(api: Any, harts: list[Customer], ana: User) -> None:
    said = {"members": ids(harts), "verdict": "different", "out": str(harts[2].public_id)}
    told = api(ana).post("/duplicates/clusters/verdicts", said, status=201)
    assert len(told["verdicts"]) == 2
    assert api(ana).post("/duplicates/clusters/verdicts", said, status=200)["id"] is None
    assert api(ana).get("/duplicates/clusters")["items"] == []
    same = {"members": ids(harts), "verdict": "same"}
    assert (
        "different"
        in api(ana).post("/duplicates/clusters/verdicts", same, status=422)["errors"][0]["message"]
    )
    back = f"/duplicates/clusters/verdicts/{told['id']}"
    assert api(ana).send("DELETE", back).status_code == 204
    assert api(ana).send("DELETE", back).status_code == 404
    merged = api(ana).post(
        "/duplicates/clusters/verdicts", {**same, "primary": str(harts[1].public_id)}, status=201
    )
    assert merged["merge"] == str(Merge.objects.get().public_id)
    assert Customer.objects.get().name == "Bill Hart"


@pytest.mark.parametrize(
    "wrong",
    [
        {"members": []},
        {"members": ["x", "y"]},
        {"verdict": "maybe"},
        {"verdict": "same", "out": "FIRST"},
        {"verdict": "family", "primary": "FIRST"},
        {"also": 1},
    ],
)
def test_what_a_program_says_wrongly_is_refused(
    api: Any, harts: list[Customer], ana: User, wrong: dict[str, Any]
) -> None:
    first = str(harts[0].public_id)
    wrong = {key: first if value == "FIRST" else value for key, value in wrong.items()}
    said = {"members": ids(harts), "verdict": "different", **wrong}
    api(ana).post("/duplicates/clusters/verdicts", said, status=422)
    assert not Verdict.objects.exists()

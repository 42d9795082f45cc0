"""Everything against everything, and around what changed: the same pairs with the same scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db.models import Q

from regulars.customers import actions as customers
from regulars.customers import facts
from regulars.customers.actions.record import NewCustomer
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.matching import actions
from regulars.matching.engines import Scored, engine
from regulars.matching.engines.duck import Duck
from regulars.matching.engines.preparing import Preparing
from regulars.matching.features import Written, features, from_json
from regulars.matching.judging import judge
from regulars.matching.keys import NAMESAKES
from regulars.matching.looking import near
from regulars.matching.models import Key, Learned, Likeness, Pair, Run, Verdict
from regulars.matching.scoring import score, shipped
from regulars.staff.models import User
from tests.api import Program
from tests.cast import MakeCustomer

from .twins import Maker, firms

pytestmark = pytest.mark.django_db
Api = Callable[[User | None], Program]


def raw(written: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "first_name": written.first,
        "last_name": written.last,
        "company": written.company,
    }
    found["contacts"] = [
        {
            "emails": [{"address": e, "consent": "express"} for e in written.emails],
            "phones": [{"number": p} for p in written.phones],
            "birthday": written.born,
            "first_name": written.first,
            "last_name": written.last,
        }
    ]
    found["locations"] = [
        {"line1": a, "line2": b, "city": c, "postal_code": d} for a, b, c, d, _ in written.places
    ]
    return found


@pytest.fixture
def town(ana: User) -> list[Customer]:
    """Two hundred records of people and forty of companies."""
    made = [*Maker(5).twins(200), *firms(40, 5)]
    new = []
    for one in made:
        try:
            new.append(NewCustomer(facts.clean(raw(one.written)), owner=ana))
        except Invalid:
            continue
    return customers.add_many(new, by=None)


def stored() -> dict[tuple[int, int], float]:
    return {(p.customer_id, p.other_id): p.score for p in Pair.objects.all()}


def test_both_ways_of_scoring_agree_on_every_pair(town: list[Customer], tmp_path: Path) -> None:
    preparing = Preparing(tmp_path)
    preparing.load()
    weights = preparing.learn(shipped(), len(town))
    assert preparing.candidates() > 40
    preparing.close()
    data = {pk: from_json(d) for pk, d in Likeness.objects.values_list("pk", "data")}
    seen = 0
    for kind in ("p", "c"):
        files = (tmp_path / f"people_{kind}.parquet", tmp_path / f"pairs_{kind}_*.parquet")
        for one in engine("duckdb").score(kind, *files, weights, -100.0):
            ours = score(data[one.a], data[one.b], weights)
            assert one.levels == ours.levels
            assert one.weight == pytest.approx(ours.weight, abs=1e-9)
            seen += 1
    assert seen > 40


def test_a_search_of_all_and_one_around_what_changed_find_the_same(town: list[Customer]) -> None:
    found = actions.search_all(engine("duckdb"), by=None)
    everything = stored()
    assert found.pairs == len(everything) > 20
    assert Learned.objects.get().customers == found.customers
    Pair.objects.all().delete()
    Run.objects.all().delete()
    actions.search_changed(by=None)
    assert stored().keys() == everything.keys()
    assert max(abs(stored()[pair] - everything[pair]) for pair in everything) < 1e-6


def test_many_who_changed_are_scored_together_and_the_others_stay(town: list[Customer]) -> None:
    actions.search_all(engine("duckdb"), by=None)
    everything = stored()
    one = next(iter(everything))[0]
    hers = {pair for pair in everything if one in pair}
    Pair.objects.filter(Q(customer=one) | Q(other=one)).delete()
    Likeness.objects.filter(pk=one).update(changed_at=clock.now())
    found = actions.search_changed(by=None, most=0)
    assert (found.customers, found.pairs) == (1, len(hers))
    assert stored().keys() == everything.keys()
    assert Run.objects.latest("pk").engine == "duckdb"


class Stopping:
    """The engine, until the second part."""

    name = "duckdb"

    def __init__(self) -> None:
        self.parts: list[str] = []

    def score(self, kind: str, people: Path, pairs: Path, *more: Any) -> Iterator[Scored]:
        if self.parts:
            raise KeyboardInterrupt
        self.parts.append(pairs.stem)
        return engine("duckdb").score(kind, people, pairs, *more)

    def close(self) -> None:
        self.parts.clear()


def test_a_search_that_was_stopped_goes_on_behind_what_it_had_done(
    town: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.matching.engines.preparing.PART", 100)
    actions.search_all(engine("duckdb"), by=None)
    everything = stored()
    stopping = Stopping()
    with pytest.raises(KeyboardInterrupt):
        actions.search_all(stopping, by=None)
    run = Run.objects.latest("pk")
    assert run.ended_at is None
    assert [run.step] == stopping.parts
    model = Learned.objects.latest("pk").pk
    with patch.object(Duck, "score", autospec=True, side_effect=Duck.score) as score:
        actions.search_all(engine("duckdb"), by=None)
    assert all(call.args[3].stem > run.step for call in score.call_args_list)
    assert (Run.objects.latest("pk").pk, Learned.objects.latest("pk").pk) == (run.pk, model)
    assert stored() == everything


def test_its_files_lie_where_a_setting_says_and_go_with_it(
    town: list[Customer], settings: Any, tmp_path: Path
) -> None:
    settings.MATCHING_FOLDER = tmp_path
    with patch.object(Duck, "score", autospec=True, side_effect=Duck.score) as score:
        actions.search_all(engine("duckdb"), by=None)
    (at,) = {call.args[2].parent for call in score.call_args_list}
    assert at.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_decided_is_not_found_again(town: list[Customer], ana: User) -> None:
    actions.search_all(engine("duckdb"), by=None)
    pairs = list(Pair.objects.order_by("-score")[:3])
    for pair, word in zip(pairs, ("same", "different", "same"), strict=True):
        actions.decide(pair.other, pair.customer, verdict=word, by=ana)
    actions.search_all(engine("duckdb"), by=None)
    actions.search_changed(by=None)
    decided = {(pair.customer_id, pair.other_id) for pair in pairs}
    assert not decided & stored().keys()
    assert Verdict.objects.count() == 3


def test_a_name_that_many_have_leads_to_nobody_by_itself(
    make_customer: MakeCustomer, tmp_path: Path
) -> None:
    zora = features(Written("Zora", "Quist"))
    for n in range(NAMESAKES):
        make_customer("Zora Quist", phone=f"(734) 222-01{n:02}")
    assert len(near(zora)) == NAMESAKES
    make_customer("Zora Quist", phone="(734) 222-0142")
    assert near(zora) == []
    assert len(near(features(Written("Zora", "Quist", phones=["734-222-0142"])))) == 1
    preparing = Preparing(tmp_path)
    preparing.load()
    assert preparing.candidates() == 0
    preparing.close()


def test_what_is_no_longer_alike_is_no_pair_any_more(
    make_customer: MakeCustomer, ana: User
) -> None:
    one = make_customer("Ida Bell", owner=ana, phone="(734) 222-0142", email="ida@lake.example")
    make_customer("Ida Bell", owner=ana, phone="(734) 222-0142", email="ida@lake.example")
    actions.search_changed(by=None)
    assert Pair.objects.count() == 1
    customers.change(
        one,
        facts.clean({"first_name": "Zora", "last_name": "Quist"}),
        by=ana,
        fields={"first_name", "last_name", "contacts"},
    )
    actions.search_changed(by=None)
    assert Pair.objects.filter(relation="duplicate").count() == 0


def test_the_command_says_what_it_found(
    town: list[Customer], capsys: pytest.CaptureFixture[str]
) -> None:
    Key.objects.all().delete()
    Likeness.objects.all().delete()
    call_command("duplicates")
    assert "pairs among" in capsys.readouterr().out
    assert Pair.objects.exists()
    call_command("duplicates", changed=True)


def test_the_list_is_paged_by_score_and_gated(
    town: list[Customer], api: Api, ana: User, ben: User
) -> None:
    actions.search_changed(by=None)
    program, pages = api(ana), []
    cursor: str | None = ""
    while cursor is not None:
        page = program.get("/duplicates", limit=90, **({"cursor": cursor} if cursor else {}))
        pages.append(page["items"])
        cursor = page["next"]
    scores = [one["score"] for items in pages for one in items]
    assert len(pages) > 2
    assert scores == sorted(scores, reverse=True)
    assert len({(one["a"], one["b"]) for items in pages for one in items}) == Pair.objects.count()
    assert all(one["score"] >= 10 for one in program.get("/duplicates", min=10)["items"])
    assert api(ben).get("/duplicates")["items"] == []


def test_a_family_is_never_certain(town: list[Customer]) -> None:
    actions.search_changed(by=None)
    data = {pk: from_json(d) for pk, d in Likeness.objects.values_list("pk", "data")}
    for pair in Pair.objects.filter(certain=True):
        judged = judge(data[pair.customer_id], data[pair.other_id], shipped())
        assert judged.score.at("first") != "other"
        assert pair.relation == "duplicate"

"""Marketing, its audiences, and views of the list, as people and programs use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.audiences import actions
from regulars.audiences.models import Audience, View
from regulars.staff.models import User
from tests.api import Program, refused
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
Api = Callable[[User | None], Program]


@pytest.fixture
def vips(ada: User, ana: User, ben: User, make_customer: MakeCustomer) -> Audience:
    make_customer("Renée Roe", owner=ana, tags=["VIP"])
    make_customer("Ben’s Own", owner=ben, tags=["VIP"])
    make_customer("Nobody Special", owner=ana)
    return actions.make_audience(name="VIPs", criteria="tag:VIP", by=ada)


def test_marketing_lists_audiences_in_words(vips: Audience, ada_in: Client) -> None:
    page = ada_in.get("/marketing/").content.decode()
    assert "VIPs" in page
    assert "Tag is VIP" in page
    assert 'class="end">2<' in page


def test_a_colleague_sees_of_an_audience_whom_they_see_anyway(
    vips: Audience, ana: User, signed_in: SignedIn
) -> None:
    here = signed_in(ana)
    page = here.get(vips.get_absolute_url()).content.decode()
    assert "Renée Roe" in page
    assert "Ben’s Own" not in page
    assert "2 customers" not in page
    assert "Change it" not in page
    assert 'class="end">2<' not in here.get("/marketing/").content.decode()


def test_an_audience_narrows_the_list_together_with_anything_else(
    vips: Audience, ana: User, signed_in: SignedIn
) -> None:
    page = signed_in(ana).get("/customers/?in=VIPs&owner=me").content.decode()
    assert "Renée Roe" in page
    assert "Nobody Special" not in page


def test_one_is_made_changed_and_deleted(ada: User, ada_in: Client, vips: Audience) -> None:
    said = {"name": "Quiet", "criteria": "not waiting in:VIPs", "description": "For the autumn"}
    ada_in.post("/marketing/audiences/new/", said)
    made = Audience.objects.get(name="Quiet")
    assert (made.criteria, made.size) == ("not waiting and in:VIPs", 2)
    wrong = ada_in.post(made.get_absolute_url(), said | {"criteria": "owner:me"})
    assert wrong.status_code == 422
    assert "the same for everybody" in wrong.content.decode()
    ada_in.post(made.get_absolute_url(), said | {"name": "Silent"})
    assert Audience.objects.filter(name="Silent").exists()
    ada_in.post(f"{vips.get_absolute_url()}delete/")
    assert Audience.objects.filter(name="VIPs").exists()
    ada_in.post(f"{made.get_absolute_url()}delete/")
    assert not Audience.objects.filter(name="Silent").exists()


def test_a_filter_says_whom_it_finds_while_it_is_typed(
    vips: Audience, ana: User, signed_in: SignedIn
) -> None:
    here = signed_in(ana)
    good = here.get("/criteria/check/?criteria=tag:vip").content.decode()
    assert "1 of those you see: Renée Roe" in good
    assert "Did you mean “tag”?" in here.get("/criteria/check/?criteria=tga:vip").content.decode()


def test_an_audience_page_is_eight_statements(
    vips: Audience, ada_in: Client, make_customer: MakeCustomer
) -> None:
    for n in range(15):
        make_customer(f"Number {n}", tags=["VIP"])
    ada_in.get(vips.get_absolute_url())
    with CaptureQueriesContext(connection) as asked:
        ada_in.get(vips.get_absolute_url())
    assert len(asked) <= 8, [q["sql"][:160] for q in asked]


def test_a_program_makes_asks_and_checks(vips: Audience, ada: User, ana: User, api: Api) -> None:
    made = api(ada).post("/audiences", {"name": "Party"})
    (item,) = api(ana).get(f"/audiences/{vips.public_id}/members")["items"]
    assert item["name"] == "Renée Roe"
    renee = item["id"]
    path = f"/audiences/{made['id']}/members"
    assert api(ada).post(path, {"customers": [renee]}, status=200) == {"changed": 1}
    assert [row["name"] for row in api(ana).get("/audiences")["items"]] == ["Party", "VIPs"]
    assert api(ana).get("/audiences")["items"][1]["size"] is None
    found = api(ana).post("/criteria/check", {"text": "in:party"}, status=200)
    assert (found["text"], found["count"], found["customers"]) == ("in:Party", 1, ["Renée Roe"])
    wrong = api(ana).send("POST", "/criteria/check", {"text": "ownr:me"})
    assert "Did you mean “owner”?" in refused(wrong, 422)["text"]
    foreign = api(ana).send("POST", path, {"customers": [renee]})
    assert foreign.status_code == 403


def test_views_are_ones_own_the_teams_or_everyones(
    ana: User, cleo: User, ben: User, api: Api, signed_in: SignedIn
) -> None:
    signed_in(ana).post(
        "/customers/views/", {"name": "Hot", "shared": "team", "list": "waiting=1&sort=waiting"}
    )
    view = View.objects.get()
    assert (view.criteria, view.sort, view.shared) == ("waiting", "waiting", "team")
    assert signed_in(ana).get(view.get_absolute_url()).status_code == 200
    assert [row["name"] for row in api(cleo).get("/views")["items"]] == ["Hot"]
    assert api(ben).get("/views")["items"] == []
    assert api(ben).send("GET", f"/views/{view.public_id}").status_code == 404
    assert api(cleo).send("DELETE", f"/views/{view.public_id}").status_code == 404
    changed = api(ana).patch(f"/views/{view.public_id}", {"name": "Hotter", "pinned": False})
    assert (changed["name"], changed["criteria"]) == ("Hotter", "waiting")
    assert api(ana).send("DELETE", f"/views/{view.public_id}").status_code == 204


def test_a_pinned_view_is_a_tab_that_shows_its_list(
    ana: User, signed_in: SignedIn, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", owner=ana, tags=["VIP"])
    make_customer("Sam Poe", owner=ana)
    here = signed_in(ana)
    here.post("/customers/views/", {"name": "My VIPs", "list": "tag=VIP&owner=me"})
    page = here.get("/customers/?tag=VIP&owner=me").content.decode()
    assert "My VIPs" in page
    assert "Sam Poe" not in page
    other = here.post("/customers/views/", {"name": "my vips", "list": ""}, follow=True)
    assert "There is one called" in other.content.decode()

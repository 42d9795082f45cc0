"""Marketing, its audiences, and views of the list, as people and programs use them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.audiences import actions, membership
from regulars.audiences.models import Audience, View
from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff.models import User
from tests.api import Program, refused
from tests.cast import MakeCustomer

DETROIT = ZoneInfo("America/Detroit")
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
    assert "Tag is <em>VIP</em>" in page
    assert 'class="end">2<' in page


def test_a_colleague_sees_of_an_audience_whom_they_see_anyway(
    vips: Audience, ana: User, signed_in: SignedIn
) -> None:
    here = signed_in(ana)
    page = here.get(vips.get_absolute_url()).content.decode()
    assert "Renée Roe" in page
    assert "Ben’s Own" not in page
    assert "<strong>2</strong> customers" not in page
    assert "Delete audience" not in page
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


def test_a_view_remembers_its_columns_and_density_for_everybody(
    ana: User, cleo: User, ben: User, api: Api, signed_in: SignedIn, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", owner=ana, tags=["VIP"])
    here, theirs = signed_in(ana), signed_in(cleo)
    here.post("/customers/display/", {"column": ["tags"], "density": "compact"})
    said = here.get("/customers/?tag=VIP").content.decode()
    (kept,) = re.findall(r'name="list" value="([^"]*)"', said)
    here.post("/customers/views/", {"name": "VIPs", "shared": "team", "list": unescape(kept)})
    view = View.objects.get()
    at = view.get_absolute_url()
    assert view.display == "compact.tags"

    def looks(client: Client, at: str) -> tuple[str, list[str]]:
        page = client.get(at).content.decode()
        density = re.findall(r'data-density="(\w+)"', page)[0]
        return density, re.findall(r'name="column" value="(\w+)" checked', page)

    assert looks(theirs, at) == ("compact", ["tags"])
    assert "show=compact.tags" in theirs.get("/customers/").content.decode()
    own = looks(theirs, "/customers/")
    # Whoever only looks changes what they see; whoever saved it changes it for everybody.
    other = theirs.post("/customers/display/", {"column": ["email"], "next": at})
    assert looks(theirs, other["Location"]) == ("comfortable", ["email"])
    assert looks(theirs, "/customers/") == own
    assert looks(theirs, at) == ("compact", ["tags"])
    changed = here.post("/customers/display/", {"column": ["phone"], "view": str(view.public_id)})
    assert looks(theirs, changed["Location"]) == ("comfortable", ["phone"])
    for client, one in ((theirs, str(view.public_id)), (here, "nonsense")):
        assert client.post("/customers/display/", {"view": one}).status_code == 404
    found = api(ana).get(f"/views/{view.public_id}")
    assert (found["columns"], found["density"]) == (["phone"], "comfortable")
    told = api(ana).patch(f"/views/{view.public_id}", {"density": "compact"})
    assert (told["columns"], told["density"]) == (["phone"], "compact")
    refused(api(ana).send("PATCH", f"/views/{view.public_id}", {"columns": ["<b>"]}), 422)
    long = api(ana).send("PATCH", f"/views/{view.public_id}", {"columns": ["x" * 80] * 40})
    assert "at most 40 columns" in str(refused(long, 422))


def test_a_list_takes_the_place_of_a_view_of_ones_own(
    ana: User, cleo: User, signed_in: SignedIn, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", owner=ana, tags=["VIP"])
    mine = actions.save_view(name="Hot", shows=actions.ViewFacts("waiting"), by=ana)
    theirs = actions.save_view(name="Cold", shows=actions.ViewFacts(), shared="team", by=cleo)
    here = signed_in(ana)
    page = here.get("/customers/?tag=VIP").content.decode()
    assert re.findall(r'name="instead" value="([^"]*)"', page) == [str(mine.public_id)]
    at = "/customers/views/"
    asked = {"name": "", "instead": str(mine.public_id), "list": "tag=VIP&sort=name"}
    done = here.post(at, asked, follow=True).content.decode()
    assert "“Hot” shows this list from now on." in done
    mine.refresh_from_db()
    assert (mine.name, mine.criteria, mine.sort) == ("Hot", "tag:VIP", "name")
    wrong = here.post(at, {**asked, "list": "filter=ownr:me"}, follow=True).content.decode()
    assert "Unknown field “ownr”" in unescape(wrong)
    for foreign in (str(theirs.public_id), "nonsense"):
        assert here.post(at, {**asked, "instead": foreign}).status_code == 404
    assert View.objects.get(pk=theirs.pk).criteria == ""


def test_a_view_keeps_no_column_that_there_is_not(ana: User, ada: User, api: Api) -> None:
    field = customers.add_field(label="Shirt size", kind="text", by=ada)
    asked = ["tags", f"custom_{field.key}", "fone", "custom_shoe_size"]
    wrong = refused(api(ana).send("POST", "/views", {"name": "A", "columns": asked}), 422)
    assert wrong == {
        "columns.2": "There is no column “fone”; did you mean “phone”?",
        "columns.3": "There is no column “custom_shoe_size”; did you mean “custom_shirt_size”?",
    }
    made = api(ana).post("/views", {"name": "A", "columns": ["tags", "tags", asked[1]]})
    assert made["columns"] == asked[:2]
    # What was put away since stays with the view until its columns are chosen anew.
    customers.archive_field(field, by=ada)
    at = f"/views/{made['id']}"
    assert api(ana).patch(at, {"density": "compact"})["columns"] == asked[:2]
    other = api(ana).send("POST", "/views", {"name": "B", "columns": [asked[1]]})
    assert list(refused(other, 422)) == ["columns.0"]


def test_a_view_keeps_no_words_that_cannot_be_read(ana: User, api: Api) -> None:
    wrong = refused(api(ana).send("POST", "/views", {"name": "A", "q": "ownr:me"}), 422)
    assert wrong == {"q": "Unknown field “ownr” at 1. Did you mean “owner”?"}


def test_a_view_is_renamed_taken_off_the_tabs_and_deleted_by_whoever_saved_it(
    ana: User, cleo: User, signed_in: SignedIn
) -> None:
    shows = actions.ViewFacts(criteria="waiting and tag:empty")
    view = actions.save_view(name="Hot", shows=shows, shared="everyone", by=ana)
    here, path = signed_in(ana), f"/customers/views/{view.public_id}/"
    assert signed_in(cleo).get(path).status_code == 404
    assert "Hot" in signed_in(cleo).get("/customers/views/").content.decode()
    assert here.post(path, {"name": "", "shared": "team"}).status_code == 422
    here.post(path, {"name": "Hotter", "shared": "private"}, follow=True)
    view.refresh_from_db()
    assert (view.name, view.shared, view.pinned) == ("Hotter", "private", False)
    assert "Hotter" not in here.get("/customers/").content.decode()
    assert "Hotter" in here.get("/customers/views/").content.decode()
    assert "Hotter" not in signed_in(cleo).get("/customers/views/").content.decode()
    here.post(f"{path}delete/")
    assert not View.objects.exists()


def test_who_was_in_it_on_a_day_is_shown(
    ada: User, ana: User, signed_in: SignedIn, make_customer: MakeCustomer, api: Api
) -> None:
    ago = {days: clock.now() - timedelta(days=days) for days in (2, 5, 10)}
    renee = make_customer("Renée Roe", owner=ana, tags=["VIP"], created_at=ago[10])
    with clock.at(ago[5]):
        vips = actions.make_audience(name="VIPs", criteria="tag:VIP", by=ada)
    with clock.at(ago[2]):
        customers.untag(renee, "VIP", by=ana)
        membership.keep_up()
    here = signed_in(ana)

    def page(as_of: str) -> str:
        return here.get(f"{vips.get_absolute_url()}?as_of={as_of}").content.decode()

    assert "Renée Roe" not in here.get(vips.get_absolute_url()).content.decode()
    # As the viewer's calendar has it.
    day, first = (f"{ago[n].astimezone(DETROIT) - timedelta(days=1):%Y-%m-%d}" for n in (2, 10))
    then = page(day)
    assert "Renée Roe" in then
    assert "Not any more" in then
    assert "Nobody was in it" in page(first)
    assert "This lies in the future" in page("2200-01-01")
    program, path = api(ana), f"/audiences/{vips.public_id}/members"
    assert [row["name"] for row in program.get(path, as_of=day)["items"]] == ["Renée Roe"]
    assert program.get(path)["items"] == []
    theirs = f"/customers/{renee.public_id}/audiences"
    (one,) = program.get(theirs, as_of=day)["items"]
    assert (one["id"], one["name"]) == (str(vips.public_id), "VIPs")
    assert one["since"] < one["until"]
    assert program.get(theirs)["items"] == program.get(theirs, as_of=first)["items"] == []
    for at in (path, theirs):
        for wrong in ("2200-01-01", "yesteryear"):
            assert "as_of" in refused(program.send("GET", at, as_of=wrong), 422)


def test_the_record_of_then_says_which_audiences_they_were_in(
    vips: Audience, ana: User, ada: User, signed_in: SignedIn
) -> None:
    renee = Customer.objects.get_queryset().get(name="Renée Roe")
    at = clock.now().isoformat()
    customers.untag(renee, "VIP", by=ana)
    customers.tag(renee, "Fleet", by=ana)
    actions.make_audience(name="Fleets", criteria="tag:Fleet", by=ada)
    membership.keep_up()
    page = signed_in(ada).get(f"{renee.get_absolute_url()}history/", {"as_of": at}).content.decode()
    record = page.split('aria-label="Audiences"', 1)[1].split("</section>", 1)[0]
    assert re.search(r"VIPs</a>.*gone now.*Fleets</a>.*came later", record, re.DOTALL)


def test_somebody_is_taken_off_a_list(
    vips: Audience, ada: User, ada_in: Client, ana: User, signed_in: SignedIn
) -> None:
    party = actions.make_audience(name="Party", by=ada)
    who = Customer.objects.get_queryset().get(name="Renée Roe")
    actions.put_on_list(party, [who.pk], by=ada)
    said = {"customer": str(who.public_id)}
    assert signed_in(ana).post(f"{party.get_absolute_url()}take-off/", said).status_code == 403
    gone = ada_in.post(f"{party.get_absolute_url()}take-off/", said, follow=True)
    assert "Nobody is on it yet" in gone.content.decode()
    told = who.events.filter(kind="customer.listed").order_by("pk")
    assert [event.what.say(event.data) for event in told] == [
        "put them on the list Party",
        "took them off the list Party",
    ]
    refused = ada_in.post(f"{vips.get_absolute_url()}take-off/", said, follow=True)
    assert "follows from its criteria" in refused.content.decode()


def test_an_audience_is_given_to_a_colleague(ada: User, mia: User, api: Api) -> None:
    made = actions.make_audience(name="VIPs", criteria="waiting", by=ada)
    there = f"/audiences/{made.public_id}"
    assert api(ada).patch(there, {"owner": mia.pk})["owner"]["name"] == mia.name
    assert api(ada).patch(there, {"name": "Best"})["owner"]["name"] == mia.name
    wrong = refused(api(ada).send("PATCH", there, {"owner": 10**9}), 422)
    assert wrong == {"owner": "There is no such colleague here"}


def test_on_its_page_too(
    vips: Audience, mia: User, ada_in: Client, ana_in: Client, dora: User
) -> None:
    there = f"{vips.get_absolute_url()}owner/"
    assert there in ada_in.get(vips.get_absolute_url()).content.decode()
    assert f'<option value="{mia.pk}">' in ada_in.get(there).content.decode()
    for who in ("", str(dora.pk), "x"):  # nobody, one who left, nothing
        assert ada_in.post(there, {"owner": who}).status_code == 422
    said = ada_in.post(there, {"owner": mia.pk}, follow=True).content.decode()
    assert f"VIPs is {mia.name}’s now." in unescape(said)
    vips.refresh_from_db()
    assert vips.owner == mia
    assert there not in ana_in.get(vips.get_absolute_url()).content.decode()
    assert ana_in.get(there).status_code == 403

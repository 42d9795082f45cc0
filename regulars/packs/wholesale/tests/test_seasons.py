"""Seasons stand on notes exactly when wholesale is installed, and begin with the one being sold."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.customers.notes.facts import read
from regulars.lib.errors import Invalid
from regulars.packs.wholesale import actions, queries, seasons
from regulars.packs.wholesale.models import Season, Selling
from regulars.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def summer(ana: User) -> Season:
    season = actions.add_season("Spring/Summer", by=ana)
    actions.add_season("Fall/Winter", by=ana)
    actions.sell(season, 2031, by=ana)
    return season


@pytest.fixture
def account(make_customer: Any, ana: User) -> Customer:
    customer: Customer = make_customer("", company="Castellanos Boutique", owner=ana)
    return customer


@pytest.mark.parametrize(
    ("selling", "offered"),
    [
        (None, [2028, 2027, 2026, 2025, 2024]),
        (2026, [2028, 2027, 2026, 2025, 2024]),
        (2031, [2031, 2028, 2027, 2026, 2025, 2024]),
        (1999, [2028, 2027, 2026, 2025, 2024, 1999]),
    ],
)
def test_the_years_one_speaks_of(selling: int | None, offered: list[int]) -> None:
    assert seasons.years(date(2026, 11, 26), selling) == offered


def names() -> list[str]:
    return [name for _, name in queries.now().seasons]


def test_seasons_are_added_renamed_moved_removed_and_brought_back(
    ana: User, summer: Season
) -> None:
    resort = actions.add_season(" Resort ", by=ana)
    actions.move_season(resort, up=True, by=ana)
    assert names() == ["Spring/Summer", "Resort", "Fall/Winter"]
    actions.rename_season(resort, "Cruise", by=ana)
    actions.remove_season(summer, by=ana)
    assert names() == ["Cruise", "Fall/Winter"]
    assert queries.now().season is None
    actions.add_season("spring/summer", by=ana)
    assert names() == ["Cruise", "Fall/Winter", "spring/summer"]
    for wrong in ("", "x" * 61, "CRUISE"):
        with pytest.raises(Invalid):
            actions.add_season(wrong, by=ana)


def test_what_is_sold_is_one_season_of_one_year(ana: User, summer: Season) -> None:
    assert (queries.now().season, queries.now().year) == (summer.pk, 2031)
    actions.sell(None, None, by=ana)
    assert (queries.now().season, queries.now().year) == (None, None)
    assert Selling.objects.count() == 1
    with pytest.raises(Invalid):
        actions.sell(summer, 1066, by=ana)


def test_a_note_begins_with_what_is_sold(ana_in: Client, account: Customer, summer: Season) -> None:
    page = ana_in.get(account.get_absolute_url()).content.decode()
    assert f'<option value="{summer.pk}" selected>Spring/Summer</option>' in page
    assert '<option value="2031" selected>2031</option>' in page


def test_without_seasons_nobody_is_asked_for_one(ana_in: Client, account: Customer) -> None:
    page = ana_in.get(account.get_absolute_url()).content.decode()
    assert 'name="detail-season"' not in page
    assert 'name="detail-year"' not in page


def test_who_buys_for_themselves_is_not_asked_for_a_season(
    ana_in: Client, api: Any, ana: User, make_customer: Any, summer: Season
) -> None:
    private = make_customer("Priya Shah", owner=ana)
    page = ana_in.get(private.get_absolute_url()).content.decode()
    assert 'name="detail-season"' not in page
    assert 'name="detail-year"' not in page
    at = f"/customers/{private.public_id}/notes"
    refused = api(ana).post(at, {"text": "x", "details": {"season": "Spring/Summer"}}, status=422)
    assert "Season is not asked of this customer" in str(refused)
    event = {"kind": "note.added", "data": {"text": "x", "season": ["Spring/Summer"]}}
    api(ana).post(f"/customers/{private.public_id}/events", event)
    assert private.notes.get().details == {}
    assert ana_in.get(private.get_absolute_url()).status_code == 200
    note = api(ana).post(at, {"text": "y", "details": {}})
    assert note["details"] == {}


def test_a_season_said_before_they_were_private_stays(
    ana_in: Client, ana: User, account: Customer, summer: Season
) -> None:
    raw = {"text": "x", "details": {"season": "Spring/Summer"}}
    note = customers.add_note(account, read(raw, by=ana, about=account), by=ana)
    Customer.objects.filter(pk=account.pk).update(is_company=False, company="", last_name="Shah")
    form = ana_in.get(f"{account.get_absolute_url()}notes/{note.event_id}/").content.decode()
    assert 'name="detail-season"' not in form
    ana_in.post(f"{account.get_absolute_url()}notes/{note.event_id}/", {"text": "y"})
    note.refresh_from_db()
    assert (note.text, note.details) == ("y", {"season": str(summer.pk)})


def test_a_note_says_its_season(
    ana_in: Client, ana: User, account: Customer, summer: Season
) -> None:
    at = f"{account.get_absolute_url()}events/"
    sent = {"kind": "note.added", "text": "Reorders", "detail-season": str(summer.pk)}
    ana_in.post(at, {**sent, "detail-year": "2031"})
    event = account.events.get(kind="note.added")
    assert event.data == {"text": "Reorders", "season": "Spring/Summer", "year": "2031"}
    page = ana_in.get(account.get_absolute_url()).content.decode()
    assert '<span class="tag">Spring/Summer</span>' in page
    actions.rename_season(summer, "SS", by=ana)
    actions.remove_season(summer, by=ana)
    note = customers.edit_note(event, read({"text": "x"}, by=ana, of=account.notes.get()), by=ana)
    assert note.event.data["season"] == "Spring/Summer"
    wrong = ana_in.post(at, {**sent, "detail-year": "1066"})
    assert wrong.status_code == 422
    assert "Choose one of" in wrong.content.decode()


def test_the_history_of_a_note_tells_its_season(
    ana_in: Client, ana: User, api: Any, account: Customer, summer: Season
) -> None:
    at = account.get_absolute_url()
    sent = {"kind": "note.added", "text": "Reorders", "detail-season": str(summer.pk)}
    ana_in.post(f"{at}events/", {**sent, "detail-year": "2031"})
    actions.rename_season(summer, "Resort", by=ana)
    assert "Reorders" in ana_in.get(f"{at}history/").content.decode()
    note = account.notes.get()
    facts = read({"text": "x", "details": {"year": "2028"}}, by=ana, of=note)
    customers.edit_note(note.event, facts, by=ana)
    said = ana_in.get(f"{at}history/").content.decode()
    assert re.search("Season Resort, Year 2031.+Year 2028", said)
    today = timezone.localdate().isoformat()
    assert "Year 2028" in ana_in.get(f"{at}history/?as_of={today}").content.decode()
    kept = api(ana).get(f"/customers/{account.public_id}/history?part=note")["items"]
    kept_as = [row["new"] for row in kept if row["field"] == "details"]
    assert kept_as[-1] == {"season": "Resort", "year": "2031"}


def test_programs_say_the_season_by_name(
    api: Any, ana: User, account: Customer, summer: Season
) -> None:
    body = {"text": "x", "details": {"season": "fall/winter", "year": "2031"}}
    note = api(ana).post(f"/customers/{account.public_id}/notes", body)
    assert note["details"] == {"season": "Fall/Winter", "year": "2031"}


def test_seasons_are_kept_in_settings(ada_in: Client) -> None:
    at = "/settings/seasons/"
    assert "No seasons yet" in ada_in.get(at).content.decode()
    assert ada_in.post(at, {"name": ""}).status_code == 422
    for name in ("Spring/Summer", "Fall/Winter"):
        assert ada_in.post(at, {"name": name}).status_code == 302
    first, second = Season.objects.all()
    ada_in.post(f"{at}{second.pk}/move/", {"up": "1"})
    assert names() == ["Fall/Winter", "Spring/Summer"]
    ada_in.post(f"{at}selling/", {"season": str(first.pk), "year": ""})
    assert queries.now().season == first.pk
    assert ada_in.post(f"{at}selling/", {"season": "x", "year": "1066"}).status_code == 422
    ada_in.post(f"{at}{first.pk}/", {"name": "Summer"})
    ada_in.post(f"{at}{second.pk}/remove/")
    page = ada_in.get(at).content.decode()
    assert "No longer offered" in page
    ada_in.post(f"{at}{second.pk}/remove/")
    assert names() == ["Summer", "Fall/Winter"]


def test_who_may_only_look_sees_them(mia: User, mia_in: Client, summer: Season) -> None:
    page = mia_in.get("/settings/seasons/").content.decode()
    assert "Spring/Summer" in page
    assert "Add a season" not in page
    assert mia_in.post("/settings/seasons/", {"name": "x"}).status_code == 403

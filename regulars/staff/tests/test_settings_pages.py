"""The pages under Settings, as people use them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.staff.functions import Level, functions
from regulars.staff.models import Role, Store, Team, User

pytestmark = pytest.mark.django_db

PAGES = {
    # url name: ana, ben, mia, omar, ada
    "staff:settings": (200, 200, 200, 200, 200),
    "staff:profile": (200, 200, 200, 200, 200),
    "staff:security": (200, 200, 200, 200, 200),
    "wire:tokens": (200, 200, 200, 200, 200),
    "staff:people": (403, 403, 200, 403, 200),
    "staff:new_person": (403, 403, 403, 403, 200),
    "staff:stores": (403, 403, 200, 403, 200),
    "staff:rights": (403, 403, 200, 403, 200),
    "account_change_password": (302, 302, 302, 302, 302),  # to set one: the cast has none
    "account_set_password": (200, 200, 200, 200, 200),
    "mfa_index": (200, 200, 200, 200, 200),
    "mfa_list_webauthn": (200, 200, 200, 200, 200),
    "usersessions_list": (200, 200, 200, 200, 200),
    "account_logout": (200, 200, 200, 200, 200),
}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_for_exactly_these_roles(
    name: str,
    ana: User,
    ben: User,
    mia: User,
    omar: User,
    ada: User,
    signed_in: Callable[[User], Client],
) -> None:
    answers = [signed_in(who).get(reverse(name)).status_code for who in (ana, ben, mia, omar, ada)]
    assert tuple(answers) == PAGES[name]
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", [n for n in PAGES if n.startswith("staff:")])
def test_no_page_needs_more_than_eight_statements(
    name: str, ada_in: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        ada_in.get(reverse(name))


def test_who_is_asking_and_what_they_may_cost_two_statements(
    ada_in: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        assert ada_in.post("/settings/people/").status_code == 405


def test_a_refusal_is_a_sentence(ana_in: Client) -> None:
    answer = ana_in.get("/settings/people/")
    assert answer.status_code == 403
    assert "Your role may not see this (People)" in answer.content.decode()


def test_the_menu_shows_only_what_one_may_open(ana_in: Client, ada_in: Client) -> None:
    assert "Roles and rights" not in ana_in.get("/settings/").content.decode()
    assert "Roles and rights" in ada_in.get("/settings/").content.decode()


def test_a_profile_is_saved_and_its_zone_is_shown_times(ana_in: Client, ana: User) -> None:
    answer = ana_in.post("/settings/profile/", {"name": "Ana F.", "time_zone": "Asia/Kathmandu"})
    assert answer.status_code == 302
    ana.refresh_from_db()
    assert (ana.name, ana.time_zone, ana.single_keys) == ("Ana F.", "Asia/Kathmandu", False)


def test_a_wrong_profile_keeps_what_was_typed_and_names_the_field(ana_in: Client) -> None:
    answer = ana_in.post("/settings/profile/", {"name": " ", "time_zone": "Mars/Olympus"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_name-error"' in text
    assert 'id="id_time_zone-error"' in text


def test_an_administrator_adds_a_person_and_hands_over_a_link(
    ada_in: Client, north_sales: Team
) -> None:
    role = Role.objects.get(key="salesperson")
    typed = {"name": "Zoe Ortiz", "email": "zoe@demo.example", "role": role.pk}
    answer = ada_in.post("/settings/people/new/", {**typed, "team": north_sales.pk})
    zoe = User.objects.get(email="zoe@demo.example")
    assert answer["Location"] == f"/settings/people/{zoe.pk}/"
    assert zoe.store == north_sales.store

    answer = ada_in.post(f"/settings/people/{zoe.pk}/password-link/")
    link = answer.content.decode().split('class="secret" tabindex="0">')[1].split("<")[0]
    path = "/" + link.split("/", 3)[3]
    visitor = Client()
    form = visitor.get(path, follow=True)
    words = {"password1": "a fine long password", "password2": "a fine long password"}
    answer = visitor.post(form.redirect_chain[-1][0], words)
    assert answer.status_code == 302
    typed = {"login": "zoe@demo.example", "password": "a fine long password"}
    assert visitor.post("/accounts/login/", typed)["Location"] == "/"
    assert "does not work" in Client().get(path, follow=True).content.decode()


def test_a_taken_email_is_said_beside_the_field(ada_in: Client, ana: User) -> None:
    typed = {"name": "Ana Two", "email": "ANA@demo.example", "role": ana.role_id}
    answer = ada_in.post("/settings/people/new/", typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "A colleague already has this email." in text
    assert "Ana Two" in text


def test_a_person_is_changed_disabled_and_enabled(ada_in: Client, ana: User) -> None:
    role = Role.objects.get(key="marketing")
    url = f"/settings/people/{ana.pk}/"
    ada_in.post(url, {"name": "Ana G.", "email": "ana@demo.example", "role": role.pk})
    ana.refresh_from_db()
    assert (ana.name, ana.role, ana.team) == ("Ana G.", role, None)
    ada_in.post(f"{url}active/", {"active": "no"})
    assert not User.objects.get(pk=ana.pk).is_active
    assert "Disabled" in ada_in.get("/settings/people/").content.decode()
    ada_in.post(f"{url}active/", {"active": "yes"})
    assert User.objects.get(pk=ana.pk).is_active


def test_a_manager_looks_at_people_but_changes_nobody(mia_in: Client, ana: User) -> None:
    assert mia_in.get(f"/settings/people/{ana.pk}/").status_code == 200
    for url in ("", "active/", "password-link/"):
        assert mia_in.post(f"/settings/people/{ana.pk}/{url}").status_code == 403


def test_a_manager_with_the_right_still_cannot_take_over_an_administrator(
    mia_in: Client, mia: User, ada: User
) -> None:
    role = Role.objects.get(key="manager")
    role.rights["staff"] = int(Level.EDIT)
    role.save()
    answer = mia_in.post(f"/settings/people/{ada.pk}/password-link/", follow=True)
    assert "/accounts/password/reset/key/" not in answer.content.decode()
    form = mia_in.get(f"/settings/people/{mia.pk}/").content.decode()
    assert ">Administrator</option>" not in form


def test_stores_and_teams_are_added_and_renamed(ada_in: Client, north: Store) -> None:
    typed = {"store-name": "West", "store-time_zone": "America/Denver", "store-country": "usa"}
    assert ada_in.post("/settings/stores/new/", typed).status_code == 302
    west = Store.objects.get(name="West")
    assert west.country == "US"
    assert ada_in.post("/settings/stores/new/", typed).status_code == 422
    answer = ada_in.post("/settings/teams/new/", {"team-name": "Sales", "team-store": west.pk})
    assert answer.status_code == 302
    team = Team.objects.get(store=west)
    ada_in.post(f"/settings/teams/{team.pk}/", {"name": "Fleet"})
    ada_in.post(
        f"/settings/stores/{west.pk}/",
        {"name": "West End", "time_zone": "America/Denver", "country": "United States"},
    )
    page = ada_in.get("/settings/stores/").content.decode()
    assert "West End" in page
    assert "Fleet" in page


def matrix() -> dict[str, str]:
    """What the rights page sends when nothing was changed."""
    sent = {}
    for role in Role.objects.all():
        sent[f"sees.{role.key}"] = role.sees
        for function in functions:
            sent[f"{role.key}.{function.key}"] = str(int(role.level(function.key)))
    return sent


def test_the_matrix_is_saved_cell_by_cell(ada_in: Client) -> None:
    sent = matrix() | {"marketing.exports": "2", "sees.marketing": "store"}
    assert ada_in.post("/settings/rights/", sent).status_code == 302
    marketing = Role.objects.get(key="marketing")
    assert marketing.level("exports") == Level.EDIT
    assert marketing.sees == "store"


def test_a_role_is_limited_by_criteria_in_words(ada_in: Client) -> None:
    sent = matrix() | {"within.marketing": "type is Lead"}
    assert ada_in.post("/settings/rights/", sent).status_code == 302
    assert Role.objects.get(key="marketing").within == "type:lead"
    assert ada_in.post("/settings/rights/", matrix()).status_code == 302
    assert Role.objects.get(key="marketing").within == "type:lead"
    answer = ada_in.post("/settings/rights/", sent | {"within.manager": "tpye:lead"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Unknown field" in text
    assert 'value="tpye:lead"' in text
    ada_in.post("/settings/rights/", sent | {"within.marketing": " "})
    assert Role.objects.get(key="marketing").within == ""


def test_the_matrix_refuses_to_lock_everybody_out_and_keeps_what_was_chosen(
    ada_in: Client,
) -> None:
    answer = ada_in.post("/settings/rights/", matrix() | {"administrator.staff": "0"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody would be left" in text
    assert 'name="administrator.staff" value="0" checked' in text


def test_half_a_matrix_changes_nothing(ada_in: Client) -> None:
    assert ada_in.post("/settings/rights/", {"marketing.exports": "2"}).status_code == 422
    assert Role.objects.get(key="marketing").level("exports") == Level.VIEW


def test_a_manager_sees_the_matrix_but_cannot_save_it(mia_in: Client) -> None:
    assert 'type="radio"' not in mia_in.get("/settings/rights/").content.decode()
    assert mia_in.post("/settings/rights/", matrix()).status_code == 403

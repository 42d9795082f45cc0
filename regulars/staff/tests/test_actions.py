"""The verbs about people, teams, stores and rights."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from regulars.lib.errors import Invalid
from regulars.staff import actions, queries
from regulars.staff.functions import Level
from regulars.staff.models import Role, Sees, Store, Team, User
from regulars.staff.sign_in import throttle

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def role(key: str) -> Role:
    return Role.objects.get(key=key)


def test_a_new_colleague_belongs_to_the_store_of_their_team(ada: User, north_sales: Team) -> None:
    zoe = actions.add_person(
        "  Zoë   Ortiz ", role=role("salesperson"), email=" Zoe@Demo.Example ", team=north_sales,
        by=ada,
    )  # fmt: skip
    assert (zoe.name, zoe.email, zoe.store) == ("Zoë Ortiz", "zoe@demo.example", north_sales.store)
    assert not zoe.has_usable_password()


def test_two_colleagues_without_an_email_are_two_people(ada: User) -> None:
    actions.add_person("One", role=role("salesperson"), by=ada)
    actions.add_person("Two", role=role("salesperson"), by=ada, email="")
    assert User.objects.filter(email=None).count() == 2


def test_an_email_is_taken_once_however_it_is_written(ada: User, ana: User) -> None:
    with pytest.raises(Invalid) as no:
        actions.add_person("Other Ana", role=role("manager"), email="ANA@demo.example", by=ada)
    assert no.value.errors == {"email": "A colleague already has this email."}
    with pytest.raises(Invalid):
        actions.change(ada, by=ada, email="Ana@Demo.example")


def test_moving_to_a_team_moves_to_its_store(ada: User, ana: User, south_sales: Team) -> None:
    actions.put_in_team(ana, team=south_sales, by=ada)
    ana.refresh_from_db()
    assert (ana.team, ana.store) == (south_sales, south_sales.store)
    actions.put_in_team(ana, team=None, by=ada)
    ana.refresh_from_db()
    assert (ana.team, ana.store) == (None, south_sales.store)


def test_disabling_ends_every_session_at_once(ada: User, ana: User, client: Client) -> None:
    ana.set_password("correct horse battery")
    ana.save()
    client.post(
        "/accounts/login/", {"login": "ana@demo.example", "password": "correct horse battery"}
    )
    assert client.get("/settings/").status_code == 200
    actions.disable(ana, by=ada)
    assert client.get("/settings/").status_code == 302
    assert not Session.objects.exists()


def test_a_session_of_a_disabled_colleague_is_worth_nothing_even_when_it_was_not_ended(
    ana: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert browser.get("/settings/").status_code == 302


def test_an_enabled_colleague_can_come_back(ada: User, ana: User) -> None:
    actions.enable(actions.disable(ana, by=ada), by=ada)
    assert User.objects.get(pk=ana.pk).is_active


def test_nobody_disables_themselves(ada: User) -> None:
    with pytest.raises(actions.Refused, match="yourself"):
        actions.disable(ada, by=ada)


def test_the_last_who_manages_people_stays(ada: User, mia: User) -> None:
    with pytest.raises(actions.Refused, match="Nobody would be left"):
        actions.disable(ada, by=None)
    with pytest.raises(actions.Refused, match="Nobody would be left"):
        actions.change(ada, by=ada, role=role("manager"))
    with pytest.raises(actions.Refused, match="Nobody would be left"):
        actions.change(ada, by=ada, email="")
    with pytest.raises(actions.Refused, match="Nobody would be left"):
        actions.set_right(ada.role, function="staff", level=Level.VIEW, by=ada)
    actions.set_right(mia.role, function="staff", level=Level.EDIT, by=ada)
    actions.disable(ada, by=None)
    assert not User.objects.get(pk=ada.pk).is_active


def test_nobody_makes_or_touches_somebody_who_may_more_than_they(
    ada: User, mia: User, ana: User
) -> None:
    actions.set_right(mia.role, function="staff", level=Level.EDIT, by=ada)
    mia.refresh_from_db()
    with pytest.raises(actions.Refused):
        actions.change(mia, by=mia, role=ada.role)
    with pytest.raises(actions.Refused):
        actions.change(ada, by=mia, email="mine@demo.example")
    with pytest.raises(actions.Refused):
        actions.disable(ada, by=mia)
    with pytest.raises(actions.Refused):
        actions.add_person("Puppet", role=ada.role, by=mia)
    actions.change(ana, by=mia, title="Sales")


def test_nobody_gives_a_role_more_than_they_have_or_takes_from_one_above(
    ada: User, mia: User
) -> None:
    actions.set_right(mia.role, function="settings", level=Level.EDIT, by=ada)
    mia.refresh_from_db()
    for raised in (mia.role, role("salesperson")):
        with pytest.raises(actions.Refused, match="more than you have"):
            actions.set_right(raised, function="staff", level=Level.EDIT, by=mia)
        with pytest.raises(actions.Refused, match="more than you have"):
            actions.set_sight(raised, sees=Sees.ALL, by=mia)
    with pytest.raises(actions.Refused, match="more than yours"):
        actions.set_right(ada.role, function="customers", level=Level.VIEW, by=mia)
    with pytest.raises(actions.Refused, match="more than yours"):
        actions.set_sight(role("marketing"), sees=Sees.TEAM, by=mia)
    actions.set_right(role("salesperson"), function="imports", level=Level.EDIT, by=mia)
    actions.set_sight(role("salesperson"), sees=Sees.STORE, by=mia)
    assert actions.set_rights([(mia.role, "staff", Level.VIEW)], by=mia) == 0


def test_a_right_holds_from_the_next_request(ada: User, ana_in: Client) -> None:
    assert ana_in.get("/settings/people/").status_code == 403
    actions.set_right(role("salesperson"), function="staff", level=Level.VIEW, by=ada)
    assert ana_in.get("/settings/people/").status_code == 200


def test_a_changed_right_is_noted_with_before_and_after(
    ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        actions.set_right(role("marketing"), function="exports", level=Level.EDIT, by=ada)
    line = f"right set role=marketing function=exports before=VIEW after=EDIT by={ada.pk}"
    assert line in caplog.text


def test_two_people_may_change_different_cells_of_one_role(ada: User) -> None:
    first, second = role("marketing"), role("marketing")
    actions.set_right(first, function="exports", level=Level.EDIT, by=ada)
    actions.set_right(second, function="merge", level=Level.VIEW, by=ada)
    kept = role("marketing")
    assert (kept.level("exports"), kept.level("merge")) == (Level.EDIT, Level.VIEW)


def test_a_right_for_a_function_that_does_not_exist_is_refused(ada: User) -> None:
    with pytest.raises(Invalid):
        actions.set_right(ada.role, function="flying", level=Level.EDIT, by=ada)


def test_the_matrix_counts_only_what_it_changed(ada: User) -> None:
    marketing = role("marketing")
    levels = [(marketing, "exports", Level.VIEW), (marketing, "merge", Level.VIEW)]
    assert actions.set_rights(levels, sights=[(marketing, Sees.STORE)], by=ada) == 2
    assert role("marketing").sees == Sees.STORE


def test_stores_and_teams_have_names_of_their_own(ada: User, north: Store) -> None:
    with pytest.raises(Invalid):
        actions.add_store("Marlow  North", time_zone="UTC", by=ada)
    west = actions.add_store("West", time_zone="America/Denver", by=ada)
    actions.add_team("Sales", store=north, by=ada)
    team = actions.add_team("Sales", store=west, by=ada)
    with pytest.raises(Invalid):
        actions.add_team("Sales", store=west, by=ada)
    actions.change_team(team, name="Fleet", by=ada)
    actions.change_store(west, name="West End", time_zone="America/Denver", country="US", by=ada)
    with pytest.raises(Invalid):
        actions.change_store(west, name="Marlow North", time_zone="UTC", country="US", by=ada)
    assert Team.objects.get(pk=team.pk).name == "Fleet"


def test_being_seen_is_written_at_most_once_in_thirty_seconds(ana: User) -> None:
    assert actions.seen(ana, now=NOW)
    assert not actions.seen(ana, now=NOW + timedelta(seconds=29))
    assert actions.seen(ana, now=NOW + timedelta(seconds=31))


@pytest.mark.django_db(transaction=True)
def test_a_hundred_tries_at_once_are_counted_one_by_one() -> None:
    def knock(n: int) -> bool:
        try:
            keys = {"account:x": throttle.ACCOUNT, f"address:10.0.0.{n}": throttle.ADDRESS}
            return not actions.try_password(keys, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as crowd:
        heard = sum(crowd.map(knock, range(100)))
    assert heard == throttle.ACCOUNT.free


@pytest.mark.django_db(transaction=True)
def test_two_last_administrators_cannot_disable_each_other_at_once() -> None:
    ada, eve = (
        User.objects.create_user(f"{n}@demo.example", None, name=n, role=role("administrator"))
        for n in ("ada", "eve")
    )

    def disable(pair: tuple[User, User]) -> bool:
        try:
            actions.disable(pair[0], by=pair[1])
        except actions.Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as both:
        assert sum(both.map(disable, [(ada, eve), (eve, ada)])) == 1
    assert User.objects.filter(is_active=True).count() == 1


def test_online_means_seen_within_two_minutes(ana: User, cleo: User, dora: User) -> None:
    for person, minutes in ((ana, 1.9), (cleo, 2.1), (dora, 1)):
        User.objects.filter(pk=person.pk).update(last_seen_at=NOW - timedelta(minutes=minutes))
        person.refresh_from_db()
    assert (ana.is_online(NOW), cleo.is_online(NOW)) == (True, False)
    assert list(queries.online(NOW)) == [ana]


def test_colleagues_are_the_stores_for_who_sees_a_store(
    ana: User, ben: User, mia: User, ada: User, dora: User
) -> None:
    assert set(queries.colleagues(ana)) == {ana, mia, ada}
    assert set(queries.colleagues(ada)) == {ana, ben, mia, ada}

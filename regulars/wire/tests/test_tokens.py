"""Tokens: in clear once, a hash at rest, over when revoked, expired or disabled."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from regulars.staff import actions
from regulars.staff.functions import Level
from regulars.staff.models import Role, User
from regulars.wire import tokens
from regulars.wire.models import ApiToken

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_a_secret_is_found_and_kept_nowhere(ana: User) -> None:
    token, secret = tokens.issue(ana, name="Website", by=ana, now=NOW)
    assert secret.startswith("rg_")
    assert len(secret) >= 43
    found = tokens.find(secret, now=NOW)
    assert found
    assert found.user == ana
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM wire_apitoken t WHERE id = %s", [token.pk])
        assert secret[12:] not in cursor.fetchone()[0]


def test_two_secrets_are_never_the_same(ana: User) -> None:
    assert len({tokens.issue(ana, name="x", by=ana)[1] for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "wrong", ["", "rg_", "rg_nothing", "Bearer", "rg_" + "x" * 5000, "rg_\x00é"]
)
def test_anything_else_opens_nothing(ana: User, wrong: str) -> None:
    tokens.issue(ana, name="Website", by=ana)
    assert tokens.find(wrong, now=NOW) is None


def test_a_revoked_token_opens_nothing_and_stays_revoked(ana: User, ada: User) -> None:
    token, secret = tokens.issue(ana, name="Website", by=ana, now=NOW)
    tokens.revoke(token, by=ada, now=NOW)
    tokens.revoke(token, by=ada, now=NOW + timedelta(days=1))
    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert tokens.find(secret, now=NOW) is None


def test_a_token_works_until_it_expires(ana: User) -> None:
    _, secret = tokens.issue(ana, name="x", by=ana, now=NOW, expires_at=NOW + timedelta(days=1))
    assert tokens.find(secret, now=NOW + timedelta(hours=23))
    assert tokens.find(secret, now=NOW + timedelta(days=1)) is None


def test_the_tokens_of_a_disabled_colleague_end_and_do_not_come_back(ana: User, ada: User) -> None:
    _, secret = tokens.issue(ana, name="x", by=ana, now=NOW)
    actions.disable(ana, by=ada)
    assert tokens.find(secret, now=NOW) is None
    actions.enable(ana, by=ada)
    assert tokens.find(secret, now=NOW) is None


def test_a_disabled_user_is_nobody_even_when_a_token_was_left(ana: User) -> None:
    _, secret = tokens.issue(ana, name="x", by=ana, now=NOW)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert tokens.find(secret, now=NOW) is None


def test_the_last_use_is_written_at_most_once_a_minute(
    ana: User, django_assert_num_queries: Any
) -> None:
    token, secret = tokens.issue(ana, name="x", by=ana, now=NOW)
    with django_assert_num_queries(2):
        tokens.find(secret, now=NOW)
    with django_assert_num_queries(1):
        tokens.find(secret, now=NOW + timedelta(seconds=59))
    tokens.find(secret, now=NOW + timedelta(seconds=60))
    token.refresh_from_db()
    assert token.last_used_at == NOW + timedelta(seconds=60)


def test_who_is_found_brings_role_team_and_store(ana: User, django_assert_num_queries: Any) -> None:
    _, secret = tokens.issue(ana, name="x", by=ana, now=NOW)
    found = tokens.find(secret, now=NOW)
    assert found
    with django_assert_num_queries(0):
        assert found.user.may("customers")
        assert found.user.team
        assert found.user.store


# --- Settings › API tokens -----------------------------------------------------------------------


def made(page: str) -> str:
    return page.split('class="secret" id="secret" tabindex="0">')[1].split("<")[0]


def test_a_token_is_shown_once_and_works(ana_in: Client, ana: User) -> None:
    answer = ana_in.post("/settings/tokens/", {"name": "Website", "days": ""})
    secret = made(answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    found = tokens.find(secret, now=NOW)
    assert found
    assert found.expires_at is None
    again = ana_in.get("/settings/tokens/").content.decode()
    assert secret not in again
    assert secret[: tokens.SHOWN] in again


def test_a_token_without_a_name_is_asked_for_one(ana_in: Client) -> None:
    answer = ana_in.post("/settings/tokens/", {"name": " ", "days": "90"})
    assert answer.status_code == 422
    assert "Give it a name" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_by_its_owner_and_nobody_else(
    ana_in: Client, mia_in: Client, ana: User
) -> None:
    token, secret = tokens.issue(ana, name="Website", by=ana)
    url = f"/settings/tokens/{token.pk}/revocation/"
    assert mia_in.post(url).status_code == 404
    assert ana_in.get(url).status_code == 405
    assert ana_in.post(url).status_code == 302
    assert tokens.find(secret, now=NOW) is None
    assert "Starts with" not in ana_in.get("/settings/tokens/").content.decode()


def test_who_may_only_look_makes_none(ana_in: Client, ana: User) -> None:
    actions.set_right(
        Role.objects.get(key="salesperson"), function="tokens", level=Level.VIEW, by=None
    )
    assert "Make a token" not in ana_in.get("/settings/tokens/").content.decode()
    assert ana_in.post("/settings/tokens/", {"name": "x"}).status_code == 403


# --- regulars token ------------------------------------------------------------------------------


def test_the_command_prints_nothing_but_the_token(ana: User) -> None:
    out = io.StringIO()
    call_command("token", " Ana@demo.example", name="Cron", stdout=out)
    found = tokens.find(out.getvalue().strip(), now=NOW)
    assert found
    assert (found.user, found.name) == (ana, "Cron")


@pytest.mark.parametrize("email", ["nobody@demo.example", "dora@demo.example"])
def test_the_command_says_that_nobody_active_has_the_email(dora: User, email: str) -> None:
    with pytest.raises(CommandError, match="No active colleague"):
        call_command("token", email)

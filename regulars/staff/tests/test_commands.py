"""`regulars adduser`: the first administrator of a fresh installation."""

import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from regulars.staff.models import User

pytestmark = pytest.mark.django_db


def adduser(*args: Any) -> str:
    out = io.StringIO()
    call_command("adduser", *args, stdout=out)
    return out.getvalue()


def test_it_prints_a_link_with_which_the_password_is_set() -> None:
    said = adduser("Boss.Lady@Firm.Example")
    boss = User.objects.get(email="boss.lady@firm.example")
    assert (boss.name, boss.role.key) == ("Boss Lady", "administrator")
    link = re.search(r"https?://[^/]+(/\S+)", said)
    assert link
    form = Client().get(link[1], follow=True).redirect_chain[-1][0]
    assert form.endswith("-set-password/")


def test_a_password_comes_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a fine long password\n"))
    said = adduser("boss@firm.example", "--name", "The Boss", "--password-stdin")
    assert User.objects.get(name="The Boss").check_password("a fine long password")
    assert "http" not in said


@pytest.mark.parametrize(
    ("args", "typed", "sentence"),
    [
        (["boss@firm.example", "--role", "king"], "", "There is no role “king”"),
        (["not an email"], "", "valid email"),
        (["boss@firm.example", "--password-stdin"], "short\n", "too short"),
        (["ana@demo.example"], "", "already has this email"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(
    args: list[str], typed: str, sentence: str, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with pytest.raises(CommandError, match=sentence):
        adduser(*args)
    assert User.objects.count() == 1

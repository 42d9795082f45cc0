"""What the database broke off is done again, as long as nothing of it was kept."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from regulars.lib import retrying
from regulars.lib.retrying import TIMES, again, may_go_again


class Broken(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


def failing(kind: type[Exception], sqlstate: str, times: int) -> tuple[Any, list[int]]:
    tried: list[int] = []

    def act() -> str:
        tried.append(1)
        if len(tried) <= times:
            raise kind("broken off") from Broken(sqlstate)
        return "done"

    return act, tried


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "_wait", lambda attempt: None)


@pytest.mark.parametrize(
    ("kind", "sqlstate"),
    [
        (OperationalError, "40P01"),
        (OperationalError, "40001"),
        (IntegrityError, "23503"),
        (IntegrityError, "23505"),
    ],
)
def test_a_deadlock_and_what_went_or_came_meanwhile_are_tried_again(
    kind: type[Exception], sqlstate: str
) -> None:
    act, tried = failing(kind, sqlstate, 2)
    assert again(act) == "done"
    assert len(tried) == 3


def test_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    act, tried = failing(OperationalError, "40P01", 99)
    with pytest.raises(OperationalError):
        again(act)
    assert len(tried) == TIMES


@pytest.mark.parametrize(
    ("kind", "sqlstate"), [(OperationalError, "57014"), (IntegrityError, "23514")]
)
def test_anything_else_is_said_at_once(kind: type[Exception], sqlstate: str) -> None:
    act, tried = failing(kind, sqlstate, 1)
    with pytest.raises(kind):
        again(act)
    assert len(tried) == 1


def test_what_was_kept_is_not_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    act, tried = failing(OperationalError, "40P01", 1)

    def half() -> str:
        monkeypatch.setattr(connection, "kept", retrying.kept() + 1, raising=False)
        return str(act())

    with pytest.raises(OperationalError):
        again(half)
    assert len(tried) == 1
    error = OperationalError("broken off")
    error.__cause__ = Broken("40P01")
    assert not may_go_again(error, retrying.kept() + 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_one", [True, False])
def test_a_statement_outside_a_transaction_is_kept_too(in_one: bool) -> None:
    tried: list[int] = []

    def act() -> str:
        tried.append(1)
        with transaction.atomic() if in_one else nullcontext(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.execute("UPDATE staff_user SET name = name WHERE false")
            if len(tried) == 1:
                raise OperationalError("broken off") from Broken("40P01")
        return "done"

    if in_one:
        assert again(act) == "done"
    else:
        with pytest.raises(OperationalError):
            again(act)
    assert len(tried) == (2 if in_one else 1)

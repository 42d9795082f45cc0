"""Whom somebody else merged or wrote between being found and being written to is nobody's fault."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.test import Client

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.desk.views.customer import deeds
from regulars.desk.views.customer.page import only
from regulars.lib import retrying
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "div#timeline"}])
def test_a_customer_who_was_merged_meanwhile_is_told_and_nothing_is_written(
    ana_in: Client,
    ana: User,
    make_customer: MakeCustomer,
    monkeypatch: Any,
    headers: dict[str, str],
) -> None:
    rita, again = make_customer("Rita Moss", owner=ana), make_customer("R. Moss", owner=ana)
    find = only

    def found_too_early(user: User, public_id: UUID) -> Customer:
        found = find(user, public_id)
        actions.merge(rita, [again], by=ana)
        return found

    monkeypatch.setattr(deeds, "only", found_too_early)
    answer = ana_in.post(f"/customers/{again.public_id}/archive/", headers=headers)
    assert answer.status_code == 412
    assert "merged or erased meanwhile" in answer.text
    rita.refresh_from_db()
    assert not rita.is_archived


class Taken(Exception):
    sqlstate = "23505"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("times", "status"), [(1, 303), (99, 412)])
def test_who_wrote_the_same_at_the_same_moment_is_found_the_second_time_or_told_of(
    ana_in: Client,
    ana: User,
    make_customer: MakeCustomer,
    monkeypatch: pytest.MonkeyPatch,
    times: int,
    status: int,
) -> None:
    rita = make_customer("Rita Moss", owner=ana)
    tried: list[User] = []

    def overtaken(user: User, public_id: UUID) -> Customer:
        tried.append(user)
        if len(tried) <= times:
            raise IntegrityError("of the database") from Taken()
        return only(user, public_id)

    monkeypatch.setattr(deeds, "only", overtaken)
    monkeypatch.setattr(retrying, "_wait", lambda attempt: None)
    answer = ana_in.post(f"/customers/{rita.public_id}/archive/")
    assert answer.status_code == status
    assert ("Somebody did the same at the same moment." in answer.text) == (status == 412)
    assert "of the database" not in answer.text

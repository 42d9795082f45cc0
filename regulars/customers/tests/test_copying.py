"""Rows that go in by COPY are like those of an INSERT: ids, defaults, rules, history."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError

from regulars.customers import actions, facts
from regulars.customers.actions.record import NewCustomer
from regulars.customers.models import Customer, Email, Location, SearchTerm
from regulars.lib import copying
from regulars.staff.models import User

pytestmark = pytest.mark.django_db

WHO = {
    "last_name": "O\\Brien\tx", "email": "{n}@example.com", "phone": "(208) 555-0{n:03}",
    "locations": [{"line1": "1 Main St", "city": "Boise", "state": "ID", "postal_code": "83702"}],
    "external_ids": {"shop": "{n}"},
}  # fmt: skip


def many(count: int) -> list[NewCustomer]:
    def filled(value: Any, n: int) -> Any:
        if isinstance(value, dict):
            return {key: filled(one, n) for key, one in value.items()}
        return value.format(n=n) if isinstance(value, str) else value

    said = [filled(WHO, n) | {"first_name": f"N{n}"} for n in range(count)]
    return [NewCustomer(facts.clean(one)) for one in said]


def rows(model: Any, customer: Customer, but: tuple[str, ...]) -> list[dict[str, Any]]:
    found = model.objects.filter(customer=customer).values()
    return [{k: v for k, v in row.items() if k not in but} for row in found]


def test_many_at_once_are_written_as_one_by_one(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    history: Any = apps.get_model("customers", "CustomerHistory")
    copied = actions.add_many(many(copying.MANY), by=ada)
    for customer in copied:
        customer.refresh_from_db()
        (kept,) = history.objects.filter(pgh_obj_id=customer.pk)
        assert kept.pgh_context["user"] == ada.pk
    known = sorted(SearchTerm.objects.values_list("term", flat=True))
    emails = [rows(Email, one, ("id", "contact_id", "customer_id")) for one in copied]
    places = [rows(Location, one, ("id", "customer_id", "checked_at")) for one in copied]
    assert copied[3].last_name == "O\\Brien x"
    assert places[0][0]["county"] == "Ada County"
    Customer.objects.all().delete()
    monkeypatch.setattr(copying, "MANY", 1_000)
    inserted = actions.add_many(many(20), by=ada)
    assert [rows(Email, one, ("id", "contact_id", "customer_id")) for one in inserted] == emails
    assert [rows(Location, c, ("id", "customer_id", "checked_at")) for c in inserted] == places
    assert sorted(SearchTerm.objects.values_list("term", flat=True)) == known


def test_what_the_database_refuses_is_the_error_it_always_was(ada: User) -> None:
    first, *others = actions.add_many(many(copying.MANY), by=ada)
    twice = [Customer(pk=first.pk, name="Twice", created_by=ada) for _ in others]
    with pytest.raises(IntegrityError):
        copying.add_rows(Customer, [*twice, Customer(name="One more", created_by=ada)])
    assert Customer.objects.count() == copying.MANY

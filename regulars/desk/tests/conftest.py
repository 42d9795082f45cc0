"""Two who are one person, for the pages of merging."""

from __future__ import annotations

import pytest

from regulars.customers.models import Customer
from regulars.staff.models import User
from tests.cast import MakeCustomer


@pytest.fixture
def pair(make_customer: MakeCustomer, ana: User, cleo: User) -> tuple[Customer, Customer]:
    return (
        make_customer("Rita Moss", owner=ana, company="Moss LLC", email="rita@example.com"),
        make_customer("Margarita Moss", owner=cleo, company="Moss & Co", phone="+1 734 555 0199"),
    )

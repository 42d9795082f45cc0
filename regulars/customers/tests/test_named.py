"""Asking for names in the order people say them."""

import pytest

from regulars.criteria import sql, text
from regulars.criteria.fields import Asking
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff.models import User
from tests.cast import MakeCustomer


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("name:ana", {"Ana Maria López", "Ben Anand"}),
        ("name:maria", {"Ana Maria López"}),
        ('name:"ana lop"', {"Ana Maria López"}),
        ("name:lopez", {"Ana Maria López"}),
        ('name = "Ana Maria Lopez"', {"Ana Maria López"}),
        ('name = "López Ana Maria"', {"Ana Maria López"}),
        ('name = "Ana Lopez"', set()),
        ('name contains "maria l"', {"Ana Maria López"}),
        ("name contains nan", {"Ben Anand"}),
        ('name:"%"', set()),
        ("name:empty", set()),
    ],
)
def test_a_name_is_found_as_it_is_said(
    said: str, found: set[str], make_customer: MakeCustomer, ada: User
) -> None:
    for name in ("Ana Maria López", "Ben Anand"):
        make_customer(name)
    asking = Asking(ada, clock.now(), clock.now().tzinfo)  # type: ignore[arg-type]
    where = sql.q(text.read(said, asking), asking)
    assert set(Customer.objects.filter(where).values_list("name", flat=True)) == found

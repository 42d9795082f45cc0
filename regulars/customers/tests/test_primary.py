"""Exactly one primary contact and one primary place, whoever writes: the database says so."""

import pytest
from django.db import IntegrityError, connection, transaction

from regulars.customers.models import Contact, Customer, Location
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = pytest.mark.parametrize("model", [Contact, Location], ids=["contacts", "locations"])


@pytest.fixture
def northwind(make_customer: MakeCustomer) -> Customer:
    return make_customer(
        "",
        company="Northwind",
        contacts=[{"first_name": "Amy"}, {"first_name": "Bo"}, {"first_name": "Cy"}],
        locations=[{"line1": "1 A St"}, {"line1": "2 B St"}, {"line1": "3 C St"}],
    )


def primaries(model: type[Contact] | type[Location], customer: Customer) -> int:
    return model.objects.filter(customer=customer, is_primary=True).count()


@TABLES
def test_none_is_refused_at_commit(
    model: type[Contact] | type[Location], northwind: Customer
) -> None:
    with pytest.raises(IntegrityError, match="exactly one primary"), transaction.atomic():
        model.objects.filter(customer=northwind).update(is_primary=False)
    assert primaries(model, northwind) == 1


@TABLES
def test_two_are_refused(model: type[Contact] | type[Location], northwind: Customer) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(customer=northwind).update(is_primary=True)
    assert primaries(model, northwind) == 1


@TABLES
def test_deleting_the_primary_alone_is_refused(
    model: type[Contact] | type[Location], northwind: Customer
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(customer=northwind, is_primary=True).delete()
    assert model.objects.filter(customer=northwind).count() == 3


@TABLES
def test_a_first_one_that_is_not_primary_is_refused(
    model: type[Contact] | type[Location], make_customer: MakeCustomer
) -> None:
    empty = make_customer("", company="Empty")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(customer=empty, is_primary=False)


@TABLES
def test_moving_the_primary_to_another_customer_is_refused(
    model: type[Contact] | type[Location], northwind: Customer, make_customer: MakeCustomer
) -> None:
    other = make_customer("", company="Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(customer=northwind, is_primary=True).update(customer=other)


@TABLES
def test_only_the_commit_counts(model: type[Contact] | type[Location], northwind: Customer) -> None:
    with transaction.atomic():
        rows = model.objects.filter(customer=northwind)
        rows.update(is_primary=False)
        heir = rows.order_by("-id").first()
        assert heir is not None
        model.objects.filter(pk=heir.pk).update(is_primary=True)
    assert model.objects.get(customer=northwind, is_primary=True) == heir


@TABLES
def test_none_at_all_is_fine(model: type[Contact] | type[Location], northwind: Customer) -> None:
    model.objects.filter(customer=northwind).delete()
    assert not model.objects.filter(customer=northwind).exists()


def test_the_customer_goes_with_all_of_them(northwind: Customer) -> None:
    northwind.delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_contact")
        assert cursor.fetchone() == (0,)

"""Tests that commit leave the database as they found it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from regulars.customers.models import Customer, Group
from regulars.staff.models import Role, User

from .cast import MakeCustomer
from .restoring import Kept, keep, restore, shape

pytestmark = pytest.mark.apart


def held() -> Kept:
    kept = keep(connection.settings_dict["NAME"])
    if kept is None:
        pytest.skip("On this server every test that commits takes a new copy.")
    return kept


def now() -> object:
    kept = held()
    assert b"salesperson" in kept.rows["public.staff_role"]
    rows = {table: sorted(lines.splitlines()) for table, lines in kept.rows.items()}
    return kept.shape, kept.tables, rows, kept.counters


def ran(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_rows_counters_and_what_migrations_wrote_are_as_before(
    as_new: Callable[[], None], request: pytest.FixtureRequest
) -> None:
    before = now()
    make: MakeCustomer = request.getfixturevalue("make_customer")
    ana: User = request.getfixturevalue("ana")
    make("Rita Moss", owner=ana, email="rita@example.com", tags=["VIP"])
    Role.objects.filter(key="salesperson").update(name="Seller")
    Group.objects.create(name="Fleet")
    ran("UPDATE django_content_type SET model = model || '_'")
    assert now() != before
    as_new()
    assert now() == before
    assert not Customer.objects.exists()
    assert make("Bo Li").pk == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "shaped",
    [
        "CREATE TABLE left_over (n int)",
        "ALTER TABLE staff_role ADD COLUMN left_over int",
        "CREATE SCHEMA left_over",
        "ALTER TABLE auth_permission DISABLE TRIGGER ALL",
        "TRUNCATE procrastinate_jobs CASCADE",
        "ALTER SEQUENCE staff_role_id_seq INCREMENT BY 7",
        "CREATE FUNCTION left_over() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_another_shape_is_noticed(shaped: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        before = shape(cursor)
        cursor.execute(shaped)
        assert shape(cursor) != before
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_another_shape_takes_a_new_copy(as_new: Callable[[], None]) -> None:
    name = connection.settings_dict["NAME"]
    kept = held()
    ran("CREATE TABLE left_over (n int)")
    assert not restore(name, kept)
    as_new()
    ran("CREATE TABLE left_over (n int)")  # nothing is left that it would meet
    as_new()
    assert now()

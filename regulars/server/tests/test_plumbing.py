"""The tests' own database: migrated, private, and new again after a test that commits."""

import pytest
from django.db import connection

from regulars.staff.models import Role, Store


def rows() -> int:
    return Store.objects.count()


@pytest.mark.django_db
def test_the_database_is_migrated_and_empty():
    assert rows() == 0
    assert Role.objects.exists()
    assert connection.settings_dict["NAME"].startswith("regulars_test_run_")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_committing_test_wrote_is_gone_and_what_migrations_wrote_is_not(turn: int):
    assert rows() == 0
    assert Role.objects.exists()
    Store.objects.create(name="Kept by nobody", time_zone="UTC")
    assert rows() == 1

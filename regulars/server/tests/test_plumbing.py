"""The tests' own database: migrated, private, and new again after a test that commits."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from regulars.staff.models import Role, Store

if TYPE_CHECKING:
    from django.conf import LazySettings


def rows() -> int:
    return Store.objects.count()


@pytest.mark.django_db
def test_the_database_is_migrated_and_empty():
    assert rows() == 0
    assert Role.objects.exists()
    assert connection.settings_dict["NAME"].startswith("regulars_test_run_")


@pytest.mark.django_db
def test_another_folder_for_files_starts_no_second_server(
    settings: "LazySettings", tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    other = connection.copy()
    other.connect()
    other.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_committing_test_wrote_is_gone_and_what_migrations_wrote_is_not(turn: int):
    assert rows() == 0
    assert Role.objects.exists()
    Store.objects.create(name="Kept by nobody", time_zone="UTC")
    assert rows() == 1

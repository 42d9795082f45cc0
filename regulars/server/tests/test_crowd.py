"""The made-up customers are what our own actions would have left of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from regulars.customers import actions as customers
from regulars.customers import queries
from regulars.customers.models import Customer, SearchTerm, Tagging
from regulars.customers.order import ORDERS
from regulars.server import crowd
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event
from tests.databases import server, template

SCALE = 500


@pytest.mark.django_db
def test_they_are_as_if_somebody_had_written_them() -> None:
    crowd.fill(SCALE)
    ids = list(Customer.objects.get_queryset().values_list("pk", flat=True))
    assert len(ids) == SCALE
    assert Event.objects.count() == 5 * SCALE
    assert timeline.rebuild_standing() == 0
    terms = set(SearchTerm.objects.values_list("customer", "term"))
    customers.reindex(ids)
    assert set(SearchTerm.objects.values_list("customer", "term")) == terms
    boss = User.objects.get(email="administrator@bench.example")
    for sort in ORDERS:
        assert queries.page(boss, sort=sort).items


@pytest.mark.django_db
def test_what_happens_to_them_afterwards_is_kept_as_ever() -> None:
    crowd.fill(10)
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
    boss = User.objects.get(email="administrator@bench.example")
    one = Customer.objects.get_queryset().order_by("pk")[0]
    timeline.record(one, "note.added", by=boss)
    one.refresh_from_db()
    assert {t.last_activity_at for t in Tagging.objects.filter(customer=one)} <= {
        one.last_activity_at
    }


@pytest.fixture
def back_again() -> Iterator[None]:
    """The command connects to the database it made."""
    mine = connection.settings_dict["NAME"]
    yield
    crowd._use(mine)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_somebody_else_made_is_never_touched(back_again: None) -> None:
    with _database("bench_7"):
        for how in ("--drop", "--fresh"):
            with pytest.raises(CommandError, match="stays as it is"):
                call_command("bench-data", "7", how)


@pytest.mark.django_db(transaction=True)
def test_the_command_fills_a_database_once_and_takes_it_away_again(
    back_again: None, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = connection.settings_dict["NAME"]
    # As the command leaves one when it is ended before anybody is written.
    with _database("bench_8") as run:
        run(f"COMMENT ON DATABASE bench_8 IS '{crowd.MARK}'")
        call_command("bench-data", "8")
        assert "8 customers written" in capsys.readouterr().err
        call_command("bench-data", "8")
        said = capsys.readouterr()
        assert ("bench_8 is ready" in said.out, said.err) == (True, "")
        crowd._use(mine)
        call_command("bench-data", "8", "--drop")
        assert run("SELECT 1 FROM pg_database WHERE datname = 'bench_8'") == []


@pytest.mark.parametrize("scale", ["0", "many", "10000001"])
def test_a_number_of_customers_is_asked_for(scale: str) -> None:
    with pytest.raises(CommandError, match="from 1 to 10,000,000"):
        call_command("bench-data", scale)


@contextmanager
def _database(name: str) -> Iterator[Callable[[str], list[Any]]]:
    """Empty, as the migrations leave it."""
    with server(connection.settings_dict["NAME"]) as run:
        run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        run(f'CREATE DATABASE {name} TEMPLATE "{template()}"')
        try:
            yield run
        finally:
            run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

"""The made-up customers are what our own actions would have left of them."""

import pytest
from django.db import connection

from regulars.customers import actions as customers
from regulars.customers import queries
from regulars.customers.models import Customer, SearchTerm, Tagging
from regulars.customers.order import ORDERS
from regulars.server import crowd
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event

from .processes import a_migrated_folder, regulars

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


@pytest.mark.django_db(transaction=True)
def test_a_database_that_somebody_else_made_is_never_touched() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS bench_7")
        cursor.execute("CREATE DATABASE bench_7")
        try:
            for touch in (crowd.drop, crowd.open_database):
                with pytest.raises(crowd.NotOurs):
                    touch(7)
        finally:
            cursor.execute("DROP DATABASE bench_7")


@pytest.mark.slow
def test_the_command_makes_a_database_and_takes_it_away_again() -> None:
    with a_migrated_folder() as folder:
        made = regulars(folder, "bench-data", str(SCALE))
        assert made.returncode == 0, made.stderr
        assert "bench_500 is ready" in made.stdout
        assert regulars(folder, "bench-data", str(SCALE), "--drop").returncode == 0

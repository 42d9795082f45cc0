"""A file fills in the company's own fields."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from regulars.customers import actions as customers
from regulars.customers.models import CustomValue
from regulars.lib.errors import Invalid
from regulars.staff.models import User

from .test_running import bring, counts, known, problems

pytestmark = pytest.mark.django_db

BOATS = (
    "Id,Name,Email,Boat length,Launched,Hull\n"
    "1,Rita Moss,rita@example.com,24.5,13/5/2020,wood\n"
    "2,Sam Poe,sam@example.com,long,14/5/2020,Steel\n"
    "3,Una Vale,una@example.com,12,15/5/2020,paper\n"
    "4,Vic Wall,vic@example.com,,,\n"
)


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path, ada: User) -> None:
    settings.VAR = tmp_path
    customers.add_field(label="Boat length", kind="number", by=ada)
    customers.add_field(label="Launched", kind="date", by=ada)
    customers.add_field(label="Hull", kind="choice", choices=["Wood", "Steel"], by=ada)


def said(number: str) -> dict[str, object]:
    rows = CustomValue.objects.filter(customer=known(number)).select_related("field")
    return {row.field.key: row.text or row.number or row.day for row in rows}


def test_columns_called_like_a_field_fill_it_and_twice_changes_nothing(ada: User) -> None:
    job = bring(BOATS, by=ada)
    assert counts(job) == (2, 0, 0, 2)
    assert {key: str(value) for key, value in said("1").items()} == {
        "boat_length": "24.500000",
        "launched": "2020-05-13",
        "hull": "Wood",
    }
    assert said("4") == {}
    wrong = problems(job)
    assert wrong[2] == ("Boat length", "“long” is not a number.")
    assert wrong[3] == ("Hull", "This must be one of Wood, Steel.")
    assert counts(bring(BOATS, by=ada)) == (0, 0, 2, 2)


def test_a_later_file_corrects_and_never_erases(ada: User) -> None:
    bring(BOATS, by=ada)
    job = bring("Id,Name,Boat length,Hull\n1,Rita Moss,30,\n", by=ada)
    assert counts(job) == (0, 1, 0, 0)
    assert (str(said("1")["boat_length"]), said("1")["hull"]) == ("30.000000", "Wood")


def test_a_column_is_sent_to_a_field_by_choice_and_only_once(ada: User) -> None:
    text = "Id,Name,Feet,Metres\n1,Rita Moss,30,9\n"
    bring(text, by=ada, columns={2: "custom.boat_length"})
    assert str(said("1")["boat_length"]) == "30.000000"
    with pytest.raises(Invalid, match=r"custom\.wheels"):
        bring(text, by=ada, columns={3: "custom.wheels"})
    with pytest.raises(Invalid, match="Boat length"):
        bring(text, by=ada, columns={2: "custom.boat_length", 3: "custom.boat_length"})

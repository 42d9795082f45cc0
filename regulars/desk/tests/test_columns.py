"""Which columns, how dense, and that a cookie brings it back."""

import pytest
from django.test import Client

from regulars.customers import actions, columns
from regulars.staff.models import User


def test_a_display_is_kept_and_read_back() -> None:
    chosen = columns.display(["tags", "phone"], "compact")
    assert chosen.keys == ["phone", "tags"]  # in the order of the list, not of the ticking
    assert columns.read(columns.written(chosen)) == chosen


@pytest.mark.parametrize("kept", [None, "", "nonsense", "compact.gone.<script>", "." * 5000])
def test_a_strange_cookie_does_no_harm(kept: str | None) -> None:
    found = columns.read(kept)
    assert found.density in columns.DENSITIES
    assert set(found.keys) <= set(columns.offered())


def test_nobody_has_chosen_yet_and_the_list_is_as_drawn() -> None:
    found = columns.read(None)
    ordinary = {column.key for column in columns.ORDINARY}
    assert found.density == "comfortable"
    assert not ordinary & set(found.keys)


@pytest.mark.django_db
def test_more_columns_than_a_cookie_holds_are_left_out_and_said(ada: User, ada_in: Client) -> None:
    label = "A field with a rather long name"
    keys = [
        "custom_" + actions.add_field(label=f"{label} {n}", kind="text", by=ada).key
        for n in range(columns.MOST + 1)
    ]
    answer = ada_in.post(
        "/customers/display/", {"column": keys, "next": "/customers/"}, follow=True
    )
    assert "40 columns at most" in answer.content.decode()
    kept = ada_in.cookies[f"list-{ada.pk}"].value
    assert len(kept) < columns.MOST_KEPT
    assert kept.split(".")[1:] == keys[: columns.MOST]

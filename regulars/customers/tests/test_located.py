"""Who stands on the map, and who does not."""

from __future__ import annotations

import pytest

from regulars.customers import located
from regulars.customers.located import Box, read_box
from regulars.customers.models import Location
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from tests.cast import MakeCustomer

TROY = {"line1": "12 Elm Street", "city": "Troy", "state": "MI", "postal_code": "48084",
        "country": "US"}  # fmt: skip
MICHIGAN = Box(41, -91, 48, -82)


@pytest.mark.parametrize(
    ("said", "box"),
    [
        ("", None),
        ("41,-91,48,-82", Box(41, -91, 48, -82)),
        (" 41, -91, 48, -82.5 ", Box(41, -91, 48, -82.5)),
        ("-20,170,-10,190", Box(-20, 170, -10, -170)),
        ("-90,-400,90,400", Box(-90, -180, 90, 180)),
    ],
)
def test_a_box_is_read(said: str, box: Box | None) -> None:
    assert read_box(said) == box


@pytest.mark.parametrize(
    "said", ["1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "0,inf,1,1", "9,0,1,1"]
)
def test_what_is_no_box_is_refused_in_a_sentence(said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_box(said)
    assert refused.value.errors == {"box": "A box is written south,west,north,east in degrees"}


def _names(user: User, within: Box | None = None) -> list[str]:
    return [pin.name for pin in located.pins(user, within=within).items]


def test_only_visible_customers_with_a_known_place_stand_there(
    ana: User, ben: User, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", owner=ana, locations=[TROY])
    make_customer("Nowhere Noe", owner=ana)
    make_customer("Abroad Ade", owner=ana, locations=[{"city": "Lyon", "country": "FR"}])
    make_customer("Ben’s Own", owner=ben, locations=[TROY])
    assert _names(ana) == ["Renée Roe"]
    assert _names(ben) == ["Ben’s Own"]


def test_a_box_holds_who_lives_there_across_the_date_line_too(
    ana: User, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", owner=ana, locations=[TROY])
    fiji = make_customer("Filipe", owner=ana, locations=[{"city": "Suva", "country": "FJ"}])
    Location.objects.filter(customer=fiji).update(latitude=-17, longitude=178)
    assert _names(ana, MICHIGAN) == ["Renée Roe"]
    assert _names(ana, Box(-20, 170, -10, -170)) == ["Filipe"]
    assert _names(ana, Box(0, 0, 1, 1)) == []


def test_only_the_primary_location_counts(ana: User, make_customer: MakeCustomer) -> None:
    lyon = {"city": "Lyon", "country": "FR", "primary": True}
    make_customer("Moved Away", owner=ana, locations=[{**TROY, "primary": False}, lyon])
    assert _names(ana) == []


def test_more_than_a_map_shows_is_said(
    ana: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        make_customer(f"Number {n}", owner=ana, locations=[TROY])
    monkeypatch.setattr("regulars.customers.queries.MOST", 2)
    found = located.pins(ana)
    assert (len(found.items), found.more) == (5, False)
    monkeypatch.setattr("regulars.customers.queries.MOST", 1)
    found = located.pins(ana)
    assert (len(found.items), found.more) == (3, True)
